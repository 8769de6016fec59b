package consoles

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"farol/state/secret"

	"github.com/google/go-cmp/cmp"
)

// replay is what stands behind the recorded calls: three consoles, and who calls them.
type replay struct {
	consoles map[string]*Console // by the name of the recorded key
	slow     *fake
	logins   map[string][2]string // names and passwords
	cookie   *http.Cookie
}

func newReplay(t *testing.T) *replay {
	r := &replay{slow: &fake{slow: 8 * time.Second}, logins: map[string][2]string{"admin": {"admin", password}}}
	one := func(d Deployer, importOnly bool, limit time.Duration) *Console {
		c, err := New(Options{Instance: testOptions.Instance, Region: testOptions.Region, HostURL: testOptions.HostURL, Version: testOptions.Version,
			Writes: DefaultWrites, Reads: DefaultReads, Deployer: d, ImportOnly: importOnly, DeployerTimeout: limit,
			Store: filepath.Join(t.TempDir(), "s.json")})
		if err == nil {
			err = c.AddUser("admin", secret.FromString(password), "manager", "writer", "reader")
		}
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a, b, c := one(&fake{}, true, 0), one(&fake{}, false, 0), one(r.slow, false, 3*time.Second)
	r.consoles = map[string]*Console{"": a, "admin": a, "key1": a, "keyro": a, "kOpqpifRnCJfMEOR": a, "key2": b, "klaqxQ8GykcKz1Z0": b, "key3": c}
	for _, name := range []string{"key2", "key3", "klaqxQ8GykcKz1Z0"} {
		if err := r.consoles[name].AddKey(name, secret.FromString(testSecret), "manager"); err != nil {
			t.Fatal(err)
		}
		r.logins[name] = [2]string{name, testSecret}
	}
	return r
}

// who is the recorded name of a caller.
func (e exchange) who() string {
	return strings.TrimPrefix(strings.Trim(strings.TrimSuffix(e.auth, " basic"), "<>"), "key ")
}

// ask makes a recorded call, with the credentials that the recorder had.
func (r *replay) ask(t *testing.T, e exchange) *httptest.ResponseRecorder {
	t.Helper()
	q := request(e.method, e.path, e.request)
	login, known := r.logins[e.who()]
	switch {
	case e.title == "Bearer token: garbage":
		q.Header.Set("Authorization", "Bearer garbage")
	case strings.HasPrefix(e.title, "Bearer token with only the reader role"):
		w := as(r.consoles[""], "POST", base+"/identity/token", r.logins["key1"][0], r.logins["key1"][1], `{"roles":["reader"]}`)
		q.Header.Set("Authorization", "Bearer "+textAt(fields(t, w), "access_token"))
	case strings.HasPrefix(e.title, "Wrong password"):
		q.SetBasicAuth(login[0], "wrong")
	case known:
		q.SetBasicAuth(login[0], login[1])
	case r.cookie != nil:
		q.AddCookie(r.cookie)
	}
	return serve(r.consoles[e.who()], q)
}

// remember keeps the credentials that later calls need.
func (r *replay) remember(e exchange, w *httptest.ResponseRecorder) {
	var key struct {
		Key    string `json:"api_key"`
		Secret string `json:"api_secret"`
	}
	var change struct {
		Desired string `json:"desired_pass"`
	}
	switch _ = json.Unmarshal(w.Body.Bytes(), &key); {
	case strings.HasPrefix(e.title, "Create an API key with"):
		r.logins["key1"] = [2]string{key.Key, key.Secret}
	case e.title == "Reader key":
		r.logins["keyro"] = [2]string{key.Key, key.Secret}
		r.logins["kOpqpifRnCJfMEOR"] = r.logins["keyro"]
	case e.title == "Session login":
		for _, c := range w.Result().Cookies() {
			r.cookie = c
		}
	case e.title == "Session: change password, long enough":
		_ = json.Unmarshal([]byte(e.request), &change)
		r.logins["admin"] = [2]string{"admin", change.Desired}
	}
}

func (r *replay) play(t *testing.T, e exchange) string {
	t.Helper()
	if e.note != "" {
		return r.row(e)
	}
	if e.title == "Create a CA while the deployer is down" {
		time.Sleep(time.Minute) // everything slow is over
		r.slow.down = true
	}
	w := r.ask(t, e)
	r.remember(e, w)
	return unlike(e, replyOf(w.Code, w.Header(), w.Body.String()), here, headersHere)
}

// row replays what the record tells of many calls of one client: their statuses, and the last answer but those
// of the right secret.
func (r *replay) row(e exchange) string {
	lines := strings.Split(e.note, "\n")
	var codes []string
	var last *httptest.ResponseRecorder
	key := r.logins["key1"]
	ask := func(method, pass string) {
		q := httptest.NewRequest(method, base+"/components", strings.NewReader("{}"))
		q.RemoteAddr = "10.9.9.9:9"
		q.Header.Set("User-Agent", e.title)
		q.SetBasicAuth(key[0], pass)
		last = serve(r.consoles["key1"], q)
	}
	method, pass := http.MethodPost, key[1]
	if strings.HasPrefix(e.title, "Lockout") {
		method, pass = http.MethodGet, "wrong"
	}
	for i := range strings.Fields(lines[0]) {
		ask(method, pass)
		codes = append(codes, fmt.Sprintf("%d:%d", i+1, last.Code))
	}
	if diff := cmp.Diff(strings.Fields(lines[0]), codes); diff != "" {
		return "statuses (-recorded +here)\n" + diff
	}
	for _, line := range lines[2:] {
		name, value, isHeader := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, "then the right secret"):
			ask(method, key[1])
		case strings.HasPrefix(line, "{"):
			body, status, _ := strings.Cut(line, "} ")
			if status != "" {
				body += "}"
			}
			if diff := cmp.Diff(parsed(body), parsed(last.Body.String())); diff != "" || status != "" && status != fmt.Sprint(last.Code) {
				return "body (-recorded +here)\n" + diff
			}
		case isHeader && name != "X-RateLimit-Reset" && last.Header().Get(name) != value:
			return fmt.Sprintf("%s is %q, recorded %q", name, last.Header().Get(name), value)
		}
	}
	return ""
}

