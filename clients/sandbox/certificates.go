package sandbox

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
)

// fakeName is whom the certificate of a hosted cluster names while the right one is not in place.
const fakeName = "Kubernetes Ingress Controller Fake Certificate"

// certificates are those that a console can show.
type certificates struct{ right, wrong, renewed tls.Certificate }

// newCertificates makes the right one, a wrong one, and one that a later authority vouches for.
func newCertificates(now, later *authority, host string) (c certificates, err error) {
	for _, one := range []struct {
		into *tls.Certificate
		from func() (credential, error)
	}{
		{&c.right, func() (credential, error) { return now.issue(host, "", host) }},
		{&c.wrong, func() (credential, error) { return selfSigned(fakeName) }},
		{&c.renewed, func() (credential, error) { return later.issue(host, "", host) }},
	} {
		made, err := one.from()
		if err != nil {
			return c, err
		}
		if *one.into, err = tls.X509KeyPair(made.cert, made.key); err != nil {
			return c, err
		}
	}
	return c, nil
}

// certificate is the one that the console shows now.
func (r *region) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	switch {
	case r.d.faults.has(WrongCertificate, r.id):
		return &r.certs.wrong, nil
	case r.d.faults.has(CertificateRenewed, r.id):
		return &r.certs.renewed, nil
	}
	return &r.certs.right, nil
}

// lines are the open connections of one console. They are ended when its certificate changes, for only a new
// connection meets the new one.
type lines struct {
	mu    sync.Mutex
	calls map[net.Conn]int  // that are under way
	stale map[net.Conn]bool // to be ended after their calls
}

type lineKey struct{}

// opened is for http.Server.ConnContext.
func (l *lines) opened(ctx context.Context, c net.Conn) context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls == nil {
		l.calls, l.stale = map[net.Conn]int{}, map[net.Conn]bool{}
	}
	l.calls[c] = 0
	return context.WithValue(ctx, lineKey{}, c)
}

// changed is for http.Server.ConnState.
func (l *lines) changed(c net.Conn, s http.ConnState) {
	if s == http.StateClosed {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.calls, c)
		delete(l.stale, c)
	}
}

// begin notes that a call is under way.
func (l *lines) begin(q *http.Request) (end func()) {
	c, ok := q.Context().Value(lineKey{}).(net.Conn)
	if !ok {
		return func() {}
	}
	count := func(n int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if _, open := l.calls[c]; open {
			l.calls[c] += n
		}
	}
	count(1)
	return func() { count(-1) }
}

// old tells whether the connection of a call is to end with it.
func (l *lines) old(q *http.Request) bool {
	c, _ := q.Context().Value(lineKey{}).(net.Conn)
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stale[c]
}

// end ends what is idle at once, and the rest after its calls.
func (l *lines) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c, n := range l.calls {
		if n == 0 {
			c.Close()
		} else {
			l.stale[c] = true
		}
	}
}
