package consoles

import (
	"context"
	"net/http"
	"strings"

	"farol/state/secret"
)

// admit finds out who asks, or says why nobody does. Browsers have sessions; programs have keys, tokens, or the
// password of a user.
func (c *Console) admit(r *http.Request, how asked) (caller, *answer) {
	if how.browser {
		return c.session(r)
	}
	if token, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); is {
		return c.bearer(token)
	}
	name, pass, given := r.BasicAuth()
	if how.path == tokens && !given {
		name, pass, given = formLogin(r)
	}
	who, refused := c.gate.who(r, given, func() (caller, bool) { return c.proven(name, pass) })
	if refused == nil && who.fresh && (how.path != "/permissions/keys" && how.path != tokens || r.Method != http.MethodPost) {
		a := unauthorized(c.o.HostURL) // until the default password is changed (console-api.md 1.2)
		return caller{}, &a
	}
	return who, refused
}

// proven tells whose password it is.
func (c *Console) proven(name, pass string) (caller, bool) {
	known := c.store.read()
	if k, there := known.Keys[name]; there && k.proves(pass) {
		return caller{name: name, roles: k.Roles, key: true}, true
	}
	name = strings.ToLower(name)
	if u, there := known.Users[name]; there && u.proves(pass) {
		return caller{name: name, roles: u.Roles, fresh: u.Default}, true
	}
	return caller{}, false
}

// lacking is the answer to somebody without the role: a text to a key, JSON to everybody else (console-api.md 0.10).
func (c *Console) lacking(who caller, action string) answer {
	if who.key {
		return unauthorized(c.o.HostURL)
	}
	return answer{status: http.StatusForbidden, body: map[string]any{
		"authorized": false, "error": "username/api key is not authorized for these action(s)",
		"attempted_actions": []string{action}, "iid": c.o.Instance, "tx_id": transaction(),
	}}
}

// transaction is the number that consoles give a call.
func transaction() string { return "-:" + secret.Random(5).Expose() }

type askedKey struct{}

func with(r *http.Request, how asked) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), askedKey{}, how))
}

// howOf is how a request was asked; handlers find it there.
func howOf(r *http.Request) asked {
	how, _ := r.Context().Value(askedKey{}).(asked)
	return how
}
