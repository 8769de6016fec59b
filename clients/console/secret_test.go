package console

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"farol/state/fault"
)

// everyCall is one call of each kind that takes the credentials along.
func everyCall(t testing.TB, ctx context.Context, c *Client) map[string]func() error {
	return map[string]func() error{
		"user":            func() error { _, err := c.User(ctx); return err },
		"component":       func() error { _, _, err := c.Component(ctx, "a"); return err },
		"components":      func() error { _, err := c.Components(ctx); return err },
		"deployed":        func() error { _, err := c.Deployed(ctx); return err },
		"status":          func() error { _, err := c.Status(ctx, "a"); return err },
		"create CA":       func() error { _, err := c.CreateCA(ctx, newCA()); return err },
		"import MSP":      func() error { _, err := c.ImportMSP(ctx, MSPImport{ID: "a"}); return err },
		"remove imported": func() error { return c.RemoveImported(ctx, "a") },
		"remove created":  func() error { return c.RemoveDeployed(ctx, "a") },
	}
}

func TestAWrongSecretIsSentOncePerClient(t *testing.T) {
	t.Parallel()
	for first := range everyCall(t, t.Context(), nil) {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			s := replay(recorded(t, "No auth header on /ak"))
			c := s.client(t)
			calls := everyCall(t, t.Context(), c)
			wantFault(t, calls[first](), CodeUnauthorized, fault.Refused, false)
			for name, again := range calls {
				f := wantFault(t, again(), CodeUnauthorized, fault.NotSent, false)
				if f.Facts["host"] != "console.example" {
					t.Errorf("%s: %v", name, f)
				}
			}
			if n := len(s.asked()); n != 1 {
				t.Errorf("the secret was sent %d times", n)
			}
			if user, pass, ok := basic(s.asked()[0]); !ok || user != testKey || pass != testSecret {
				t.Errorf("sent as %q", user)
			}
		})
	}
}

func basic(c call) (user, pass string, ok bool) { return (&http.Request{Header: c.header}).BasicAuth() }

func TestManyCallsAtOnceSendAWrongSecretOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answer: func(int, call) (int, http.Header, string, error) {
			time.Sleep(time.Second) // all callers are there before the first answer
			return 401, nil, "Unauthorized", nil
		}}
		c := s.client(t)
		var all sync.WaitGroup
		for range 3 {
			for name, do := range everyCall(t, t.Context(), c) {
				all.Go(func() {
					if err := do(); !fault.Is(err, CodeUnauthorized) {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
		}
		all.Wait()
		if n := len(s.asked()); n != 1 {
			t.Errorf("the secret was sent %d times", n)
		}
	})
}

func TestCallsGoSideBySideOnceTheSecretIsProven(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answer: func(int, call) (int, http.Header, string, error) {
			time.Sleep(time.Second)
			return 200, nil, `{"components":[]}`, nil
		}}
		c := s.client(t)
		began := time.Now()
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if _, err := c.Components(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took := time.Since(began); took != 2*time.Second || len(s.asked()) != 10 {
			t.Errorf("%d calls took %s, want one by itself and then all", len(s.asked()), took)
		}
	})
}

func TestACallThatIsGivenUpLetsTheNextOneTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := always(200, `{"components":[]}`)
		c := s.client(t)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := c.Components(gone)
		if f, ok := fault.Of(err); !ok || f.Certainty != fault.NotSent {
			t.Errorf("a call that was given up: %v", err)
		}
		if _, err := c.Components(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A console says 401 also to a key whose role does not suffice (console-api.md 0.10). The rest must go on.
func TestARoleThatDoesNotSufficeStopsOnlyThatCall(t *testing.T) {
	t.Parallel()
	s := &script{answer: func(_ int, c call) (int, http.Header, string, error) {
		if strings.HasPrefix(c.path, deployments) && c.method == http.MethodPost {
			return 401, nil, "Unauthorized", nil
		}
		return 200, nil, `{"components":[]}`, nil
	}}
	c := s.client(t)
	if _, err := c.Components(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := c.CreateCA(t.Context(), newCA())
	wantFault(t, err, CodeUnauthorized, fault.Refused, false)
	if _, err := c.Components(t.Context()); err != nil {
		t.Errorf("the list after it: %v", err)
	}
	if n := len(s.asked()); n != 3 {
		t.Errorf("asked %d times", n)
	}
}

// Every role may read, so a read that is refused proves that the key is gone.
func TestAKeyThatWasTakenAwayIsSentOnceMore(t *testing.T) {
	t.Parallel()
	s := &script{answer: func(n int, _ call) (int, http.Header, string, error) {
		if n == 1 {
			return 200, nil, `{"components":[]}`, nil
		}
		return 401, nil, "Unauthorized", nil
	}}
	c := s.client(t)
	for range 4 {
		_, _ = c.Components(t.Context())
	}
	if n := len(s.asked()); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestALockOutIsWaitedForWithoutTrying(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answer: func(n int, _ call) (int, http.Header, string, error) {
			if n == 1 {
				return 402, nil, `{"error":"too many auth failures. client is locked out. try again in 2.0 mins","failures":7}`, nil
			}
			return 200, nil, `{"components":[]}`, nil
		}}
		c := s.client(t)
		_, err := c.Components(t.Context())
		wantFault(t, err, CodeLockedOut, fault.Refused, false)
		time.Sleep(30 * time.Second)
		_, err = c.CreateCA(t.Context(), newCA())
		if f := wantFault(t, err, CodeLockedOut, fault.NotSent, false); f.Facts["wait"] != "1m30s" || f.Facts["host"] != "console.example" {
			t.Errorf("says %v", f)
		}
		time.Sleep(90 * time.Second)
		if _, err := c.Components(t.Context()); err != nil || len(s.asked()) != 2 {
			t.Errorf("after the lock-out: %v, asked %d times", err, len(s.asked()))
		}
	})
}

func TestPublicFactsAreReadWhateverTheCredentials(t *testing.T) {
	t.Parallel()
	s := &script{answer: func(_ int, c call) (int, http.Header, string, error) {
		if strings.HasSuffix(c.path, "/settings") {
			return 200, nil, `{"AUTH_SCHEME":"couchdb"}`, nil
		}
		return 401, nil, "Unauthorized", nil
	}}
	c := s.client(t)
	_, _ = c.User(t.Context())
	if _, err := c.Settings(t.Context()); err != nil {
		t.Error(err)
	}
}
