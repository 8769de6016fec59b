package consoles

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"farol/state/secret"
)

// target is a console elsewhere, and a key of it.
type target struct {
	url, key string
	secret   secret.Secret
	client   *http.Client
	write    bool // it is empty, and may be written to

	importOnly bool
	token      string
	reader     [2]string
}

// ask makes one call, as a client of its own so that limits are not met by chance.
func (x *target) ask(method, path, body string, login func(*http.Request)) (reply, error) {
	r, err := http.NewRequest(method, x.url+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("User-Agent", "farol-conformance-"+secret.Random(8).Expose())
	r.Header.Set("Content-Type", "application/json")
	if login != nil {
		login(r)
	}
	resp, err := x.client.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 10<<20))
	return replyOf(resp.StatusCode, resp.Header, string(b)), err
}

func (x *target) owner(r *http.Request) { r.SetBasicAuth(x.key, x.secret.Expose()) }

// get reads JSON as the owner of the key.
func (x *target) get(path string, into any) error {
	got, err := x.ask("GET", path, "", x.owner)
	if err != nil || got.status/100 != 2 {
		return cmp.Or(err, fmt.Errorf("%s: %d", path, got.status))
	}
	return json.Unmarshal([]byte(got.body), into)
}

type listed struct{ Components []struct{ ID string } }

// play makes every recorded call that may be made there, and tells which answers differ.
func (x *target) play(all []exchange) (replayed int, diffs []string, err error) {
	var told struct{ IMPORT_ONLY bool }
	var have listed
	if err := errors.Join(x.get(base+"/settings", &told), x.get(base+"/components", &have)); err != nil {
		return 0, nil, err
	}
	x.importOnly = told.IMPORT_ONLY
	if x.write && len(have.Components) > 0 {
		return 0, nil, fmt.Errorf("the console has %d components, and writing needs an empty one", len(have.Components))
	}
	if x.write {
		defer func() { err = errors.Join(err, x.clean()) }()
		if err := x.prepare(); err != nil {
			return 0, nil, err
		}
	}
	for _, e := range all {
		if !x.may(e) {
			continue
		}
		got, err := x.ask(e.method, e.path, e.request, x.login(e))
		if err != nil {
			return replayed, diffs, fmt.Errorf("%s: %w", e.title, err)
		}
		if diff := unlike(e, got, elsewhere, headersElsewhere); diff != "" {
			diffs = append(diffs, e.title+": "+diff)
			continue
		}
		replayed++
	}
	return replayed, diffs, nil
}

// may tells whether a recorded call belongs there.
func (x *target) may(e exchange) bool {
	switch {
	case e.note != "" || apart[e.title] != "" || apartElsewhere[e.title] != "":
		return false
	case strings.HasSuffix(e.title, "without a deployer") && !x.importOnly:
		return false
	case slices.Contains(anywhere, e.title):
		return true
	case !x.write || e.path == "" || strings.HasPrefix(e.path, "/api/"):
		return false
	}
	return slices.Contains([]string{"", "key1", "keyro", "kOpqpifRnCJfMEOR"}, e.who())
}

func (x *target) login(e exchange) func(*http.Request) {
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	switch e.who() {
	case "key1":
		return x.owner
	case "keyro", "kOpqpifRnCJfMEOR":
		return func(r *http.Request) { r.SetBasicAuth(x.reader[0], x.reader[1]) }
	}
	switch {
	case e.title == "Bearer token: garbage":
		return bearer("garbage")
	case strings.HasPrefix(e.title, "Bearer token"):
		return bearer(x.token)
	}
	return nil
}

// prepare makes the reader's key and token that the record uses.
func (x *target) prepare() error {
	var key struct {
		Key    string `json:"api_key"`
		Secret string `json:"api_secret"`
	}
	var token struct {
		Token string `json:"access_token"`
	}
	made, err := x.ask("POST", base+"/permissions/keys", `{"roles":["reader"],"description":"farol conformance"}`, x.owner)
	asked, err2 := x.ask("POST", base+"/identity/token", `{"roles":["reader"],"expiration_secs":600}`, x.owner)
	err = errors.Join(err, err2, json.Unmarshal([]byte(made.body), &key), json.Unmarshal([]byte(asked.body), &token))
	x.reader, x.token = [2]string{key.Key, key.Secret}, token.Token
	return err
}

