package consoles

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"farol/state/secret"
)

// deaf is a body that must not be read.
type deaf struct{ t *testing.T }

func (d deaf) Read([]byte) (int, error) {
	d.t.Error("the body was read")
	return 0, errors.New("deaf")
}

const imports1 = "/ak/api/v3/components/fabric-ca"

func TestABodyIsNotReadOfACallerWhoIsTurnedAway(t *testing.T) {
	t.Parallel()
	c := newConsole(t, func(o *Options) { o.Writes = 4 })
	send := func(key, pass string) int {
		r := httptest.NewRequest("POST", imports1, deaf{t})
		if key != "" {
			r.SetBasicAuth(key, pass)
		}
		return serve(c, r).Code
	}
	for i, want := range []struct {
		key, pass string
		status    int
	}{{"", "", 401}, {"writer", "wrong", 401}, {"nobody", testSecret, 401}, {"reader", testSecret, 401}, {"writer", testSecret, 429}} {
		if got := send(want.key, want.pass); got != want.status {
			t.Errorf("call %d: status %d, want %d", i+1, got, want.status)
		}
	}
}

func TestFiveWrongLoginsLockAClientOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t, nil)
		login := func(from, pass string) *httptest.ResponseRecorder {
			r := request("GET", "/ak/api/v3/components", "")
			r.RemoteAddr = from + ":5000"
			r.SetBasicAuth("reader", pass)
			return serve(c, r)
		}
		for i, want := range []int{401, 401, 401, 401, 401, 402, 402, 402} {
			w := login("10.0.0.1", "wrong")
			if w.Code != want {
				t.Errorf("wrong login %d: status %d, want %d", i+1, w.Code, want)
			}
			if i == 7 && w.Body.String() != `{"error":"too many auth failures. client is locked out. try again in 2.0 mins","failures":7}` {
				t.Errorf("the eighth answer is %s", w.Body)
			}
		}
		if w := login("10.0.0.1", testSecret); w.Code != 402 || !strings.Contains(w.Body.String(), `"failures":8`) {
			t.Errorf("the right secret of a client who is locked out: %d %s", w.Code, w.Body)
		}
		if w := login("10.0.0.2", testSecret); w.Code != 200 {
			t.Errorf("another client is locked out, too: %d", w.Code)
		}
		time.Sleep(lockTime - time.Second)
		if w := login("10.0.0.1", testSecret); w.Code != 402 {
			t.Errorf("too early: %d", w.Code)
		}
		time.Sleep(lockTime - time.Second) // the last try has prolonged it
		if w := login("10.0.0.1", testSecret); w.Code != 402 {
			t.Errorf("a refused try did not prolong the lock: %d", w.Code)
		}
		time.Sleep(lockTime)
		if w := login("10.0.0.1", testSecret); w.Code != 200 {
			t.Errorf("after two minutes: %d", w.Code)
		}
	})
}

func TestARightLoginForgetsTheWrongOnes(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	for range 3 {
		for range 4 {
			r := request("GET", "/ak/api/v3/components", "")
			r.SetBasicAuth("reader", "wrong")
			if w := serve(c, r); w.Code != 401 {
				t.Fatalf("status %d, want 401", w.Code)
			}
		}
		if w := call(c, "GET", "/ak/api/v3/components", "reader", ""); w.Code != 200 {
			t.Fatalf("status %d, want 200", w.Code)
		}
	}
}

func TestCallsAreLimitedByTheMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, lane := range []struct {
			method, path, key string
			limit             int
		}{{"GET", "/ak/api/v3/components", "reader", DefaultReads}, {"POST", imports1, "writer", DefaultWrites}, {"GET", "/ak/api/v3/nope", "", DefaultReads}} {
			c := newConsole(t, nil)
			ask := func(agent string) *httptest.ResponseRecorder {
				r := httptest.NewRequest(lane.method, lane.path, strings.NewReader("{}"))
				r.Header.Set("User-Agent", agent)
				if lane.key != "" {
					r.SetBasicAuth(lane.key, testSecret)
				}
				return serve(c, r)
			}
			for i := range lane.limit {
				if w := ask("a"); w.Code == 429 {
					t.Fatalf("%s %s: refused at call %d of %d", lane.method, lane.path, i+1, lane.limit)
				}
			}
			w := ask("a")
			if h := w.Header(); w.Code != 429 || h.Get("Retry-After") != "60" || h.Get("X-RateLimit-Remaining") != "0" {
				t.Errorf("%s %s: one more is answered with %d %v", lane.method, lane.path, w.Code, h)
			}
			if !strings.HasPrefix(w.Body.String(), `{"error":"[AK Requests] exceeded the low volume rate limit`) {
				t.Errorf("429 says %s", w.Body)
			}
			if w := ask("b"); w.Code == 429 {
				t.Error("another program is limited, too")
			}
			time.Sleep(time.Minute)
			if w := ask("a"); w.Code == 429 {
				t.Error("the next minute is limited, too")
			}
		}
	})
}

func TestOldCountsAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t, nil)
		for range 500 {
			call(c, "GET", "/ak/api/v3/settings", "", "") // each with its own user agent
		}
		time.Sleep(2 * time.Minute)
		call(c, "GET", "/ak/api/v3/settings", "", "")
		if n := len(c.gate.counts); n > 1 {
			t.Errorf("%d counts are kept", n)
		}
	})
}

func TestTheStoreKeepsNoSecretOfAKey(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	w := call(c, "POST", "/ak/api/v3/permissions/keys", "manager", `{"roles":["writer"],"description":"mine"}`)
	if w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	_, made, _ := strings.Cut(w.Body.String(), `"api_secret":"`)
	made, _, _ = strings.Cut(made, `"`)
	b, err := os.ReadFile(c.o.Store)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{testSecret, made} {
		if len(s) != 32 || strings.Contains(string(b), s) {
			t.Errorf("a secret of %d characters is in the store", len(s))
		}
	}
	info, err := os.Stat(c.o.Store)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the store may be read by others: %v %v", info.Mode(), err)
	}
}

func TestTwoKeysWithOneSecretLookDifferent(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	a, b := c.newKey(secret.FromString(testSecret), nil, ""), c.newKey(secret.FromString(testSecret), nil, "")
	if a.Hash == b.Hash || !a.proves(testSecret) || a.proves(testSecret+"x") || (apiKey{}).proves("") {
		t.Error("hashes have no salt, or prove too much")
	}
}

func TestADeletedKeyIsOfNoUse(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	if w := call(c, "DELETE", "/ak/api/v3/permissions/keys/writer", "reader", ""); w.Code != 401 {
		t.Errorf("a reader may delete keys: %d", w.Code)
	}
	w := call(c, "DELETE", "/ak/api/v3/permissions/keys/writer", "manager", "")
	if body, _ := io.ReadAll(w.Body); w.Code != 200 || string(body) != `{"deleted":"writer","message":"ok"}` {
		t.Errorf("%d %s", w.Code, body)
	}
	if w := call(c, "GET", "/ak/api/v3/components", "writer", ""); w.Code != 401 {
		t.Errorf("the key still opens: %d", w.Code)
	}
	if w := call(c, "DELETE", "/ak/api/v3/permissions/keys/writer", "manager", ""); w.Code != 404 {
		t.Errorf("deleted twice: %d", w.Code)
	}
}

func TestAnImportOnlyConsoleSaysSoBeforeItAsksWho(t *testing.T) {
	t.Parallel()
	c := newConsole(t, func(o *Options) { o.ImportOnly = true })
	for _, path := range []string{"POST /kubernetes/components/fabric-ca", "GET /kubernetes/components", "GET /kubernetes/fabric/versions", "DELETE /kubernetes/components/x"} {
		method, path, _ := strings.Cut(path, " ")
		if w := call(c, method, base+path, "", "{}"); w.Code != 503 || !strings.Contains(w.Body.String(), "api is not available") {
			t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	}
	if w := call(c, "GET", base+"/settings", "", ""); !strings.Contains(w.Body.String(), `"IMPORT_ONLY":true`) {
		t.Error("the settings hide it")
	}
}
