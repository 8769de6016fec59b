package consoles

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"farol/state/secret"
)

const tokens = "/identity/token"

// bearerToken is what a console keeps of a token: what proves it, not the token.
type bearerToken struct {
	apiKey
	Name string `json:"name"` // of the key that it came for
	Ends int64  `json:"ends"` // milliseconds
}

// How long a token lives, in seconds (console-api.md 1.2).
const (
	usualLife = 3600
	leastLife = 10
	mostLife  = 1_296_000
)

// createToken exchanges a key for a bearer token.
func (c *Console) createToken(r *http.Request, _ map[string]string) answer {
	b, bad := tokenBody(r)
	if bad != nil {
		return *bad
	}
	who := howOf(r).who
	if !who.key {
		return fail(http.StatusNotFound, "error", "not_found", "reason", "missing")
	}
	given, life := who.roles, float64(usualLife)
	rules := schema{open: true, props: []prop{{"roles", each(1, len(roles), oneOf(roles...))}, {"expiration_secs", number(leastLife, mostLife)}}}
	if msgs := check(b, rules); len(msgs) > 0 {
		return invalid(msgs)
	}
	if list, asked := b.fields["roles"].([]any); asked {
		given = nil
		for _, one := range list {
			role, _ := one.(string)
			if !who.has(role) {
				return fail(http.StatusBadRequest, "msg", []string{"cannot create a token with a role that the api key does not have."})
			}
			given = append(given, role)
		}
	}
	if f, asked := b.fields["expiration_secs"].(float64); asked {
		life = f
	}
	ends := c.o.Clock().Add(time.Duration(life) * time.Second).UnixMilli()
	id, random := secret.Random(12).Expose(), secret.Random(32)
	made := bearerToken{c.newKey(random, given, ""), who.name, ends}
	if err := c.store.update(func(d *data) {
		now := c.o.Clock().UnixMilli()
		maps.DeleteFunc(d.Tokens, func(_ string, t bearerToken) bool { return now >= t.Ends })
		d.Tokens[id] = made
	}); err != nil {
		return fail(http.StatusInternalServerError, "msg", "unable to store token")
	}
	head, _ := json.Marshal(map[string]any{"id": id, "exp": ends})
	return ok(map[string]any{
		"access_token":  "t." + base64.RawURLEncoding.EncodeToString(head) + "." + random.Expose(),
		"refresh_token": "not_supported", "token_type": "Bearer", "expires_in": int(life), "expiration": ends,
		"scope": "foc bearer", "roles": given, "message": "ok",
	})
}

// tokenBody is nothing when the credentials came as a form.
func tokenBody(r *http.Request) (body, *answer) {
	if isForm(r) {
		return body{fields: map[string]any{}}, nil
	}
	return decode(r)
}

func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// maxForm bounds what is read of somebody who may be nobody.
const maxForm = 4 << 10

// formLogin reads a key from a form, as IBM Cloud takes it.
func formLogin(r *http.Request) (name, pass string, given bool) {
	if !isForm(r) {
		return "", "", false
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxForm)
	name, pass, given = strings.Cut(r.PostFormValue("apikey"), ":")
	return name, pass, given
}

// tokenParts are the id and the proof in a token; the id is empty when a console never made it.
func tokenParts(token string) (id, proof string) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || parts[0] != "t" {
		return "", ""
	}
	var head struct{ ID string }
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(b, &head) != nil {
		return "", ""
	}
	return head.ID, parts[2]
}

// bearer finds who holds a token.
func (c *Console) bearer(token string) (caller, *answer) {
	id, proof := tokenParts(token)
	if id == "" {
		return caller{}, &answer{status: http.StatusBadRequest, body: map[string]any{"statusCode": http.StatusBadRequest,
			"errors": []string{`Internal setup error, the settings variable "iam_api_key" is missing`}}}
	}
	t, there := c.store.read().Tokens[id]
	if !there || !t.proves(proof) || c.o.Clock().UnixMilli() >= t.Ends {
		a := unauthorized(c.o.HostURL)
		return caller{}, &a
	}
	return caller{name: t.Name, roles: t.Roles}, nil
}

// tokenOf finds a token by itself or its id, of the same key or for a manager.
func (c *Console) tokenOf(r *http.Request, a map[string]string) (string, bearerToken, bool) {
	id := a["token"]
	if inside, _ := tokenParts(id); inside != "" {
		id = inside
	}
	t, there := c.store.read().Tokens[id]
	who := howOf(r).who
	return id, t, there && (t.Name == who.name || who.may(actionKeys))
}

func (c *Console) readToken(r *http.Request, a map[string]string) answer {
	id, t, there := c.tokenOf(r, a)
	if !there {
		return fail(http.StatusNotFound, "error", "not_found", "reason", "missing")
	}
	return ok(map[string]any{"message": "ok", "id": id, "roles": t.Roles, "expiration": t.Ends, "ts_created": t.Created})
}

func (c *Console) revokeToken(r *http.Request, a map[string]string) answer {
	id, _, there := c.tokenOf(r, a)
	if !there {
		return fail(http.StatusNotFound, "error", "not_found", "reason", "missing")
	}
	if err := c.store.update(func(d *data) { delete(d.Tokens, id) }); err != nil {
		return fail(http.StatusInternalServerError, "msg", "unable to delete token")
	}
	return ok(map[string]any{"message": "ok", "deleted": id})
}

// has tells whether a caller has a role or a higher one.
func (c caller) has(role string) bool {
	return slices.Contains(c.roles, role) || c.level() >= (caller{roles: []string{role}}).level()
}
