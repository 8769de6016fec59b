package sandbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// probeLimit bounds one look at a process of this machine.
const probeLimit = time.Second

// serves tells whether a node answers 200 at an https path of its own. It asks past the relay, but verifies the
// name that the world knows. A bare TCP connect would be quicker and wrong, and the nodes log it as an error.
func serves(addr, name, path string, roots []byte) func(context.Context) bool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(roots)
	client := &http.Client{Timeout: probeLimit, Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{RootCAs: pool, ServerName: name, MinVersion: tls.VersionTLS12},
	}}
	return func(ctx context.Context) bool {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+addr+path, nil)
		if err != nil {
			return false
		}
		resp, err := client.Do(req)
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}
}

// listens tells whether somebody accepts connections: for contracts, which have no health check.
func listens(addr string) func(context.Context) bool {
	return func(ctx context.Context) bool {
		d := net.Dialer{Timeout: probeLimit}
		c, err := d.DialContext(ctx, "tcp", addr)
		if err != nil {
			return false
		}
		return c.Close() == nil
	}
}
