package consoles

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"farol/state/secret"
)

// user is a person who works with a console. Default tells that the password is the one they began with.
type user struct {
	Salt    string   `json:"salt"`
	Hash    string   `json:"hash"`
	Roles   []string `json:"roles"`
	Default bool     `json:"default"`
}

// rounds slow a guesser down: passwords are not random.
const rounds = 10_000

func newUser(pass string, roles []string, fresh bool) user {
	u := user{Salt: secret.Random(16).Expose(), Roles: roles, Default: fresh}
	u.Hash = u.hash(pass)
	return u
}

func (u user) hash(pass string) string {
	sum, _ := pbkdf2.Key(sha256.New, pass, []byte(u.Salt), rounds, sha256.Size) // fails for a wrong size only
	return base64.StdEncoding.EncodeToString(sum)
}

func (u user) proves(pass string) bool {
	return subtle.ConstantTimeCompare([]byte(u.hash(pass)), []byte(u.Hash)) == 1
}

// AddUser makes a user known, who begins with a default password.
func (c *Console) AddUser(name string, initial secret.Secret, roles ...string) error {
	made := newUser(initial.Expose(), roles, true)
	return c.store.update(func(d *data) { d.Users[strings.ToLower(name)] = made })
}

const (
	cookieName  = "com.ibm.cloud.console.blockchain.optools.dev"
	sessionTime = 8 * time.Hour
)

// sessions are those of browsers. They end with the console's process.
type sessions struct {
	mu   sync.Mutex
	open map[string]session // by the cookie's value
}

type session struct {
	user string
	ends time.Time
}

func (c *Console) login(r *http.Request, _ map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	name, pass := strings.ToLower(textAt(b.fields, "email")), textAt(b.fields, "pass")
	who, refused := c.gate.who(r, true, func() (caller, bool) {
		u, there := c.store.read().Users[name]
		return caller{name: name, roles: u.Roles}, there && u.proves(pass)
	})
	switch {
	case refused != nil && refused.status == http.StatusUnauthorized:
		return fail(http.StatusUnauthorized, "msg", "Unauthorized")
	case refused != nil:
		return *refused
	}
	cookie := http.Cookie{Name: cookieName, Value: "s:" + secret.Random(32).Expose(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(c.o.HostURL, "https:")}
	c.sessions.mu.Lock()
	now := c.o.Clock()
	maps.DeleteFunc(c.sessions.open, func(_ string, s session) bool { return !now.Before(s.ends) })
	c.sessions.open[cookie.Value] = session{name, now.Add(sessionTime)}
	c.sessions.mu.Unlock()
	a := ok(map[string]any{"message": "ok", "name": name, "email": name, "roles": who.roles})
	a.header = http.Header{"Set-Cookie": {cookie.String()}}
	return a
}

// session finds the user of a browser.
func (c *Console) session(r *http.Request) (caller, *answer) {
	refused := answer{status: http.StatusUnauthorized, body: map[string]any{"error": "login to use this api"}}
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return caller{}, &refused
	}
	c.sessions.mu.Lock()
	defer c.sessions.mu.Unlock()
	s, there := c.sessions.open[cookie.Value]
	if there && !c.o.Clock().Before(s.ends) {
		delete(c.sessions.open, cookie.Value)
		there = false
	}
	u, known := c.store.read().Users[s.user]
	if !there || !known {
		return caller{}, &refused
	}
	return caller{name: s.user, roles: u.Roles}, nil
}

// passwordRules are what a new password must have; long ones are spared the letters (console-api.md 1.4).
var passwordRules = []struct {
	has  *regexp.Regexp
	long bool // also of long ones
	msg  string
}{
	{regexp.MustCompile(`^(?s).{10,}$`), true, "The password must be at least 10 characters long."},
	{regexp.MustCompile(`^(?s).{0,128}$`), true, "The password must be fewer than 128 characters."},
	{regexp.MustCompile(`[a-z]`), false, "The password must contain at least one lowercase letter."},
	{regexp.MustCompile(`[A-Z]`), false, "The password must contain at least one uppercase letter."},
	{regexp.MustCompile(`[^A-Za-z0-9]`), false, "The password must contain at least one special character."},
}

const longPassword = 20

func (c *Console) changePassword(r *http.Request, _ map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	name, desired := howOf(r).who.name, textAt(b.fields, "desired_pass")
	for _, rule := range passwordRules { // the record shows one message, of a password that breaks one rule
		if !rule.has.MatchString(desired) && (rule.long || len(desired) < longPassword) {
			return fail(http.StatusBadRequest, "msg", []string{rule.msg})
		}
	}
	right := false
	err := c.store.update(func(d *data) {
		u, there := d.Users[name]
		if right = there && u.proves(textAt(b.fields, "pass")); right {
			d.Users[name] = newUser(desired, u.Roles, false)
		}
	})
	switch {
	case err != nil:
		return fail(http.StatusInternalServerError, "msg", "unable to store password")
	case !right:
		return fail(http.StatusBadRequest, "msg", []string{"The current password is not correct."})
	}
	return ok(map[string]any{"message": "ok", "details": "password updated"})
}
