// Package relay is the wide-area network of the practice world: one CONNECT proxy for each region and one for
// the operator. It knows which local port stands behind a name, adds the distance between two places, and can
// cut a region off. It never holds back the answer to CONNECT, because grpc-go reads that answer without a
// deadline and would freeze with it.
package relay

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	requestLimit = 10 * time.Second // for the client to send its CONNECT
	refuseAfter  = time.Second      // an unreachable region answers like a router: not at once
	dialLimit    = 2 * time.Second  // everything behind the relay is on this machine
)

// relay is one running relay.
type relay struct {
	wan    *wan
	mu     sync.Mutex // guards source
	source source
	log    *log.Logger
	flows  flows        // those of the connections that have a route
	open   atomic.Int64 // connections now
	heard  atomic.Int64 // when the operator last sent something, Unix nanoseconds
}

// Run serves the places of the config file until the context ends. Routes and links are read anew when the file
// is replaced; listeners are not.
func Run(ctx context.Context, file string, out io.Writer) error {
	r := &relay{wan: newWAN(), source: source{file: file}, log: log.New(out, "", log.LstdFlags|log.Lmicroseconds|log.LUTC)}
	r.heard.Store(time.Now().UnixNano())
	conf, err := r.config()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var serving sync.WaitGroup
	defer serving.Wait()
	for place, addr := range conf.Listen {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			cancel()
			return fmt.Errorf("relay of %s: %w", place, err)
		}
		context.AfterFunc(ctx, func() { l.Close() })
		serving.Go(func() { r.accept(ctx, l, place) })
	}
	return r.control(ctx, conf)
}

func (r *relay) config() (Config, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.source.load()
}

func (r *relay) accept(ctx context.Context, l net.Listener, place string) {
	var conns sync.WaitGroup
	defer conns.Wait()
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond) // out of descriptors: let some close
			continue
		}
		conns.Go(func() { r.serve(ctx, c, place) })
	}
}

// serve handles one connection from its CONNECT to its end.
func (r *relay) serve(parent context.Context, c net.Conn, place string) {
	r.open.Add(1)
	defer r.open.Add(-1)
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	defer c.Close()
	stop := context.AfterFunc(parent, func() { c.Close() })
	defer stop()

	_ = c.SetReadDeadline(time.Now().Add(requestLimit))
	in := bufio.NewReader(c)
	req, err := http.ReadRequest(in)
	if err != nil {
		return
	}
	_ = c.SetReadDeadline(time.Time{})
	name := caller(req)
	who := name + "@" + place
	if req.Method != http.MethodConnect {
		r.log.Printf("REFUSED %s %s %s", who, req.Method, req.RequestURI)
		answer(c, http.StatusMethodNotAllowed)
		return
	}
	conf, err := r.config()
	if err != nil {
		r.log.Print(err)
	}
	to, ok := conf.Routes[req.Host]
	if !ok {
		r.log.Printf("NO-ROUTE %s -> %s", who, req.Host)
		answer(c, http.StatusBadGateway)
		return
	}
	link := connection{relay: r, client: c, in: in, from: place, to: to, host: req.Host, who: name, distance: conf.rtt(place, to.Region), since: time.Now()}
	defer r.flows.add(&link)()
	link.heard = func() {}
	if place == Operator {
		link.heard = func() { r.heard.Store(time.Now().UnixNano()) }
		link.heard()
	}
	link.run(ctx, cancel)
}

// caller is the user part of the proxy's address: the name of the node that dials.
func caller(req *http.Request) string {
	if b64, ok := strings.CutPrefix(req.Header.Get("Proxy-Authorization"), "Basic "); ok {
		if b, err := base64.StdEncoding.DecodeString(b64); err == nil {
			who, _, _ := strings.Cut(string(b), ":")
			return who
		}
	}
	return "-"
}

// answer ends a CONNECT that leads nowhere.
func answer(w io.Writer, status int) {
	fmt.Fprintf(w, "HTTP/1.1 %d %s\r\nContent-Length: 0\r\n\r\n", status, http.StatusText(status))
}
