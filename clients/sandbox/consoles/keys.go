package consoles

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"farol/state/secret"
)

// apiKey is what a console keeps of a key: never its secret, only what proves it.
type apiKey struct {
	Salt        string   `json:"salt"`
	Hash        string   `json:"hash"`
	Roles       []string `json:"roles"`
	Description string   `json:"description"`
	Created     int64    `json:"created"`
}

// hash needs no slow function: secrets are long and random.
func hash(salt, pass string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + pass))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (c *Console) newKey(pass secret.Secret, roles []string, description string) apiKey {
	k := apiKey{Salt: secret.Random(16).Expose(), Roles: roles, Description: description, Created: c.o.Clock().UnixMilli()}
	k.Hash = hash(k.Salt, pass.Expose())
	return k
}

func (k apiKey) proves(pass string) bool {
	return subtle.ConstantTimeCompare([]byte(hash(k.Salt, pass)), []byte(k.Hash)) == 1
}

// AddKey makes an API key known, as the person at the UI would make it.
func (c *Console) AddKey(key string, pass secret.Secret, roles ...string) error {
	made := c.newKey(pass, roles, "")
	return c.store.update(func(d *data) { d.Keys[key] = made })
}

// roles of keys, in the order in which a console names them.
var roles = []string{"manager", "writer", "reader"}

// createKey makes a key and shows its secret, once.
func (c *Console) createKey(r *http.Request, _ map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	list, _ := b.fields["roles"].([]any)
	if len(list) == 0 {
		return fail(http.StatusBadRequest, "msg", []string{"must have at least 1 role for key."})
	}
	var given []string
	for _, one := range list {
		role, _ := one.(string)
		if !slices.Contains(roles, role) {
			return fail(http.StatusBadRequest, "msg", []string{`invalid roles for api key. valid roles: ["` + strings.Join(roles, `","`) + `"]`})
		}
		given = append(given, role)
	}
	key, pass := "k"+secret.Random(15).Expose(), secret.Random(32)
	made := c.newKey(pass, given, textAt(b.fields, "description"))
	if err := c.store.update(func(d *data) { d.Keys[key] = made }); err != nil {
		return fail(http.StatusInternalServerError, "msg", "unable to store key")
	}
	return ok(map[string]any{"api_key": key, "api_secret": pass.Expose(), "roles": given, "message": "ok"})
}

// listKeys shows the newest key first.
func (c *Console) listKeys(*http.Request, map[string]string) answer {
	keys := c.store.read().Keys
	names := slices.SortedFunc(maps.Keys(keys), func(a, b string) int {
		if d := keys[b].Created - keys[a].Created; d != 0 {
			return int(d)
		}
		return strings.Compare(a, b)
	})
	out := []any{}
	for _, name := range names {
		k := keys[name]
		out = append(out, map[string]any{"api_key": name, "roles": k.Roles, "ts_created": k.Created, "description": k.Description})
	}
	return ok(map[string]any{"message": "ok", "keys": out})
}

func (c *Console) deleteKey(_ *http.Request, a map[string]string) answer {
	found := false
	err := c.store.update(func(d *data) {
		_, found = d.Keys[a["key"]]
		delete(d.Keys, a["key"])
	})
	switch {
	case err != nil:
		return fail(http.StatusInternalServerError, "msg", "unable to delete key")
	case !found:
		return fail(http.StatusNotFound, "error", "not_found", "reason", "missing")
	}
	return ok(map[string]any{"message": "ok", "deleted": a["key"]})
}

// censored is how much of a key consoles write down.
func censored(key string) string { return fmt.Sprintf("%.8s***", key) }
