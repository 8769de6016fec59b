package relay

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// connection is one CONNECT that has a route.
type connection struct {
	relay  *relay
	client net.Conn
	in     *bufio.Reader // the client's bytes; holds what came with the CONNECT
	from   string        // place
	to     Route
	host   string // as dialed
	who    string // name of the caller
	since  time.Time
	heard  func() // called for each chunk that the client sends

	distance time.Duration // one round trip when the region is not slow
	through  atomic.Bool   // the far side was reached
	bytes    traffic
}

// String tells the connection in the log's words.
func (c *connection) String() string {
	return c.who + "@" + c.from + " -> " + c.host + "@" + c.to.Region
}

// rtt is one round trip as things are now.
func (c *connection) rtt() time.Duration { return c.distance + c.relay.wan.extra(c.from, c.to.Region) }

// oneWay is half of it.
func (c *connection) oneWay() time.Duration { return c.rtt() / 2 }

// run opens the far side and carries both directions until both have ended.
func (c *connection) run(ctx context.Context, cancel context.CancelFunc) {
	log := c.relay.log
	mode, _ := c.relay.wan.between(c.from, c.to.Region)
	if mode == Unreachable {
		log.Printf("UNREACHABLE %s", c)
		select {
		case <-time.After(refuseAfter):
			answer(c.client, http.StatusGatewayTimeout)
		case <-ctx.Done():
		}
		return
	}
	var sent <-chan chunk // set once CONNECT is answered
	if mode == BlackHole {
		log.Printf("SWALLOWED %s", c)
		waiting, gaveUp := context.WithCancel(ctx)
		defer gaveUp()
		sent = c.accept(ctx, gaveUp)
		if c.relay.wan.await(waiting, c.from, c.to.Region) != nil {
			return
		}
	}
	far := c.dial(ctx)
	if far == nil {
		if sent == nil {
			answer(c.client, http.StatusBadGateway)
		}
		return
	}
	defer far.Close()
	stop := context.AfterFunc(ctx, func() { far.Close() })
	defer stop()
	if sent == nil {
		sent = c.accept(ctx, func() {})
	}
	c.through.Store(true)
	c.carry(ctx, cancel, far, sent)
}

// accept answers CONNECT and starts to take the client's bytes.
func (c *connection) accept(ctx context.Context, gone func()) <-chan chunk {
	_, _ = io.WriteString(c.client, "HTTP/1.1 200 OK\r\n\r\n")
	return receive(ctx, c.in, c.oneWay, c.heard, gone)
}

// dial waits as long as a TCP handshake over this distance takes, and connects.
func (c *connection) dial(ctx context.Context) net.Conn {
	select {
	case <-time.After(c.rtt()):
	case <-ctx.Done():
		return nil
	}
	d := net.Dialer{Timeout: dialLimit}
	far, err := d.DialContext(ctx, "tcp", c.to.Addr)
	if err != nil {
		c.relay.log.Printf("DEAD %s: %v", c, err)
		return nil
	}
	c.relay.log.Printf("OPEN %s", c)
	return far
}

// carry pumps both directions. A direction that breaks ends the other; one that ends leaves the other open.
func (c *connection) carry(ctx context.Context, cancel context.CancelFunc, far net.Conn, sent <-chan chunk) {
	began := time.Now()
	var both sync.WaitGroup
	pump := func(dst net.Conn, q <-chan chunk, from, to string, count *atomic.Int64) {
		if err := c.relay.deliver(ctx, dst, q, from, to, count); err != nil {
			cancel()
			c.client.Close()
		}
	}
	both.Go(func() { pump(far, sent, c.from, c.to.Region, &c.bytes.sent) })
	both.Go(func() {
		pump(c.client, receive(ctx, far, c.oneWay, func() {}, func() {}), c.to.Region, c.from, &c.bytes.received)
	})
	both.Wait()
	c.relay.log.Printf("CLOSED %s after %s", c, time.Since(began).Round(time.Millisecond))
}