// least is how much of the record must be replayed.
const least = 125

// TestTheEmulatorAnswersAsARealConsoleDid replays the record. Time stands still in it, but for slow deployers.
func TestTheEmulatorAnswersAsARealConsoleDid(t *testing.T) {
	t.Parallel()
	all := exchanges(t)
	synctest.Test(t, func(t *testing.T) {
		r, replayed := newReplay(t), 0
		for _, e := range all {
			if why := apart[e.title]; why != "" {
				t.Logf("left out: %s: %s", e.title, why)
				continue
			}
			time.Sleep(time.Second) // so that there is an order in time
			if diff := r.play(t, e); diff != "" {
				t.Errorf("%s: %s", e.title, diff)
				continue
			}
			replayed++
		}
		t.Logf("replayed %d of %d", replayed, len(all))
		if replayed < least {
			t.Errorf("%d were replayed, want at least %d", replayed, least)
		}
		time.Sleep(time.Hour) // whatever still runs ends
	})
}

func TestEveryExceptionIsOfTheRecord(t *testing.T) {
	t.Parallel()
	titles := map[string]int{"": 1}
	for _, e := range exchanges(t) {
		titles[e.title]++
	}
	check := func(title, why string) {
		if titles[title] != 1 || why == "" {
			t.Errorf("%q is %d times in the record, or has no reason (%q)", title, titles[title], why)
		}
	}
	for title, why := range apart {
		check(title, why)
	}
	for title, why := range apartElsewhere {
		check(title, why)
	}
	for _, title := range anywhere {
		check(title, "needs none")
	}
	for _, m := range append(here, elsewhere...) {
		check(m.title, m.why)
	}
	for _, m := range append(headersHere, headersElsewhere...) {
		check(m.title, m.why)
	}
}

// TestEveryMaskHidesSomething keeps the list short: only an order, and what the recorded cache had missed, leave no trace
// in the record.
func TestEveryMaskHidesSomething(t *testing.T) {
	t.Parallel()
	all := exchanges(t)
	for _, m := range slices.Concat(here, elsewhere) {
		hides := m.how == unordered || m.why == stale
		for _, e := range all {
			hides = hides || cmp.Diff(parsed(e.answer), masked(e.title, e.answer, []mask{m})) != ""
		}
		if !hides {
			t.Errorf("%s of %q hides nothing", m.path, m.title)
		}
	}
}
