// Package fabric talks to the peers and orderers of a Hyperledger Fabric network over gRPC: it reads
// ledgers and channel configs, joins peers, installs and defines contracts, changes channel configs,
// and submits transactions.
//
// Three habits run through it. Every answer's status is looked at, because peers put refusals into
// answers that carry no error. Reads ask exactly the node they name, because a gateway quietly asks
// another one. And no call changes more than one thing on the far side.
package fabric

import (
	"errors"
	"sync"
	"time"

	"farol/clients/wire"
	"farol/state/fault"

	"google.golang.org/grpc"
)

// Limits of one call. The gateway's three are those that fabric-wan.md 3 measured to ride out the loss of a region.
const (
	readLimit    = 10 * time.Second // queries, Deliver, Broadcast
	joinLimit    = 60 * time.Second // a peer opens a ledger
	installLimit = 5 * time.Minute  // a peer may compile the package first
	endorseLimit = 8 * time.Second
	submitLimit  = 8 * time.Second
	statusLimit  = 15 * time.Second
)

// Node is one peer or orderer as the world sees it.
type Node struct {
	Addr     string // host:port
	RootsPEM []byte // certificates of the authorities that may vouch for its TLS; nil: the system's
}

// Client speaks to nodes as one identity. It keeps one connection per node and may be used from many goroutines.
type Client struct {
	network wire.Network
	signer  *Signer

	mu     sync.Mutex
	conns  map[connKey]*grpc.ClientConn
	closed bool
}

type connKey struct{ addr, roots string }

// New makes a client that signs as s. It dials nothing yet.
func New(n wire.Network, s *Signer) *Client {
	return &Client{network: n, signer: s, conns: map[connKey]*grpc.ClientConn{}}
}

// Close closes every connection. Calls under way end with an error.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	var errs []error
	for key, conn := range c.conns {
		errs = append(errs, conn.Close())
		delete(c.conns, key)
	}
	return errors.Join(errs...)
}

// conn gives the connection to a node, which dials at its first use and again after it broke.
func (c *Client) conn(n Node) (*grpc.ClientConn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, fault.New(Unavailable, "host", n.Addr).Because(errors.New("the client is closed")).Certain(fault.NotSent)
	}
	key := connKey{n.Addr, string(n.RootsPEM)}
	if conn := c.conns[key]; conn != nil {
		return conn, nil
	}
	conn, err := c.network.GRPC(n.Addr, wire.Trust{RootsPEM: n.RootsPEM})
	if err != nil {
		return nil, notSent(err, n)
	}
	c.conns[key] = conn
	return conn, nil
}

// notSent is for errors from before anything left this machine.
func notSent(err error, n Node) *fault.Fault {
	if f, ok := fault.Of(err); ok {
		return f.Certain(fault.NotSent)
	}
	return wire.Classify(err, n.Addr).Certain(fault.NotSent)
}
