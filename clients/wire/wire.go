// Package wire is what all clients share: how Farol reaches a host (proxy, deadlines), whom it trusts,
// and what it may receive (sizes, redirects). TLS is always verified.
package wire

import (
	"context"
	"net/url"
	"time"
)

// UserAgent is what every request says. Consoles count their limits per address and user agent, and log it.
const UserAgent = "farol"

// Network is how Farol reaches the outside. The zero value goes direct, or by the environment's proxy.
type Network struct {
	Proxy *url.URL         // CONNECT proxy for HTTP and gRPC; nil: HTTPS_PROXY and NO_PROXY of the environment
	Tap   func(Call) error // called right before each request leaves; an error keeps it from leaving. nil: nothing
	Done  func(Call)       // called after each request. nil: nothing
}

// Call is one request to the outside: facts for the log, never a body or a header.
type Call struct {
	Ctx    context.Context
	Method string // HTTP method, or the full gRPC method
	Host   string
	Path   string        // without the query; empty for gRPC
	Status string        // with Done: HTTP status or gRPC code
	Took   time.Duration // with Done
}

// Trust says whose certificates are accepted for one host.
type Trust struct {
	RootsPEM []byte // nil: the system's roots
}
