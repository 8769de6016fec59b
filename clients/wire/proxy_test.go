package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"farol/state/fault"
)

// The credentials of the proxy, one of a kind, so that they can be searched for.
const (
	proxyUser = "Canary-user-77ab"
	proxyPass = "Canary-pass-77ab"
)

// proxy is a CONNECT proxy. It sends every name to one host, so that tests need no name server.
type proxy struct {
	*far
	mu       sync.Mutex
	connects []*http.Request
}

// startProxy answers CONNECT with a status, and opens the tunnel to target when that is 200.
func startProxy(t *testing.T, status int, target string) *proxy {
	t.Helper()
	p := &proxy{}
	p.far = listen(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.connects = append(p.connects, req)
		p.mu.Unlock()
		if status != http.StatusOK {
			_, _ = fmt.Fprintf(c, "HTTP/1.1 %d %s\r\nContent-Length: 4\r\n\r\nbody", status, http.StatusText(status))
			return
		}
		far, err := net.Dial("tcp", target)
		if err != nil {
			return
		}
		defer far.Close()
		_, _ = io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { _, _ = io.Copy(far, r); far.Close() }()
		_, _ = io.Copy(c, far)
	})
	return p
}

func (p *proxy) seen() []*http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.connects
}

// network goes through a proxy at an address, with credentials.
func through(addr string) Network {
	return Network{Proxy: &url.URL{Scheme: "http", Host: addr, User: url.UserPassword(proxyUser, proxyPass)}}
}

func TestEverythingGoesThroughTheProxyByName(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	const name = "peer1.region.farol.test"
	for _, w := range ways {
		f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, name)}}, fine)
		p := startProxy(t, 200, f.addr)
		if err := w.ask(t.Context(), through(p.addr), name+":7051", Trust{RootsPEM: root.pem}); err != nil {
			t.Fatalf("%s: %v", w.name, err)
		}
		req := p.seen()[0]
		if req.Method != "CONNECT" || req.RequestURI != name+":7051" || req.Host != name+":7051" || req.UserAgent() != UserAgent {
			t.Errorf("%s: the proxy was asked %s %s as %s", w.name, req.Method, req.RequestURI, req.UserAgent())
		}
		user, pass, ok := (&http.Request{Header: http.Header{"Authorization": req.Header["Proxy-Authorization"]}}).BasicAuth()
		if !ok || user != proxyUser || pass != proxyPass {
			t.Errorf("%s: the proxy did not get its credentials", w.name)
		}
	}
}

func TestAProxyWithoutCredentialsGetsNone(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "a.example")}}, fine)
	p := startProxy(t, 200, f.addr)
	n := Network{Proxy: &url.URL{Scheme: "http", Host: p.addr}}
	if err := n.Handshake(t.Context(), "a.example:443", Trust{RootsPEM: root.pem}); err != nil {
		t.Fatal(err)
	}
	if h := p.seen()[0].Header; h.Get("Proxy-Authorization") != "" {
		t.Errorf("header %v", h)
	}
}

func TestACertificateIsCheckedBehindAProxyToo(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "a.example")}}, fine)
	p := startProxy(t, 200, f.addr)
	for _, w := range ways {
		want{CodeName, fault.NotSent, false}.check(t, w.ask(t.Context(), through(p.addr), "b.example:443", Trust{RootsPEM: root.pem}), "b.example:443")
	}
	if f.asked.Load() != 0 {
		t.Error("it was asked all the same")
	}
}

func TestWhatTheProxyAnswersIsToldApart(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	const host = "node.example:7051"
	for status, expected := range map[int]want{
		407: {CodeProxy, fault.NotSent, false}, 403: {CodeProxy, fault.NotSent, false}, 500: {CodeProxy, fault.NotSent, false}, 302: {CodeProxy, fault.NotSent, false},
		502: {CodeUnreachable, fault.NotSent, true}, 503: {CodeUnreachable, fault.NotSent, true}, 504: {CodeUnreachable, fault.NotSent, true},
	} {
		for _, w := range ways {
			t.Run(fmt.Sprintf("%d, %s", status, w.name), func(t *testing.T) {
				t.Parallel()
				p := startProxy(t, status, "")
				f := expected.check(t, w.ask(t.Context(), through(p.addr), host, Trust{RootsPEM: root.pem}), host)
				if f.Facts["proxy"] != p.addr || f.Facts["status"] != strconv.Itoa(status) {
					t.Errorf("facts %v", f.Facts)
				}
				noCanary(t, f)
			})
		}
	}
}

