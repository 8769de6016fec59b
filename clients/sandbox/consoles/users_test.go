package consoles

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"farol/state/secret"
)

// password is what a new administrator begins with.
const password = "password"

// withAdmin is a console whose administrator still has the default password.
func withAdmin(t *testing.T) *Console {
	c := newConsole(t, nil)
	if err := c.AddUser("Admin", secret.FromString(password), "manager", "writer", "reader"); err != nil {
		t.Fatal(err)
	}
	return c
}

// as asks in the name of a user or a key, with a password.
func as(c *Console, method, path, name, pass, body string) *httptest.ResponseRecorder {
	r := request(method, path, body)
	r.SetBasicAuth(name, pass)
	return serve(c, r)
}

// login gives the cookie of a new session.
func login(t *testing.T, c *Console, name, pass string) *http.Cookie {
	t.Helper()
	w := serve(c, request("POST", "/api/v3/auth/login", `{"email":"`+name+`","pass":"`+pass+`"}`))
	if w.Code != 200 || len(w.Result().Cookies()) != 1 {
		t.Fatalf("login: %d %s with %d cookies", w.Code, w.Body, len(w.Result().Cookies()))
	}
	return w.Result().Cookies()[0]
}

func browse(c *Console, cookie *http.Cookie, method, path, body string) *httptest.ResponseRecorder {
	r := request(method, path, body)
	r.AddCookie(cookie)
	return serve(c, r)
}

func TestADefaultPasswordIsGoodForLittle(t *testing.T) {
	t.Parallel()
	c := withAdmin(t)
	for _, e := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", base + "/components", "", 401},
		{"GET", base + "/permissions/keys", "", 401},
		{"DELETE", base + "/permissions/keys/reader", "", 401},
		{"GET", base + "/settings", "", 200},
		{"POST", base + "/identity/token", "{}", 404}, // tokens are for keys
		{"POST", base + "/permissions/keys", `{"roles":["reader"]}`, 200},
		{"POST", "/ak/api/v2/permissions/keys", `{"roles":["reader"]}`, 200},
		{"GET", base + "/components", "", 401},
	} {
		if w := as(c, e.method, e.path, "ADMIN", password, e.body); w.Code != e.status {
			t.Errorf("%s %s: %d %s, want %d", e.method, e.path, w.Code, w.Body, e.status)
		}
	}
	if w := call(c, "GET", base+"/components", "reader", ""); w.Code != 200 {
		t.Errorf("refusals of a right password locked the client out: %d", w.Code)
	}
}

func TestAUserChangesThePasswordAndMayDoTheRest(t *testing.T) {
	t.Parallel()
	c := withAdmin(t)
	cookie := login(t, c, "Admin", password)
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || strings.Contains(cookie.Value, password) {
		t.Errorf("the cookie is %v", cookie)
	}
	const path = "/api/v3/permissions/users/password"
	for _, e := range []struct {
		pass, desired string
		status        int
	}{
		{password, "Passw0rd!", 400},
		{password, strings.Repeat("x", 129), 400},
		{password, "passw0rd-passw0rd", 400}, // no upper case
		{password, "Passw0rdPassw0rd", 400},  // nothing special
		{"wrong", "Wizard-Passw0rd1!", 400},
		{password, "Wizard-Passw0rd1!", 200},
		{"Wizard-Passw0rd1!", "a long one needs no rule at all", 200},
	} {
		if w := browse(c, cookie, "PUT", path, `{"pass":"`+e.pass+`","desired_pass":"`+e.desired+`"}`); w.Code != e.status {
			t.Errorf("%q: %d %s, want %d", e.desired, w.Code, w.Body, e.status)
		}
	}
	if w := as(c, "GET", base+"/components", "admin", "a long one needs no rule at all", ""); w.Code != 200 {
		t.Errorf("with a password of their own: %d", w.Code)
	}
	if w := as(c, "GET", base+"/components", "admin", password, ""); w.Code != 401 {
		t.Errorf("with the old password: %d", w.Code)
	}
	if w := as(c, "PUT", base+"/permissions/users/password", "writer", testSecret, "{}"); w.Code != 404 {
		t.Errorf("programs change passwords: %d", w.Code)
	}
}

func TestASessionIsForBrowsersAndEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := withAdmin(t)
		cookie := login(t, c, "admin", password)
		if w := browse(c, cookie, "GET", base+"/components", ""); w.Code != 401 {
			t.Errorf("a cookie on a program's route: %d", w.Code)
		}
		const list = "/api/v3/components"
		if w := browse(c, cookie, "GET", list, ""); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := browse(c, &http.Cookie{Name: cookie.Name, Value: "s:guess"}, "GET", list, ""); w.Code != 401 {
			t.Errorf("a made-up session: %d", w.Code)
		}
		if w := as(c, "GET", list, "manager", testSecret, ""); w.Code != 401 || w.Body.String() != `{"error":"login to use this api"}` {
			t.Errorf("a key on a browser's route: %d %s", w.Code, w.Body)
		}
		time.Sleep(8 * time.Hour)
		if w := browse(c, cookie, "GET", list, ""); w.Code != 401 {
			t.Errorf("after eight hours: %d", w.Code)
		}
	})
}

func TestWrongPasswordsAtTheLoginLockOut(t *testing.T) {
	t.Parallel()
	c := withAdmin(t)
	for i, want := range []int{401, 401, 401, 401, 401, 402} {
		if w := serve(c, request("POST", "/api/v3/auth/login", `{"email":"admin","pass":"nope"}`)); w.Code != want {
			t.Errorf("try %d: %d, want %d", i+1, w.Code, want)
		}
	}
}

func TestAUserWithoutTheRoleIsToldInJSON(t *testing.T) {
	t.Parallel()
	c := withAdmin(t)
	if err := c.AddUser("reader@here", secret.FromString(password), "reader"); err != nil {
		t.Fatal(err)
	}
	cookie := login(t, c, "reader@here", password)
	for _, e := range []struct{ path, action string }{{"/components/msp", actionImport}, {"/kubernetes/components/fabric-ca", actionCreate}} {
		w := browse(c, cookie, "POST", "/api/v3"+e.path, "{}")
		if w.Code != 403 || !strings.Contains(w.Body.String(), `"attempted_actions":["`+e.action+`"]`) {
			t.Errorf("%s: %d %s", e.path, w.Code, w.Body)
		}
	}
	if w := call(c, "POST", base+"/components/msp", "reader", "{}"); w.Code != 401 || w.Body.String() != "Unauthorized" {
		t.Errorf("a key: %d %s", w.Code, w.Body)
	}
}

func TestPasswordsAreNotKeptInClear(t *testing.T) {
	t.Parallel()
	c := withAdmin(t)
	if u := c.store.read().Users["admin"]; strings.Contains(u.Hash, password) || u.Hash == "" || !u.Default {
		t.Errorf("kept: %+v", u)
	}
}
