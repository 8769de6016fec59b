package sandbox

import (
	"context"
	"math"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"farol/clients/sandbox/process"
	"farol/clients/sandbox/relay"
	"farol/state/secret"
)

// The ports that nodes have in the world. Where they really listen, only the relay knows.
const (
	peerPort       = 7051
	ordererPort    = 7050
	ordererAdmin   = 7053
	caPort         = 7054
	operationsPort = 9443
	webPort        = 7443 // grpc-web of peers and orderers: named in their papers, served by nobody here
	consolePort    = 443
)

// domain ends every name. It resolves nowhere (RFC 6761).
const domain = ".farol.test"

// nameOf is the name of a node in the world.
func nameOf(id, region string) string { return id + "." + region + domain }

// network is the daemon's side of the relay: it keeps the map, and asks for outages.
type network struct {
	file   string
	client relay.Client

	mu   sync.Mutex
	conf relay.Config

	// bend gives the relay another way to a name than the true one; nil: none. known tells of names.
	bend func(name string, to relay.Route, known func(string) bool) relay.Route
}

func newNetwork(dir folder, p plan, ports *ports) (*network, error) {
	n := &network{file: dir.relay(), conf: relay.Config{
		Token: secret.Random(32).Expose(), Listen: map[string]string{}, Routes: map[string]relay.Route{},
	}}
	for _, l := range p.Links {
		n.conf.Links = append(n.conf.Links, relay.Link{A: l.A, B: l.B, RTT: l.RTT})
	}
	for _, place := range append([]string{relay.Operator}, p.Regions...) {
		addr, err := ports.take()
		if err != nil {
			return nil, err
		}
		n.conf.Listen[place] = addr
	}
	if err := ports.takeAll(&n.conf.Control); err != nil {
		return nil, err
	}
	n.client = relay.Client{Addr: n.conf.Control, Token: n.conf.Token}
	return n, n.conf.Save(n.file)
}

// process is the relay itself. It is a process of its own, so that the network does not end with the daemon.
func (n *network) process(dir folder) node {
	return node{
		spec: process.Spec{Name: "relay", Kind: process.Relay, Addr: n.conf.Control, Exe: dir.program(),
			Args: []string{Role, roleRelay, n.file}, Dir: dir.in("nodes"), Log: dir.log("relay")},
		ready: func(ctx context.Context) bool { _, err := n.client.Status(ctx); return err == nil },
	}
}

// route makes names known: each is an id with its port in the world.
func (n *network) route(region string, places map[string]string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for name, addr := range places {
		n.conf.Routes[name] = relay.Route{Region: region, Addr: addr}
	}
	return n.save()
}

// save tells the relay. Callers hold the lock.
func (n *network) save() error {
	conf := n.conf
	if n.bend != nil {
		conf.Routes = make(map[string]relay.Route, len(n.conf.Routes))
		known := func(name string) bool { _, ok := n.conf.Routes[name]; return ok }
		for name, to := range n.conf.Routes {
			conf.Routes[name] = n.bend(name, to, known)
		}
	}
	return conf.Save(n.file)
}

// renew tells the relay anew, after what bend looks at has changed.
func (n *network) renew() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.save()
}

// knows tells whether a name is taken.
func (n *network) knows(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for known := range n.conf.Routes {
		if strings.HasPrefix(known, name+":") {
			return true
		}
	}
	return false
}

// forget removes all ports of a name.
func (n *network) forget(name string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for known := range n.conf.Routes {
		if strings.HasPrefix(known, name+":") {
			delete(n.conf.Routes, known)
		}
	}
	return n.save()
}

// proxy is the way out of a place, for a named node.
func (n *network) proxy(place, who string) *url.URL {
	return &url.URL{Scheme: "http", User: url.User(who), Host: n.conf.Listen[place]}
}

// environment is what makes a node dial through its region's relay.
func (n *network) environment(place, who string) string {
	return "HTTPS_PROXY=" + n.proxy(place, who).String()
}

// quiet is how long the operator has sent nothing. A relay that does not answer carries nothing either.
func (n *network) quiet(ctx context.Context) time.Duration {
	s, err := n.client.Status(ctx)
	if err != nil {
		return math.MaxInt64
	}
	return s.Quiet
}

func at(name string, port int) string { return net.JoinHostPort(name, strconv.Itoa(port)) }

// exists tells whether a file or folder is there.
func exists(path string) bool { _, err := os.Stat(path); return err == nil }
