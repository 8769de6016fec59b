package steps

import (
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"farol/clients/console"
	"farol/clients/wire"
	"farol/state/fault"
	"farol/state/secret"
	"farol/steps/engine"
)

// front is what a console tells everybody, and what it tells the owner of a key.
type front struct {
	instance   string
	importOnly bool
	actions    []string
	secret     string       // the right one
	asked      atomic.Int64 // calls with credentials
}

func (c *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/ak/api/v3/settings" {
		_ = json.NewEncoder(w).Encode(map[string]any{"AUTH_SCHEME": "couchdb", "IMPORT_ONLY": c.importOnly,
			"CRN": map[string]any{"instance_id": c.instance}, "VERSIONS": map[string]any{"tag": "1.0.9-1"}})
		return
	}
	c.asked.Add(1)
	if _, pass, _ := r.BasicAuth(); pass != c.secret {
		w.WriteHeader(http.StatusUnauthorized)
		_ = json.NewEncoder(w).Encode(map[string]any{"statusCode": 401, "msg": "unauthorized"})
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"authorized_actions": c.actions})
}

// manager is what a manager's key may do.
var manager = []string{console.ActionView, console.ActionImport, console.ActionCreate}

// fronts starts one console for each region of a draft, each its own one, as a test changes them.
func fronts(t *testing.T, change func(map[string]*front)) (*Draft, map[string]*front) {
	t.Helper()
	d, all := answeredDraft(t), map[string]*front{}
	for _, r := range d.Setup.Regions {
		all[r.ID] = &front{instance: "instance-" + r.ID, actions: manager, secret: planted(r.ID)}
	}
	change(all)
	for i := range d.Setup.Regions {
		c := &d.Setup.Regions[i].Console
		server := httptest.NewTLSServer(all[d.Setup.Regions[i].ID])
		t.Cleanup(server.Close)
		c.URL = server.URL
		c.CAFile = write(t, "roots.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	}
	return d, all
}

func TestConsolesThatAreAsAnsweredPass(t *testing.T) {
	t.Parallel()
	d, all := fronts(t, func(map[string]*front) {})
	must(t, Examine(t.Context(), d))
	found, err := TestConsole(t.Context(), d, "us-east")
	must(t, err)
	if found.Version != "1.0.9-1" || found.Instance != "instance-us-east" || !slices.Equal(found.Roles, []string{"reader", "writer", "manager"}) {
		t.Errorf("%+v", found)
	}
	if n := all["us-south"].asked.Load(); n != 1 {
		t.Errorf("the secret was sent %d times", n)
	}
}

func TestEveryRegionsFaultIsToldAtOnceAndAWrongSecretIsSentOnce(t *testing.T) {
	t.Parallel()
	d, all := fronts(t, func(all map[string]*front) {
		all["us-south"].secret = "another"
		all["us-east"].importOnly = true
		all["ca-tor"].actions = []string{console.ActionView, console.ActionImport}
	})
	told := map[string]*fault.Fault{}
	for _, f := range every(Examine(t.Context(), d)) {
		told[f.Facts["region"]] = f
	}
	for region, code := range map[string]fault.Code{"us-south": console.CodeUnauthorized, "us-east": console.CodeNoDeployer, "ca-tor": CodeRole} {
		if f := told[region]; f == nil || f.Code != code || f.Certainty != fault.Refused {
			t.Errorf("%s: %v, want %s", region, f, code)
		}
	}
	if f := told["ca-tor"]; f != nil && (f.Facts["have"] != "reader writer" || f.Facts["need"] != "manager") {
		t.Errorf("%v", f)
	}
	if n := all["us-south"].asked.Load(); n != 1 {
		t.Errorf("the wrong secret was sent %d times", n)
	}
}

func TestOneConsoleForTwoRegionsIsNoticedByItsInstance(t *testing.T) {
	t.Parallel()
	d, _ := fronts(t, func(all map[string]*front) { all["ca-tor"].instance = "instance-us-south" })
	f := hasCode(t, Examine(t.Context(), d), CodeSameConsole)
	if pair := []string{f.Facts["a"], f.Facts["b"]}; !slices.Contains(pair, "us-south") || !slices.Contains(pair, "ca-tor") {
		t.Errorf("%v", f)
	}
	g := checking(t, d)
	for _, region := range []string{"us-south", "ca-tor"} {
		step, _ := g.Step(region + "/distinct")
		_, err := step.Observe(t.Context())
		if f := hasCode(t, err, CodeSameConsole); f.Facts["a"] != region {
			t.Errorf("%v", f)
		}
	}
	if o := observe(t, g, "us-east/distinct"); o.Finding != engine.Present || o.Evidence["differs from"] != "us-south ca-tor" {
		t.Errorf("%+v", o)
	}
}

func TestConsolesWithoutAnInstanceAreNotTheSame(t *testing.T) {
	t.Parallel()
	d, _ := fronts(t, func(all map[string]*front) {
		for _, c := range all {
			c.instance = ""
		}
	})
	must(t, Examine(t.Context(), d))
	if o := observe(t, checking(t, d), "us-east/distinct"); o.Finding != engine.Present || o.Evidence["differs from"] != "" {
		t.Errorf("%+v", o)
	}
}

func TestAConsoleThatDoesNotAnswerFailsItsOwnRegionOnly(t *testing.T) {
	t.Parallel()
	d, _ := fronts(t, func(map[string]*front) {})
	d.Setup.Regions[2].Console.URL = "https://127.0.0.1:1"
	g := checking(t, d)
	if o := observe(t, g, "us-east/distinct"); o.Finding != engine.Present || o.Evidence["differs from"] != "us-south" {
		t.Errorf("%+v", o)
	}
	if o := observe(t, g, "us-east/console"); o.Finding != engine.Present || o.Evidence["roles"] != "reader writer manager" {
		t.Errorf("%+v", o)
	}
}

// checking is the procedure on a draft's consoles.
func checking(t *testing.T, d *Draft) engine.Graph {
	t.Helper()
	s := &Session{Setup: d.Setup, consoles: map[string]*console.Client{}}
	for _, r := range d.Setup.Regions {
		c, err := newConsole(wire.Network{}, r.Console, secret.FromString(planted(r.ID)))
		must(t, err)
		s.consoles[r.ID] = c
	}
	return Graph(s)
}
