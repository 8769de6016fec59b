package wire

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"farol/state/fault"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// authority issues certificates for the tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{}
	template := &x509.Certificate{Subject: pkix.Name{CommonName: "root"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	c := a.issue(t, template)
	a.cert, a.key = c.Leaf, c.PrivateKey.(*ecdsa.PrivateKey)
	a.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
	return a
}

// issue signs a certificate; the first one signs itself.
func (a *authority) issue(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, _ := x509.ParseCertificate(der) // one of the tests is about a certificate that cannot be parsed
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// server makes a certificate of a server with these names, valid for an hour or as changed.
func (a *authority) server(t *testing.T, change func(*x509.Certificate), names ...string) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{Subject: pkix.Name{CommonName: "node"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	if change != nil {
		change(template)
	}
	return a.issue(t, template)
}

// far is a host at the end of a loopback connection. It counts what it was asked.
type far struct {
	addr    string
	asked   atomic.Int32
	silence func() // called with each request; none is answered then
}

// serveTLS starts a host that speaks HTTP and gRPC; answer is for HTTP.
func serveTLS(t *testing.T, cfg *tls.Config, answer http.HandlerFunc) *far {
	t.Helper()
	f := &far{}
	node := grpc.NewServer(grpc.UnknownServiceHandler(func(_ any, s grpc.ServerStream) error {
		if err := s.RecvMsg(new(emptypb.Empty)); err != nil {
			return err
		}
		return s.SendMsg(new(emptypb.Empty))
	}))
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.asked.Add(1)
		if f.silence != nil {
			f.silence()
			<-r.Context().Done()
			return
		}
		if strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc") {
			node.ServeHTTP(w, r)
			return
		}
		answer(w, r)
	}))
	// httptest looks at the certificates that it is given, and one of ours cannot be looked at.
	cfg.NextProtos = []string{"h2", "http/1.1"}
	s.TLS, s.EnableHTTP2 = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return cfg, nil }}, true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	f.addr = s.Listener.Addr().String()
	return f
}

// listen starts a host that does as told with each connection.
func listen(t *testing.T, serve func(net.Conn)) *far {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &far{addr: l.Addr().String()}
	ctx, over := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			f.asked.Add(1)
			all.Go(func() {
				defer context.AfterFunc(ctx, func() { c.Close() })() // clients may hold on for long
				defer c.Close()
				serve(c)
			})
		}
	})
	t.Cleanup(func() { over(); l.Close(); all.Wait() })
	return f
}

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// way is one of the ways in which clients reach a host.
type way struct {
	name string
	ask  func(ctx context.Context, n Network, addr string, trust Trust) error
}

// ways ask a host something, and classify what goes wrong as the clients do.
var ways = []way{
	{"HTTP", func(ctx context.Context, n Network, addr string, trust Trust) error {
		h, err := n.HTTP(trust)
		if err != nil {
			return err
		}
		defer h.CloseIdleConnections()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+addr+"/path?query=1", bytes.NewReader([]byte("body")))
		if err != nil {
			return err
		}
		resp, err := h.Do(r)
		if err != nil {
			return Classify(err, addr)
		}
		if _, err := ReadBody(resp, MaxBody); err != nil {
			return Classify(err, addr)
		}
		return nil
	}},
	{"handshake", func(ctx context.Context, n Network, addr string, trust Trust) error {
		return n.Handshake(ctx, addr, trust)
	}},
	{"gRPC", func(ctx context.Context, n Network, addr string, trust Trust) error {
		cc, err := n.GRPC(addr, trust)
		if err != nil {
			return err
		}
		defer cc.Close()
		if err := cc.Invoke(ctx, "/farol.Test/Ask", new(emptypb.Empty), new(emptypb.Empty)); err != nil {
			return Classify(err, addr)
		}
		return nil
	}},
}

// want is what a failure must be taken for.
type want struct {
	code      fault.Code
	certainty fault.Certainty
	transient bool
}

// either stands for NotSent or Unsure.
const either fault.Certainty = -1

// knows is what can be known by this way: grpc-go does not always say how far a call was that was cancelled.
func (w way) knows(best want) want {
	if w.name == "gRPC" && best.code == CodeCancelled {
		best.certainty = either
	}
	return best
}

func (w want) check(t *testing.T, err error, addr string) *fault.Fault {
	t.Helper()
	f, ok := fault.Of(err)
	if !ok {
		t.Fatalf("got %v, want %s", err, w.code)
	}
	got := want{f.Code, f.Certainty, f.Transient}
	if w.certainty == either && got.certainty != fault.Refused {
		got.certainty = either
	}
	if got != w {
		t.Errorf("got %+v, want %+v: %v", got, w, err)
	}
	if f.Facts["host"] != addr {
		t.Errorf("host is %q, want %q", f.Facts["host"], addr)
	}
	return f
}

func fine(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "fine") }
