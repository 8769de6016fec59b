package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"farol/state/fault"
)

// answerTime is how long a host may take to begin its answer. A console holds a create open for up to 105 s
// (console-api.md 0.1).
const answerTime = 160 * time.Second

// maxHeader is the most that an answer's header may be, in bytes.
const maxHeader = 64 << 10

// HTTP makes a client for one trust. It follows no redirect: Go would send credentials and bodies after it
// (reliability.md finding 6).
func (n Network) HTTP(t Trust) (*http.Client, error) {
	cfg, err := t.config()
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		TLSClientConfig:        cfg,
		TLSHandshakeTimeout:    handshakeTime,
		ResponseHeaderTimeout:  answerTime,
		MaxResponseHeaderBytes: maxHeader,
		ForceAttemptHTTP2:      true,
		IdleConnTimeout:        time.Minute,
		MaxIdleConnsPerHost:    4,
	}
	// Our own dialer knows the proxy, so that HTTP and gRPC fail with the same words.
	transport.DialContext = func(ctx context.Context, _, addr string) (net.Conn, error) { return n.Dial(ctx, addr) }
	return &http.Client{
		Transport:     tapped{n, transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// tapped tells the network's owner of every request.
type tapped struct {
	net  Network
	next http.RoundTripper
}

func (t tapped) RoundTrip(r *http.Request) (*http.Response, error) {
	call := Call{Ctx: r.Context(), Method: r.Method, Host: r.URL.Host, Path: r.URL.Path}
	if t.net.Tap != nil {
		if err := t.net.Tap(call); err != nil {
			return nil, &tapError{err}
		}
	}
	if r.URL.Scheme != "https" {
		return nil, fault.New(CodeTLS, "host", r.URL.Host).Certain(fault.NotSent)
	}
	var connected atomic.Bool
	r = r.Clone(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}))
	r.Header.Set("User-Agent", UserAgent)
	began := time.Now()
	resp, err := t.next.RoundTrip(r)
	if err != nil && !connected.Load() {
		err = &unsentError{err}
	}
	if t.net.Done != nil {
		call.Took, call.Status = time.Since(began), "failed"
		if err == nil {
			call.Status = strconv.Itoa(resp.StatusCode)
		}
		t.net.Done(call)
	}
	return resp, err
}

// unsentError says that there was no connection yet on which anything could have been said.
type unsentError struct{ error }

func (e *unsentError) Unwrap() error { return e.error }

// tapError says that a request was kept from leaving.
type tapError struct{ error }

func (e *tapError) Unwrap() error { return e.error }

// MaxBody is the most that an answer's body may be, in bytes.
const MaxBody = 8 << 20

// ErrTooLarge is returned for an answer over the limit.
var ErrTooLarge = errors.New("answer too large")

// ReadBody reads an answer to its end, up to a limit in bytes, and closes it.
func ReadBody(resp *http.Response, limit int64) ([]byte, error) {
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err == nil && int64(len(b)) > limit {
		return nil, ErrTooLarge
	}
	return b, err
}
