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
	"strings"
	"sync"
	"testing"
	"time"

	"farol/state/fault"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// notes keeps what a network told of its calls.
type notes struct {
	mu           sync.Mutex
	before, done []Call
}

func (n *notes) network(tap func(Call) error) Network {
	keep := func(list *[]Call) func(Call) {
		return func(c Call) { n.mu.Lock(); defer n.mu.Unlock(); *list = append(*list, c) }
	}
	before := keep(&n.before)
	return Network{Done: keep(&n.done), Tap: func(c Call) error {
		before(c)
		if tap == nil {
			return nil
		}
		return tap(c)
	}}
}

type marker struct{}

func TestEveryRequestIsToldWithItsFactsAndNothingSecret(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "127.0.0.1")}}, func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != UserAgent {
			t.Errorf("asked as %q", r.UserAgent())
		}
		w.WriteHeader(http.StatusTeapot)
	})
	ctx := context.WithValue(t.Context(), marker{}, "kept")
	for name, c := range map[string]struct {
		way  way
		call Call
	}{
		"HTTP": {ways[0], Call{Method: "POST", Host: f.addr, Path: "/path", Status: "418"}},
		"gRPC": {ways[2], Call{Method: "/farol.Test/Ask", Host: f.addr, Status: "OK"}},
	} {
		var n notes
		if err := c.way.ask(ctx, n.network(nil), f.addr, Trust{RootsPEM: root.pem}); err != nil {
			t.Fatal(err)
		}
		ignore := cmpopts.IgnoreFields(Call{}, "Ctx", "Took")
		if diff := cmp.Diff([]Call{c.call}, n.done, ignore); diff != "" || n.done[0].Took <= 0 {
			t.Errorf("%s, after it took %s:\n%s", name, n.done[0].Took, diff)
		}
		c.call.Status = ""
		if diff := cmp.Diff([]Call{c.call}, n.before, ignore); diff != "" {
			t.Errorf("%s, before:\n%s", name, diff)
		}
		for _, told := range append(n.before, n.done...) {
			if told.Ctx == nil || told.Ctx.Value(marker{}) != "kept" {
				t.Errorf("%s: the context is lost", name)
			}
		}
	}
}

func TestAFailedRequestIsToldToo(t *testing.T) {
	t.Parallel()
	addr := closedPort(t)
	for way, status := range map[int]string{0: "failed", 2: "Unavailable"} {
		var n notes
		_ = ways[way].ask(t.Context(), n.network(nil), addr, Trust{RootsPEM: newAuthority(t).pem})
		if len(n.done) != 1 || n.done[0].Status != status {
			t.Errorf("%s: told %+v", ways[way].name, n.done)
		}
	}
}

func TestATapKeepsARequestFromLeaving(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "127.0.0.1")}}, fine)
	stop := errors.New("stop")
	for _, w := range asking() {
		var n notes
		err := w.ask(t.Context(), n.network(func(Call) error { return stop }), f.addr, Trust{RootsPEM: root.pem})
		want{CodeTapped, fault.NotSent, false}.check(t, err, f.addr)
		if !errors.Is(err, stop) || len(n.done) != 0 {
			t.Errorf("%s: %v, told %v", w.name, err, n.done)
		}
		own := fault.New(CodeRoots).Certain(fault.NotSent) // a tap may say it in its own words
		err = w.ask(t.Context(), n.network(func(Call) error { return own }), f.addr, Trust{RootsPEM: root.pem})
		if got, _ := fault.Of(err); got != own {
			t.Errorf("%s: %v", w.name, err)
		}
	}
	if f.asked.Load() != 0 {
		t.Error("it was asked all the same")
	}
}

