package sandbox

import (
	"encoding/json"
	"net/http"
	"testing"
)

// TestATokenExpiresAndANewOneIsGood is what a client must do about it: ask for another one.
func TestATokenExpiresAndANewOneIsGood(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	token := func() string {
		t.Helper()
		var out struct {
			Token string `json:"access_token"`
		}
		if c := ask(t, w, 1, "POST", "/identity/token", object{}); !c.fine() || json.Unmarshal(c.body, &out) != nil || out.Token == "" {
			t.Fatalf("no token: %d %s %v", c.status, c.body, c.err)
		}
		return out.Token
	}
	client := console(t, w)
	reads := func(token string) int {
		t.Helper()
		q, err := http.NewRequest("GET", w.Regions[1].ConsoleURL+"/ak/api/v3/components", nil)
		ok(t, err)
		q.Header.Set("Authorization", "Bearer "+token)
		resp, err := client.Do(q)
		ok(t, err)
		resp.Body.Close()
		return resp.StatusCode
	}
	old := token()
	if s := reads(old); s != 200 {
		t.Fatalf("a new token: %d", s)
	}
	ok(t, w.Fault(t.Context(), TokenExpired, "us-east"))
	if s := reads(old); s != 401 {
		t.Errorf("the expired token: %d", s)
	}
	second := token()
	if s := reads(second); s != 200 {
		t.Errorf("a token that was made since: %d", s)
	}
	if c := ask(t, w, 1, "GET", "/components", nil); !c.fine() {
		t.Errorf("an API key: %d %v", c.status, c.err)
	}
	ok(t, w.EndFault(t.Context(), TokenExpired, ""))
	ok(t, w.Fault(t.Context(), TokenExpired, "us-east"))
	if s := reads(second); s != 401 {
		t.Errorf("the second token, expired as well: %d", s)
	}
	ok(t, w.EndFaults(t.Context(), ""))
	if s := reads(second); s != 200 {
		t.Errorf("a token after the fault: %d", s)
	}
	whole(t, w)
}
