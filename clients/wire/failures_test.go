package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"farol/state/fault"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	for _, w := range ways {
		addr := closedPort(t)
		want{CodeUnreachable, fault.NotSent, true}.check(t, w.ask(t.Context(), Network{}, addr, Trust{RootsPEM: root.pem}), addr)
		// No name has an empty part, so no name server is asked.
		const unknown = "no..such.name:443"
		want{CodeNoSuchHost, fault.NotSent, false}.check(t, w.ask(t.Context(), Network{}, unknown, Trust{RootsPEM: root.pem}), unknown)
	}
}

// asked is what a client does with a host that took its request and then failed it. The handshake asks nothing.
func asking() []way { return []way{ways[0], ways[2]} }

func TestAConnectionThatBreaksLeavesTheOutcomeOpen(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	cfg := &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "127.0.0.1")}, NextProtos: []string{"h2"}}
	for name, end := range map[string]func(*tls.Conn){
		"closed": func(c *tls.Conn) { c.Close() },
		"reset":  func(c *tls.Conn) { _ = c.NetConn().(*net.TCPConn).SetLinger(0); c.NetConn().Close() },
		"cut":    func(c *tls.Conn) { c.NetConn().Close() },
	} {
		for _, w := range asking() {
			t.Run(name+", "+w.name, func(t *testing.T) {
				t.Parallel()
				protocol := "http/1.1"
				if w.name == "gRPC" {
					protocol = "h2"
				}
				f := listen(t, func(raw net.Conn) {
					mine := cfg.Clone()
					mine.NextProtos = []string{protocol}
					c := tls.Server(raw, mine)
					defer end(c)
					if protocol == "h2" {
						frames(t, c)
						return
					}
					r := make([]byte, 1<<10)
					for read := 0; read < len(r) && !strings.HasSuffix(string(r[:read]), "body"); {
						n, err := c.Read(r[read:])
						if err != nil {
							return
						}
						read += n
					}
				})
				err := w.ask(t.Context(), Network{}, f.addr, Trust{RootsPEM: root.pem})
				want{CodeInterrupted, fault.Unsure, true}.check(t, err, f.addr)
			})
		}
	}
}

// frames plays an HTTP/2 server until the first request is whole.
func frames(t *testing.T, c *tls.Conn) {
	preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	if _, err := io.ReadFull(c, preface); err != nil {
		t.Error(err)
		return
	}
	_, _ = c.Write([]byte{0, 0, 0, 4, 0, 0, 0, 0, 0}) // our settings, empty
	const headers, data, endStream = 1, 0, 1
	for {
		head := make([]byte, 9)
		if _, err := io.ReadFull(c, head); err != nil {
			t.Error(err)
			return
		}
		_, _ = io.CopyN(io.Discard, c, int64(head[0])<<16|int64(head[1])<<8|int64(head[2]))
		if kind := head[3]; (kind == data || kind == headers) && head[4]&endStream != 0 {
			return
		}
	}
}

func TestSilenceAfterARequestLeavesTheOutcomeOpen(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	for name, c := range map[string]struct {
		limit time.Duration
		want  want
	}{
		"deadline":  {500 * time.Millisecond, want{CodeTimeout, fault.Unsure, true}},
		"cancelled": {time.Minute, want{CodeCancelled, fault.Unsure, false}},
	} {
		for _, w := range asking() {
			t.Run(name+", "+w.name, func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithTimeout(t.Context(), c.limit)
				defer cancel()
				f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "127.0.0.1")}}, fine)
				f.silence = func() {
					if name == "cancelled" {
						cancel()
					}
				}
				err := w.ask(ctx, Network{}, f.addr, Trust{RootsPEM: root.pem})
				c.want.check(t, err, f.addr)
				if f.asked.Load() != 1 {
					t.Errorf("asked %d times", f.asked.Load())
				}
			})
		}
	}
}

func TestSilenceBeforeTheHandshakeMeansNothingWasSent(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	for name, c := range map[string]struct {
		cancel bool
		want   want
	}{
		"deadline":  {false, want{CodeTimeout, fault.NotSent, true}},
		"cancelled": {true, want{CodeCancelled, fault.NotSent, false}},
	} {
		for _, w := range ways {
			t.Run(name+", "+w.name, func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				defer cancel()
				f := listen(t, func(conn net.Conn) {
					if c.cancel {
						cancel()
					}
					_, _ = io.Copy(io.Discard, conn)
				})
				w.knows(c.want).check(t, w.ask(ctx, Network{}, f.addr, Trust{RootsPEM: root.pem}), f.addr)
			})
		}
	}
}

func TestACallThatIsOverBeforeItBeginsIsNotSent(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, w := range ways {
		f := listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
		w.knows(want{CodeCancelled, fault.NotSent, false}).check(t, w.ask(gone, Network{}, f.addr, Trust{RootsPEM: root.pem}), f.addr)
	}
}

func TestAnAnswerThatIsCutLeavesTheOutcomeOpen(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "127.0.0.1")}}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	want{CodeInterrupted, fault.Unsure, true}.check(t, ways[0].ask(t.Context(), Network{}, f.addr, Trust{RootsPEM: root.pem}), f.addr)
}

