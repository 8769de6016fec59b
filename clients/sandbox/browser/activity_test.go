package browser_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"farol/clients/sandbox/browser"
	"farol/state/secret"

	"github.com/google/go-cmp/cmp"
)

// desk is a console's routes for browsers, as far as the wallet's page asks them.
type desk struct {
	sync.Mutex
	calls, lines []string
	session      string
	refuse       int // what a line gets instead of being kept
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.Lock()
	defer d.Unlock()
	d.calls = append(d.calls, r.Method+" "+r.URL.Path)
	var in map[string]string
	_ = json.NewDecoder(r.Body).Decode(&in)
	cookie, _ := r.Cookie("session")
	switch {
	case r.URL.Path == "/api/v3/settings":
	case r.URL.Path == "/api/v3/auth/login" && in["email"] == "ann" && in["pass"] == "right":
		d.session = "s:" + secret.Random(8).Expose()
		http.SetCookie(w, &http.Cookie{Name: "session", Value: d.session})
	case r.URL.Path == "/api/v3/auth/login", cookie == nil || cookie.Value != d.session:
		w.WriteHeader(http.StatusUnauthorized)
	case d.refuse != 0:
		w.WriteHeader(d.refuse)
	default:
		d.lines = append(d.lines, in["status"]+": "+in["log"])
	}
}

func at(t *testing.T, d *desk, pass string) *browser.Console {
	t.Helper()
	s := httptest.NewServer(d)
	t.Cleanup(s.Close)
	return &browser.Console{URL: s.URL, HTTP: s.Client(), User: "ann", Password: secret.FromString(pass)}
}

func TestTheLineIsLeftInThePersonsSession(t *testing.T) {
	t.Parallel()
	d := &desk{}
	c := at(t, d, "right")
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := c.Record(t.Context(), browser.Added); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"success: adding identity to user's wallet ", "success: adding identity to user's wallet "}, d.lines); diff != "" {
		t.Error(diff)
	}
	want := []string{"GET /api/v3/settings", "POST /api/v3/notifications", "POST /api/v3/auth/login", "POST /api/v3/notifications", "POST /api/v3/notifications"}
	if diff := cmp.Diff(want, d.calls); diff != "" {
		t.Error("one login serves both lines:", diff)
	}
	d.session = "another"
	if err := c.Record(t.Context(), browser.Added); err != nil || len(d.lines) != 3 {
		t.Errorf("after the session's end: %v, %d lines", err, len(d.lines))
	}
}

func TestALineThatIsNotKeptIsToldOnce(t *testing.T) {
	t.Parallel()
	d := &desk{}
	if err := at(t, d, "wrong").Record(t.Context(), browser.Added); err == nil || len(d.calls) != 2 {
		t.Errorf("a wrong password: %v after %v", err, d.calls)
	}
	d = &desk{refuse: http.StatusNotFound}
	if err := at(t, d, "right").Record(t.Context(), browser.Added); err == nil || len(d.calls) != 3 {
		t.Errorf("a console that does not know the call: %v after %v", err, d.calls)
	}
}