// clean takes away what the record has left there: the console was empty before.
func (x *target) clean() error {
	var left listed
	err := x.get(base+"/components?cache=skip", &left)
	paths := []string{"/permissions/keys/" + x.reader[0]}
	for _, d := range left.Components {
		paths = append(paths, "/components/"+d.ID)
	}
	for _, path := range paths {
		got, asked := x.ask("DELETE", base+path, "", x.owner)
		if asked == nil && got.status != http.StatusOK {
			asked = fmt.Errorf("clean up %s: %d", path, got.status)
		}
		err = errors.Join(err, asked)
	}
	return err
}

// here2 is a console of this package that is reached as one elsewhere.
func here2(t *testing.T, c http.Handler, write bool) *target {
	server := httptest.NewTLSServer(c)
	t.Cleanup(server.Close)
	return &target{url: server.URL, key: "manager", secret: secret.FromString(testSecret), client: server.Client(), write: write}
}

func TestTheRecordIsPlayedAtAConsoleElsewhere(t *testing.T) {
	t.Parallel()
	for _, e := range []struct {
		name  string
		o     func(*Options)
		write bool
		least int
	}{
		{"reads of a console with a deployer", nil, false, 19},
		{"reads of a console without one", func(o *Options) { o.ImportOnly = true }, false, 21},
		{"writes", func(o *Options) { o.ImportOnly = true }, true, 70},
	} {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			c := newConsole(t, e.o)
			if !e.write {
				call(c, "POST", base+"/components/msp", "writer", mspBody("Org1", "org1"))
				call(c, "DELETE", base+"/components/tags/none", "writer", "")
			}
			x := here2(t, c, e.write)
			before := len(c.store.read().Documents)
			n, diffs, err := x.play(exchanges(t))
			for _, d := range diffs {
				t.Error(d)
			}
			t.Logf("replayed %d", n)
			if err != nil || n < e.least {
				t.Errorf("replayed %d, want at least %d: %v", n, e.least, err)
			}
			if left := len(c.store.read().Documents); left != before || len(c.store.read().Keys) != 3 {
				t.Errorf("%d components and %d keys are left", left, len(c.store.read().Keys))
			}
		})
	}
}

func TestAConsoleThatIsNoneIsFoundOut(t *testing.T) {
	t.Parallel()
	x := here2(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }), false)
	if n, diffs, err := x.play(exchanges(t)); err != nil || n > 0 || len(diffs) < 19 {
		t.Errorf("replayed %d with %d differences: %v", n, len(diffs), err)
	}
}

func TestAConsoleThatIsNotEmptyIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	call(c, "POST", base+"/components/msp", "writer", mspBody("Org1", "org1"))
	if _, _, err := here2(t, c, true).play(exchanges(t)); err == nil {
		t.Error("written to")
	}
	if got := len(c.store.read().Notifications); got != 1 {
		t.Errorf("%d changes", got)
	}
}

// TestTheConsoleOfTheEnvironmentAnswersAsRecorded plays the record at the console of FAROL_CONSOLE_URL with the key
// FAROL_CONSOLE_KEY and its FAROL_CONSOLE_SECRET. It only reads, unless FAROL_CONSOLE_WRITE is 1, which needs a
// console without components. FAROL_CONSOLE_CA may name a file with the certificates to trust.
func TestTheConsoleOfTheEnvironmentAnswersAsRecorded(t *testing.T) {
	url := strings.TrimRight(os.Getenv("FAROL_CONSOLE_URL"), "/")
	if url == "" {
		t.Skip("FAROL_CONSOLE_URL is not set")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if file := os.Getenv("FAROL_CONSOLE_CA"); file != "" {
		b, err := os.ReadFile(file)
		roots := x509.NewCertPool()
		if err != nil || !roots.AppendCertsFromPEM(b) {
			t.Fatalf("%s has no certificates: %v", file, err)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	x := &target{url: url, key: os.Getenv("FAROL_CONSOLE_KEY"), secret: secret.FromString(os.Getenv("FAROL_CONSOLE_SECRET")),
		client: &http.Client{Transport: transport, Timeout: time.Minute}, write: os.Getenv("FAROL_CONSOLE_WRITE") == "1"}
	all := exchanges(t)
	n, diffs, err := x.play(all)
	for _, d := range diffs {
		t.Error(d)
	}
	t.Logf("replayed %d of %d", n, len(all))
	if err != nil {
		t.Error(err)
	}
}
