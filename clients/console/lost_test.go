package console

import (
	"context"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"farol/clients/wire"
	"farol/state/fault"
)

// far is a console at the end of a real connection.
type far struct {
	*httptest.Server
	mu   sync.Mutex
	seen map[string]int // by method
}

// farAway starts a console that answers reads, and changes as told.
func farAway(t *testing.T, http2 bool, change http.HandlerFunc) *far {
	t.Helper()
	f := &far{seen: map[string]int{}}
	f.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		f.mu.Lock()
		f.seen[r.Method]++
		f.mu.Unlock()
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{"components":[]}`)
			return
		}
		change(w, r)
	}))
	f.EnableHTTP2 = http2
	f.StartTLS()
	t.Cleanup(f.Close)
	return f
}

func (f *far) times(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen[method]
}

func (f *far) client(t *testing.T) *Client {
	t.Helper()
	roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.Certificate().Raw})
	h, err := wire.Network{}.HTTP(wire.Trust{RootsPEM: roots})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.CloseIdleConnections)
	return clientOf(t, h, f.URL)
}

// A create that is repeated makes a second node (console-api.md 0.2), so whatever becomes of its answer it leaves once.
func TestAChangeWhoseAnswerIsLostIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer    http.HandlerFunc
		code      fault.Code
		certainty fault.Certainty
		transient bool
	}{
		"the connection breaks": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, wire.CodeInterrupted, fault.Unsure, true},
		"the answer is cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"id":`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, wire.CodeInterrupted, fault.Unsure, true},
		"a gateway gives up": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(504) }, CodeUnavailable, fault.Unsure, true},
		"a gateway breaks":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, CodeUnavailable, fault.Unsure, true},
		"nobody answers":     {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, wire.CodeTimeout, fault.Unsure, true},
		"the deployer was slow": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"statusCode":500,"msg":{"message":"timeout of 105000ms exceeded"}}`, 500)
		}, CodeDeployer, fault.Unsure, true},
	} {
		for _, http2 := range []bool{false, true} {
			for _, reused := range []bool{false, true} {
				t.Run(strings.Join([]string{name, map[bool]string{false: "HTTP 1", true: "HTTP 2"}[http2], map[bool]string{false: "new", true: "reused"}[reused]}, ", "), func(t *testing.T) {
					t.Parallel()
					f := farAway(t, http2, c.answer)
					client := f.client(t)
					if reused {
						if _, err := client.Components(t.Context()); err != nil {
							t.Fatal(err)
						}
					}
					ctx := t.Context()
					if c.code == wire.CodeTimeout {
						short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
						defer cancel()
						ctx = short
					}
					_, err := client.CreatePeer(ctx, newPeer(t))
					wantFault(t, err, c.code, c.certainty, c.transient)
					if n := f.times(http.MethodPost); n != 1 {
						t.Errorf("the console saw it %d times", n)
					}
				})
			}
		}
	}
}

func TestARemovalWhoseAnswerIsLostIsNotSentAgain(t *testing.T) {
	t.Parallel()
	f := farAway(t, false, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	wantFault(t, f.client(t).RemoveDeployed(t.Context(), "a"), wire.CodeInterrupted, fault.Unsure, true)
	if n := f.times(http.MethodDelete); n != 1 {
		t.Errorf("the console saw it %d times", n)
	}
}

func TestACreateHasTheTimeThatAConsoleMayTake(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var left time.Duration
		h := &http.Client{Transport: deadline{&left}}
		c := clientOf(t, h, "https://console.example")
		for name, do := range map[string]struct {
			call func() error
			want time.Duration
		}{
			"create": {func() error { _, err := c.CreateCA(t.Context(), newCA()); return err }, createTime},
			"remove": {func() error { return c.RemoveDeployed(t.Context(), "a") }, createTime},
			"status": {func() error { _, err := c.Status(t.Context(), "a"); return err }, callTime},
			"read":   {func() error { _, err := c.Components(t.Context()); return err }, callTime},
		} {
			_ = do.call()
			if left > do.want || left < do.want-10*time.Second {
				t.Errorf("%s has %s, want %s", name, left, do.want)
			}
		}
		// The console's own limit, after which it answers with a failure, is 105 s (console-api.md 0.4).
		if createTime <= 105*time.Second {
			t.Errorf("a create is given up after %s, before the console gives up", createTime)
		}
	})
}

// deadline notes how long a request may take.
type deadline struct{ left *time.Duration }

// RoundTrip implements http.RoundTripper.
func (d deadline) RoundTrip(r *http.Request) (*http.Response, error) {
	at, _ := r.Context().Deadline()
	*d.left = time.Until(at)
	return nil, http.ErrSkipAltProtocol
}
