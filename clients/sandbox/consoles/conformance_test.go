package consoles

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"farol/state/secret"

	"github.com/google/go-cmp/cmp"
)

// apart are the recorded exchanges that the emulator does not answer alike, and why.
var apart = map[string]string{
	"Initial admin with the default password, GET":                "consoles here have keys and no users",
	"Default password on POST .../identity/token":                 "no users",
	"Session route without a session":                             "no browser sessions",
	"Session login":                                               "no browser sessions",
	"Session list with the cookie":                                "no browser sessions",
	"Session route, validation error (has raw)":                   "no browser sessions",
	"Session: change password":                                    "no browser sessions",
	"Session: change password, long enough":                       "no browser sessions",
	"User basic auth after the password change: list on /ak":      "no users",
	"Session login, wrong password":                               "no browser sessions",
	"Exchange for a bearer token":                                 "no bearer tokens: Farol uses keys",
	"Bearer token with only the reader role: list":                "no bearer tokens",
	"Bearer token with only the reader role: import":              "no bearer tokens",
	"Bearer token: garbage":                                       "no bearer tokens",
	"Health (not a route)":                                        "statistics of a Node.js process",
	"Reader key: /health (needs the logs action, so manager)":     "statistics of a Node.js process",
	"Settings without any auth":                                   "the same as Settings, of another console",
	"Create peer from certificates (crypto.msp)":                  "the deployer enrolls",
	"Create a one-node ordering service without a system channel": "ordering services are there already",
	"Update the peer (version)":                                   "no updates of deployments",
	"Update with two root fields":                                 "no updates of deployments",
	"Restart action":                                              "no actions",
	"List deployed components":                                    "has an ordering service; see TestAnOrphanIsListedAndCured",
	"v2: import a CA with the v3 body":                            "version 3 only",
	"v2: get a peer":                                              "version 3 only",
	"v1: list":                                                    "version 3 only",
}

// replay is what stands behind the recorded calls: three consoles, and who calls them.
type replay struct {
	consoles map[string]*Console // by the name of the recorded key
	slow     *fake
	logins   map[string][2]string // key and secret
}

func newReplay(t *testing.T) *replay {
	r := &replay{slow: &fake{slow: 8 * time.Second}, logins: map[string][2]string{}}
	free := func(d Deployer, importOnly bool) *Console {
		return newConsole(t, func(o *Options) {
			o.Deployer, o.ImportOnly, o.DeployerTimeout, o.Store = d, importOnly, 3*time.Second, filepath.Join(t.TempDir(), "s.json")
		})
	}
	a, b, c := free(&fake{}, true), free(&fake{}, false), free(r.slow, false)
	r.consoles = map[string]*Console{"": a, "admin": a, "key1": a, "keyro": a, "key2": b, "key3": c, "klaqxQ8GykcKz1Z0": b}
	for name, console := range r.consoles {
		id := name
		if name == "key1" || name == "keyro" || name == "" {
			continue // the record makes these itself
		}
		if err := console.AddKey(id, secret.FromString(testSecret), "manager"); err != nil {
			t.Fatal(err)
		}
		r.logins[name] = [2]string{id, testSecret}
	}
	return r
}