// What cannot be brought about on a test's machine: the errors as the standard library and grpc-go make them.
func TestErrorsThatNeedANetworkAreKnown(t *testing.T) {
	t.Parallel()
	dial := func(err error) error {
		return &url.Error{Op: "Post", URL: "https://h/p", Err: &net.OpError{Op: "dial", Net: "tcp", Err: err}}
	}
	read := func(err error) error {
		return &url.Error{Op: "Post", URL: "https://h/p", Err: &net.OpError{Op: "read", Net: "tcp", Err: err}}
	}
	grpcDial := func(text string) error {
		return status.Errorf(codes.Unavailable, "connection error: desc = %q", `transport: Error while dialing: `+text)
	}
	for name, c := range map[string]struct {
		err  error
		want want
	}{
		"SYN lost":            {dial(os.ErrDeadlineExceeded), want{CodeTimeout, fault.NotSent, true}},
		"no route":            {dial(os.NewSyscallError("connect", syscall.EHOSTUNREACH)), want{CodeUnreachable, fault.NotSent, true}},
		"unknown name":        {dial(&net.DNSError{Err: "no such host", Name: "h", IsNotFound: true}), want{CodeNoSuchHost, fault.NotSent, false}},
		"name server fails":   {dial(&net.DNSError{Err: "server misbehaving", Name: "h", IsTemporary: true}), want{CodeNoSuchHost, fault.NotSent, true}},
		"name server silent":  {dial(&net.DNSError{Err: "i/o timeout", Name: "h", IsTimeout: true, IsTemporary: true}), want{CodeTimeout, fault.NotSent, true}},
		"slow handshake":      {&url.Error{Op: "Post", URL: "https://h/p", Err: errors.New("net/http: TLS handshake timeout")}, want{CodeTimeout, fault.NotSent, true}},
		"slow header":         {&url.Error{Op: "Post", URL: "https://h/p", Err: slow{}}, want{CodeTimeout, fault.Unsure, true}},
		"late alert":          {&url.Error{Op: "Post", URL: "https://h/p", Err: &net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}}, want{CodeTLS, fault.Unsure, false}},
		"reset":               {read(os.NewSyscallError("read", syscall.ECONNRESET)), want{CodeInterrupted, fault.Unsure, true}},
		"pipe":                {&net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}, want{CodeInterrupted, fault.Unsure, true}},
		"end":                 {io.EOF, want{CodeInterrupted, fault.Unsure, true}},
		"cut":                 {fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), want{CodeInterrupted, fault.Unsure, true}},
		"anything else":       {errors.New("boom"), want{CodeInterrupted, fault.Unsure, true}},
		"gRPC: SYN lost":      {grpcDial("dial tcp 192.0.2.1:7051: i/o timeout"), want{CodeTimeout, fault.NotSent, true}},
		"gRPC: unknown name":  {grpcDial("dial tcp: lookup h: no such host"), want{CodeNoSuchHost, fault.NotSent, false}},
		"gRPC: no route":      {grpcDial("dial tcp 192.0.2.1:7051: connect: no route to host"), want{CodeUnreachable, fault.NotSent, true}},
		"gRPC: goes away":     {status.Error(codes.Unavailable, `closing transport due to: connection error: desc = "error reading from server: EOF"`), want{CodeInterrupted, fault.Unsure, true}},
		"gRPC: reader":        {status.Error(codes.Unavailable, `connection error: desc = "error reading from server: read tcp: connection reset by peer"`), want{CodeInterrupted, fault.Unsure, true}},
		"gRPC: no connection": {status.Error(codes.DeadlineExceeded, "context deadline exceeded while waiting for connections to become ready"), want{CodeTimeout, fault.NotSent, true}},
		"gRPC: internal":      {status.Error(codes.Internal, "stream terminated"), want{CodeInterrupted, fault.Unsure, false}},
		// A node tells of its own trouble with another one. What became of our request is not known.
		"gRPC: another's TLS":  {status.Error(codes.Unavailable, `orderer: connection error: desc = "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority"`), want{CodeInterrupted, fault.Unsure, true}},
		"gRPC: another's dial": {status.Error(codes.Unavailable, "failed: Error while dialing: no such host"), want{CodeInterrupted, fault.Unsure, true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := c.want.check(t, Classify(c.err, "h"), "h")
			if !errors.Is(f, c.err) {
				t.Error("the cause is lost")
			}
		})
	}
}

// slow is how net/http says that the header did not come in time.
type slow struct{}

func (slow) Error() string   { return "net/http: timeout awaiting response headers" }
func (slow) Timeout() bool   { return true }
func (slow) Temporary() bool { return true }

func TestAFaultIsClassifiedOnlyOnce(t *testing.T) {
	t.Parallel()
	first := fault.New(CodeRoots, "host", "first").Certain(fault.NotSent)
	if got := Classify(fmt.Errorf("again: %w", first), "second"); got != first {
		t.Errorf("got %v", got)
	}
}