// TestNothingSecretStandsInErrorsOrCalls asks with a secret in every place that may have one, and lets every way fail.
func TestNothingSecretStandsInErrorsOrCalls(t *testing.T) {
	t.Parallel()
	const canary = "Canary-3b1f"
	root, other := newAuthority(t), newAuthority(t)
	cert := root.server(t, nil, "127.0.0.1")
	for name, c := range map[string]struct {
		addr  string
		roots []byte
	}{
		"answered": {serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}}, fine).addr, root.pem},
		"redirect": {serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}}, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://x.example/", http.StatusFound)
		}).addr, root.pem},
		"broken":    {serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}}, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }).addr, root.pem},
		"untrusted": {serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}}, fine).addr, other.pem},
		"refused":   {closedPort(t), root.pem},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var n notes
			network := n.network(nil)
			h, err := network.HTTP(Trust{RootsPEM: c.roots})
			if err != nil {
				t.Fatal(err)
			}
			defer h.CloseIdleConnections()
			r, err := http.NewRequestWithContext(t.Context(), "POST", "https://"+c.addr+"/path?token="+canary, strings.NewReader(canary))
			if err != nil {
				t.Fatal(err)
			}
			r.SetBasicAuth("user", canary)
			r.Header.Set("X-Token", canary)
			resp, err := h.Do(r)
			if err == nil {
				resp.Body.Close()
			} else if text := Classify(err, c.addr).Error(); strings.Contains(text, canary) {
				t.Errorf("error %s", text)
			}
			for _, call := range append(n.before, n.done...) {
				call.Ctx = nil
				if text := fmt.Sprintf("%+v", call); strings.Contains(text, canary) {
					t.Errorf("call %s", text)
				}
			}
			if len(n.before) != 1 || len(n.done) != 1 {
				t.Errorf("told %d and %d times", len(n.before), len(n.done))
			}
		})
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	cert := root.server(t, nil, "127.0.0.1")
	elsewhere := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}}, fine)
	for _, status := range []int{301, 302, 303, 307, 308} {
		f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}}, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+elsewhere.addr+"/", status)
		})
		h, err := Network{}.HTTP(Trust{RootsPEM: root.pem})
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{"GET", "POST"} {
			r, _ := http.NewRequestWithContext(t.Context(), method, "https://"+f.addr, nil)
			resp, err := h.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != status {
				t.Errorf("%s got %d, want %d", method, resp.StatusCode, status)
			}
		}
		h.CloseIdleConnections()
	}
	if elsewhere.asked.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestNothingIsSaidInClear(t *testing.T) {
	t.Parallel()
	f := listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	h, err := Network{}.HTTP(Trust{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Get("http://" + f.addr + "/")
	want{CodeTLS, fault.NotSent, false}.check(t, Classify(err, f.addr), f.addr)
	if f.asked.Load() != 0 {
		t.Error("it was called all the same")
	}
}

func TestAnAnswerIsReadUpToALimit(t *testing.T) {
	t.Parallel()
	for size, limit := range map[int]int64{0: 0, 5: 5, 4: 5, 6: 5, 1 << 20: 1 << 10} {
		body := &closing{Reader: strings.NewReader(strings.Repeat("x", size))}
		b, err := ReadBody(&http.Response{Body: body}, limit)
		if !body.closed {
			t.Error("the body stays open")
		}
		if int64(size) > limit {
			if !errors.Is(err, ErrTooLarge) || b != nil {
				t.Errorf("%d of %d: %v", size, limit, err)
			}
		} else if err != nil || len(b) != size {
			t.Errorf("%d of %d: %d %v", size, limit, len(b), err)
		}
	}
}

// closing tells whether it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestAHeaderHasALimit(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "127.0.0.1")}}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 2*maxHeader))
	})
	err := ways[0].ask(t.Context(), Network{}, f.addr, Trust{RootsPEM: root.pem})
	if got, ok := fault.Of(err); !ok || got.Certainty != fault.Unsure {
		t.Errorf("got %v", err)
	}
}

func TestTheTimesOfAClientAreThoseOfThePlan(t *testing.T) {
	t.Parallel()
	h, err := Network{Proxy: &url.URL{Scheme: "http", Host: "p"}}.HTTP(Trust{})
	if err != nil {
		t.Fatal(err)
	}
	tr := h.Transport.(tapped).next.(*http.Transport)
	// reliability.md 3.2, and a create that a console answers after 105 s at most, which needs more (console-api.md 0.4).
	if connectTime != 10*time.Second || tr.TLSHandshakeTimeout != 10*time.Second || tr.ResponseHeaderTimeout <= 150*time.Second || tr.MaxResponseHeaderBytes != 64<<10 {
		t.Errorf("times %+v", tr)
	}
	if tr.Proxy != nil || tr.TLSClientConfig.InsecureSkipVerify || tr.TLSClientConfig.MinVersion != tls.VersionTLS12 {
		t.Error("the client trusts, or goes, in another way than ours")
	}
}