// matters are the headers that clients look at. Others are not in the record.
var matters = []string{"Content-Type", "WWW-Authenticate", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"}

func (r *replay) play(t *testing.T, e exchange) (int, map[string]string, string) {
	t.Helper()
	who := strings.Trim(strings.TrimSuffix(e.auth, " basic"), "<>")
	who = strings.TrimPrefix(who, "key ")
	q := request(e.method, e.path, e.request)
	if login, known := r.logins[who]; known {
		if strings.HasPrefix(e.title, "Wrong password") {
			login[1] = "wrong"
		}
		q.SetBasicAuth(login[0], login[1])
	}
	w := serve(r.consoles[who], q)
	header := map[string]string{}
	for _, name := range matters {
		if v := w.Header().Get(name); v != "" {
			header[name] = v
		}
	}
	for name, made := range map[string]string{"key1": "Create an API key with", "keyro": "Reader key"} {
		var key struct {
			Key    string `json:"api_key"`
			Secret string `json:"api_secret"`
		}
		if strings.HasPrefix(e.title, made) && r.logins[name][0] == "" && json.Unmarshal(w.Body.Bytes(), &key) == nil {
			r.logins[name] = [2]string{key.Key, key.Secret}
		}
	}
	return w.Code, header, w.Body.String()
}

// TestTheEmulatorAnswersAsARealConsoleDid replays the record. Time stands still in it, but for slow deployers.
func TestTheEmulatorAnswersAsARealConsoleDid(t *testing.T) {
	t.Parallel()
	all := exchanges(t)
	synctest.Test(t, func(t *testing.T) {
		r, left := newReplay(t), map[string]bool{}
		for title := range apart {
			left[title] = true
		}
		for _, e := range all {
			if _, skip := apart[e.title]; skip {
				delete(left, e.title)
				continue
			}
			if e.title == "Create a CA while the deployer is down" {
				time.Sleep(time.Minute) // everything slow is over
				r.slow.down = true
			}
			time.Sleep(time.Second) // so that there is an order in time
			status, header, body := r.play(t, e)
			adjust(e.title, e.header, header)
			if status != e.status {
				t.Errorf("%s: status %d, recorded %d: %s", e.title, status, e.status, body)
				continue
			}
			if diff := cmp.Diff(e.header, header); diff != "" {
				t.Errorf("%s: headers (-recorded +here)\n%s", e.title, diff)
			}
			want, got := reduced(e.title, parsed(e.answer)), reduced(e.title, parsed(body))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: body (-recorded +here)\n%s", e.title, diff)
			}
		}
		for title := range left {
			t.Errorf("%q is left out and not in the record", title)
		}
		time.Sleep(time.Hour) // whatever still runs ends
	})
}

// adjust takes out what a header says about the recorded machine and minute.
func adjust(title string, headers ...map[string]string) {
	for _, h := range headers {
		if h["X-RateLimit-Reset"] != "" {
			h["X-RateLimit-Reset"] = "<seconds>"
		}
		if title == "Malformed JSON" || title == "JSON null" { // here, bodies are read after the limit; there, before
			for _, name := range matters[2:] {
				delete(h, name)
			}
		}
	}
}

// reduced takes out what the recorded world had and this one has not.
func reduced(title string, v any) any {
	m, _ := v.(map[string]any)
	switch title {
	case "Settings": // what Farol reads, of some hundred
		out := map[string]any{}
		for _, k := range []string{"ATHENA_ID", "AUTH_SCHEME", "CLUSTER_DATA", "CRN", "CONSOLE_TYPE", "ENVIRONMENT", "HOST_URL", "IMPORT_ONLY",
			"INFRASTRUCTURE", "MAX_COMPONENTS", "MAX_REQ_PER_MIN", "MAX_REQ_PER_MIN_AK", "READ_ONLY", "VERSIONS"} {
			out[k] = m[k]
		}
		return out
	case "User info by API key":
		delete(m, "loggedInAs") // the id of the recorded key
	case "Notifications":
		list, _ := m["notifications"].([]any)
		for _, one := range list {
			one.(map[string]any)["id"] = "<id>"
		}
	case "List API keys": // without those that tests have
		list, _ := m["keys"].([]any)
		m["keys"] = slices.DeleteFunc(list, func(v any) bool { return v.(map[string]any)["description"] == "" })
	case "Fabric versions": // which ones is the deployer's matter
		versions, _ := m["versions"].(map[string]any)
		for k := range versions {
			versions[k] = typeName(versions[k])
		}
	case "Create a peer", "Same peer again, now accepted (takes a while: the console tries to read the CA)", "Get the created peer with deployment attributes":
		delete(m, "last_k8s_sync_ts") // comes from a background job
		if msp, ok := m["msp"].(map[string]any); ok {
			delete(msp["component"].(map[string]any), "admin_certs") // the recorded deployer, a fake, gave none back
		}
	case "Deployed components: the orphan left by the timeout":
		list, _ := m["components"].([]any)
		kept := []any{}
		for _, one := range list {
			n := one.(map[string]any)
			for _, k := range []string{"resources", "storage", "version", "zone", "api_url", "operations_url"} {
				delete(n, k) // the recorded deployer's, at another address
			}
			if n["dep_component_id"] != nil {
				kept = append(kept, n)
			}
		}
		m["components"] = kept
	}
	return v
}