func TestAProxyThatIsNotThereOrIsNoProxyIsNamed(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	const host = "node.example:7051"
	for name, start := range map[string]func(t *testing.T) string{
		"nobody there":   closedPort,
		"closes at once": func(t *testing.T) string { return listen(t, func(net.Conn) {}).addr },
		"unknown name":   func(*testing.T) string { return "no..such.name:3128" },
		"not HTTP": func(t *testing.T) string {
			return listen(t, func(c net.Conn) {
				_, _ = io.WriteString(c, "220 mail.example ESMTP\r\n")
				_, _ = io.Copy(io.Discard, c)
			}).addr
		},
	} {
		for _, w := range ways {
			t.Run(name+", "+w.name, func(t *testing.T) {
				t.Parallel()
				addr := start(t)
				f := want{CodeProxy, fault.NotSent, true}.check(t, w.ask(t.Context(), through(addr), host, Trust{RootsPEM: root.pem}), host)
				if _, told := f.Facts["status"]; told || f.Facts["proxy"] != addr {
					t.Errorf("facts %v", f.Facts)
				}
				noCanary(t, f)
			})
		}
	}
}

// A proxy keeps its answer back until it has reached the host, so its silence is that of the host.
func TestASilentProxyIsATimeout(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	const host = "node.example:7051"
	silent := listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	for _, w := range ways {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		want{CodeTimeout, fault.NotSent, true}.check(t, w.ask(ctx, through(silent.addr), host, Trust{RootsPEM: root.pem}), host)
		cancel()
		var gone context.CancelFunc
		ctx, gone = context.WithCancel(t.Context())
		listening := listen(t, func(c net.Conn) { gone(); _, _ = io.Copy(io.Discard, c) })
		w.knows(want{CodeCancelled, fault.NotSent, false}).check(t, w.ask(ctx, through(listening.addr), host, Trust{RootsPEM: root.pem}), host)
		gone()
	}
}

// A host may speak first, and its words may come in one piece with the proxy's answer.
func TestNothingIsLostBetweenProxyAndHost(t *testing.T) {
	t.Parallel()
	p := listen(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\nfirst words")
	})
	c, err := through(p.addr).Dial(t.Context(), "h:1")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if b, err := io.ReadAll(c); string(b) != "first words" || err != nil {
		t.Errorf("read %q %v", b, err)
	}
}

// The deadline for reaching a host must not end the work with it.
func TestATunnelOutlivesTheTimeToReachTheHost(t *testing.T) {
	t.Parallel()
	speak := make(chan struct{})
	p := listen(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		<-speak
		_, _ = io.WriteString(c, "late")
	})
	ctx, cancel := context.WithCancel(t.Context())
	c, err := through(p.addr).Dial(ctx, "h:1")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	cancel()
	close(speak)
	if b, err := io.ReadAll(c); string(b) != "late" || err != nil {
		t.Errorf("read %q %v", b, err)
	}
}

func TestAProxyThatWouldNeedAnotherProtocolIsRefusedUnasked(t *testing.T) {
	t.Parallel()
	root, p := newAuthority(t), startProxy(t, 407, "")
	for _, scheme := range []string{"https", "socks5", ""} {
		n := through(p.addr)
		n.Proxy.Scheme = scheme
		for _, w := range ways {
			err := w.ask(t.Context(), n, "h:1", Trust{RootsPEM: root.pem})
			f := want{CodeProxy, fault.NotSent, false}.check(t, err, "h:1")
			if f.Facts["proxy"] != p.addr {
				t.Errorf("facts %v", f.Facts)
			}
			noCanary(t, f)
		}
	}
	if n := p.asked.Load(); n != 0 {
		t.Errorf("the proxy was asked %d times, in clear", n)
	}
}

func TestAProxyWithoutAPortHasTheUsualOne(t *testing.T) {
	t.Parallel()
	for have, expected := range map[string]string{"http://proxy.example": "proxy.example:80", "http://proxy.example:3128": "proxy.example:3128",
		"http://[::1]": "[::1]:80", "http://[::1]:8080": "[::1]:8080"} {
		u, err := url.Parse(have)
		if err != nil {
			t.Fatal(err)
		}
		if got := proxyAddr(u); got != expected {
			t.Errorf("%s is dialled at %s, want %s", have, got, expected)
		}
	}
}

// noCanary fails when credentials of the proxy stand in an error.
func noCanary(t *testing.T, err error) {
	t.Helper()
	if strings.Contains(err.Error(), "Canary") {
		t.Errorf("credentials stand in %v", err)
	}
}
