package steps

import (
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"farol/clients/console"
	"farol/state"
	"farol/state/secret"
	"farol/steps/engine"
)

// slow is a console that lists a node as soon as it was asked to make it, as real ones do, and calls it well
// only at a later look.
type slow struct {
	mu            sync.Mutex
	node          map[string]any // what it was asked to make
	creates       int
	looks, wellAt int // the look at which the node is well; 0: never
}

func (c *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	route, last := filepath.Split(r.URL.Path)
	switch {
	case last == "status":
		c.looks++
		var health any // a console cannot tell at first
		if c.looks > 1 {
			health = "not ok"
		}
		if c.wellAt > 0 && c.looks >= c.wellAt {
			health = "ok"
		}
		_ = json.NewEncoder(w).Encode(map[string]any{c.node["id"].(string): map[string]any{"status": health}})
	case strings.HasSuffix(r.URL.Path, "/kubernetes/components"):
		_ = json.NewEncoder(w).Encode(map[string]any{"components": []any{}})
	case r.Method == http.MethodPost && strings.HasSuffix(route, "/kubernetes/components/"):
		c.creates++
		c.node = map[string]any{}
		_ = json.NewDecoder(r.Body).Decode(&c.node)
		_ = json.NewEncoder(w).Encode(c.listed(last))
	case c.node != nil && last == c.node["id"]:
		_ = json.NewEncoder(w).Encode(c.listed(c.node["kind"].(string)))
	default:
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(map[string]any{"msg": "no components by this id exist", "reason": "missing", "statusCode": 404})
	}
}

func (c *slow) listed(kind string) map[string]any {
	c.node["kind"] = kind
	return map[string]any{"id": c.node["id"], "type": kind, "msp_id": c.node["msp_id"], "dep_component_id": c.node["id"], "location": "ibm_saas",
		"api_url": "https://" + c.node["id"].(string) + ".example.com:7054"}
}

func (c *slow) count() (creates, looks int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.creates, c.looks
}

// lead lets the engine lead one step of a set-up, as if all that it needs were done.
func lead(t *testing.T, c *slow, step string, deadline time.Duration, to engine.Reporter) state.Checkpoint {
	t.Helper()
	s, g := sessionWith(t, c)
	store, vault, _ := begin(t, answeredDraft(t))
	must(t, vault.Put(vaultAdmin+"/certificate", secret.FromString("the administrator's certificate")))
	s.vault = vault
	s.keep("us-east", &console.Component{ID: "org1ca", Type: console.KindCA, APIURL: "https://ca.example.com:7054"})
	one, ok := g.Step(step)
	if !ok {
		t.Fatalf("no step %s", step)
	}
	one.Needs, one.Deadline = nil, deadline
	run, err := engine.New(engine.Graph{one}, store, engine.Options{})
	must(t, err)
	must(t, run.Go(t.Context(), to))
	return run.Checkpoints()[step]
}

// The steps that make nodes.
var nodes = map[string]string{"us-south/ca": "org1ca", "us-east/peer": "org1useastpeer1"}

func TestANodeIsNotDoneUntilItsConsoleCallsItWell(t *testing.T) {
	t.Parallel()
	for step := range nodes {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			c := &slow{wellAt: 3}
			waited := 0
			got := lead(t, c, step, 0, engine.ReporterFunc(func(e engine.Event) {
				switch _, looks := c.count(); {
				case e.Kind == engine.StepWaiting:
					waited++
				case e.Kind == engine.StepEnded && looks < c.wellAt:
					t.Errorf("it ends as %s after %d looks; the node is well at look %d", e.Status, looks, c.wellAt)
				}
			}))
			if got.Status != state.Done || got.Evidence["status"] != "ok" || got.Evidence["id"] != nodes[step] {
				t.Errorf("%+v", got)
			}
			if creates, _ := c.count(); creates != 1 || waited < 2 {
				t.Errorf("made %d times, waited %d times", creates, waited)
			}
		})
	}
}

func TestANodeThatNeverGetsWellIsNotDoneAndNotMadeTwice(t *testing.T) {
	t.Parallel()
	for step := range nodes {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			c := &slow{}
			got := lead(t, c, step, 300*time.Millisecond, nil)
			if got.Status != state.Unknown || got.Error == nil || got.Error.Code != string(engine.CodeDeadline) {
				t.Errorf("%+v", got)
			}
			if creates, looks := c.count(); creates != 1 || looks < 2 {
				t.Errorf("made %d times, looked %d times", creates, looks)
			}
		})
	}
}

// full is a vault that cannot keep anything any more.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Get(string) (secret.Secret, bool) { return secret.Secret{}, false }
func (full) Put(string, secret.Secret) error  { return errFull }

func TestNobodyLearnsASecretThatIsNotSealed(t *testing.T) {
	t.Parallel()
	for step := range nodes {
		c := &slow{}
		s, g := sessionWith(t, c)
		s.vault = full{}
		s.keep("us-east", &console.Component{ID: "org1ca", Type: console.KindCA, APIURL: "https://ca.example.com:7054"})
		one, _ := g.Step(step)
		if err := one.Act(t.Context()); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", step, err)
		}
		if creates, _ := c.count(); creates != 0 {
			t.Errorf("%s: a node was made with a secret that nobody keeps", step)
		}
	}
}
