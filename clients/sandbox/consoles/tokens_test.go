package consoles

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// token exchanges a key for a bearer token.
func token(t *testing.T, c *Console, key, body string) string {
	t.Helper()
	var out struct {
		Token string `json:"access_token"`
	}
	w := call(c, "POST", base+"/identity/token", key, body)
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || !strings.HasPrefix(out.Token, "t.") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return out.Token
}

func bear(c *Console, token, method, path, body string) *httptest.ResponseRecorder {
	r := request(method, path, body)
	r.Header.Set("Authorization", "Bearer "+token)
	return serve(c, r)
}

func TestATokenMayDoWhatItsRolesMay(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	all, some := token(t, c, "manager", ""), token(t, c, "manager", `{"roles":["reader"]}`)
	if w := bear(c, all, "POST", base+"/components/msp", mspBody("Org1", "org1")); w.Code != 200 {
		t.Errorf("a manager's token: %d %s", w.Code, w.Body)
	}
	if w := bear(c, some, "GET", base+"/components", ""); w.Code != 200 {
		t.Errorf("a reader's token reads: %d %s", w.Code, w.Body)
	}
	if w := bear(c, some, "POST", base+"/components/msp", "{}"); w.Code != 403 || !strings.Contains(w.Body.String(), `"authorized":false`) {
		t.Errorf("a reader's token imports: %d %s", w.Code, w.Body)
	}
	if w := call(c, "POST", base+"/identity/token", "reader", `{"roles":["manager"]}`); w.Code != 400 {
		t.Errorf("a reader takes a manager's token: %d %s", w.Code, w.Body)
	}
	if w := bear(c, all, "POST", base+"/identity/token", "{}"); w.Code != 404 {
		t.Errorf("a token from a token: %d %s", w.Code, w.Body)
	}
}

func TestATokenEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t, nil)
		hour, short := token(t, c, "reader", ""), token(t, c, "reader", `{"expiration_secs":10}`)
		status := func(token string) int { return bear(c, token, "GET", base+"/components", "").Code }
		time.Sleep(9 * time.Second)
		if status(short) != 200 {
			t.Error("too early")
		}
		time.Sleep(time.Second)
		if got := status(short); got != 401 {
			t.Errorf("after its time: %d", got)
		}
		time.Sleep(time.Hour - 11*time.Second)
		if status(hour) != 200 {
			t.Error("a token lives an hour unless told otherwise")
		}
		time.Sleep(time.Second)
		if status(hour) != 401 {
			t.Error("a token lives longer than an hour")
		}
		for _, body := range []string{`{"expiration_secs":9}`, `{"expiration_secs":1296001}`, `{"roles":["king"]}`, `{"roles":"reader"}`} {
			if w := call(c, "POST", base+"/identity/token", "reader", body); w.Code != 400 {
				t.Errorf("%s: %d %s", body, w.Code, w.Body)
			}
		}
	})
}

func TestATokenIsReadAndRevoked(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	held := token(t, c, "writer", "")
	forged := held[:len(held)-4] + "0000"
	if w := bear(c, forged, "GET", base+"/components", ""); w.Code != 401 {
		t.Errorf("a forged token: %d", w.Code)
	}
	path := base + "/identity/token/" + held
	if w := call(c, "GET", path, "writer", ""); w.Code != 200 || strings.Contains(w.Body.String(), held) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := call(c, "DELETE", path, "reader", ""); w.Code != 404 {
		t.Errorf("somebody else's: %d %s", w.Code, w.Body)
	}
	if w := call(c, "DELETE", path, "writer", ""); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := call(c, "DELETE", path, "writer", ""); w.Code != 404 {
		t.Errorf("again: %d %s", w.Code, w.Body)
	}
	if w := bear(c, held, "GET", base+"/components", ""); w.Code != 401 {
		t.Errorf("a revoked token: %d", w.Code)
	}
	if w := bear(c, "garbage", "GET", base+"/components", ""); w.Code != 400 {
		t.Errorf("what no console made: %d", w.Code)
	}
}

func TestATokenComesForAFormToo(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	ask := func(apikey string) *httptest.ResponseRecorder {
		form := url.Values{"apikey": {apikey}, "grant_type": {"urn:ibm:params:oauth:grant-type:apikey"}}
		r := request("POST", base+"/identity/token", form.Encode())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return serve(c, r)
	}
	if w := ask("reader:" + testSecret); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask("reader:wrong"); w.Code != http.StatusUnauthorized {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
