package steps

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"farol/clients/console"
	"farol/clients/wire"
	"farol/state"
	"farol/state/secret"
	"farol/steps/engine"
)

// scripted is a console that says what a test wants: stand-ins only force what real consoles do at bad times.
type scripted struct {
	components map[string]map[string]any
	status     map[string]any // by id: "ok", "not ok", nil
	deployed   []map[string]any
}

func (c *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	switch {
	case strings.HasSuffix(r.URL.Path, "/components/status"):
		out := map[string]any{}
		for k, v := range c.status {
			out[k] = map[string]any{"status": v}
		}
		_ = json.NewEncoder(w).Encode(out)
	case strings.HasSuffix(r.URL.Path, "/kubernetes/components"):
		_ = json.NewEncoder(w).Encode(map[string]any{"components": append([]map[string]any{}, c.deployed...)})
	case c.components[id] != nil:
		_ = json.NewEncoder(w).Encode(c.components[id])
	default:
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(map[string]any{"msg": "no components by this id exist", "reason": "missing", "statusCode": 404})
	}
}

// sessionWith gives a session whose every console is the same stand-in, and a graph of its steps.
func sessionWith(t *testing.T, c http.Handler) (*Session, engine.Graph) {
	t.Helper()
	server := httptest.NewTLSServer(c)
	t.Cleanup(server.Close)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	d := answeredDraft(t)
	s := &Session{Setup: d.Setup, opts: Options{Dir: t.TempDir()}, consoles: map[string]*console.Client{}, parts: map[string]*console.Component{}}
	for _, r := range d.Setup.Regions {
		client, err := newConsole(wire.Network{}, state.Console{URL: server.URL, APIKey: "k", CAFile: roots}, secret.FromString("s"))
		if err != nil {
			t.Fatal(err)
		}
		s.consoles[r.ID] = client
	}
	return s, Graph(s)
}

func observe(t *testing.T, g engine.Graph, step string) engine.Observation {
	t.Helper()
	s, ok := g.Step(step)
	if !ok {
		t.Fatalf("no step %s", step)
	}
	o, err := s.Observe(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// A console lists a node as soon as it begins to make it; only its health says that it works.
func TestANodeThatIsListedButNotWellIsWaitedFor(t *testing.T) {
	t.Parallel()
	c := &scripted{components: map[string]map[string]any{
		"org1ca":           {"id": "org1ca", "type": "fabric-ca", "dep_component_id": "org1ca", "location": "ibm_saas"},
		"org1useastpeer1":  {"id": "org1useastpeer1", "type": "fabric-peer", "dep_component_id": "org1useastpeer1", "msp_id": "Org1MSP", "location": "ibm_saas"},
		"org1ussouthpeer1": nil,
	}}
	s, g := sessionWith(t, c)
	for step, node := range map[string]string{"us-south/ca": "org1ca", "us-east/peer": "org1useastpeer1"} {
		for name, tt := range map[string]struct {
			status any
			want   engine.Finding
		}{
			"well":           {"ok", engine.Present},
			"not well":       {"not ok", engine.Coming},
			"not known":      {nil, engine.Coming},
			"a status of it": {"undetectable", engine.Coming},
		} {
			c.status = map[string]any{node: tt.status}
			if got := observe(t, g, step).Finding; got != tt.want {
				t.Errorf("%s is found %v while %s, want %v", step, got, name, tt.want)
			}
		}
	}
	if got := observe(t, g, "us-south/peer").Finding; got != engine.Absent {
		t.Errorf("a peer that the console does not know is found %v", got)
	}
	_ = s
}

func TestSomethingElseUnderOurNameIsNeverTakenForOurs(t *testing.T) {
	t.Parallel()
	for name, peer := range map[string]map[string]any{
		"another kind":         {"id": "org1useastpeer1", "type": "fabric-ca"},
		"another organization": {"id": "org1useastpeer1", "type": "fabric-peer", "msp_id": "OtherMSP"},
		"an import":            {"id": "org1useastpeer1", "type": "fabric-peer", "msp_id": "Org1MSP", "imported": true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, g := sessionWith(t, &scripted{components: map[string]map[string]any{"org1useastpeer1": peer}, status: map[string]any{"org1useastpeer1": "ok"}})
			if o := observe(t, g, "us-east/peer"); o.Finding != engine.Differs || o.Code == "" {
				t.Errorf("found %+v", o)
			}
		})
	}
}

// A console that was slow to make a node may have lost it: it runs, and the console does not list it.
func TestANodeThatRunsWithoutBeingListedIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	_, g := sessionWith(t, &scripted{deployed: []map[string]any{{"dep_component_id": "org1useastpeer1", "type": "fabric-peer"}}})
	if o := observe(t, g, "us-east/peer"); o.Finding != engine.Coming {
		t.Errorf("found %+v", o)
	}
	if o := observe(t, g, "us-south/peer"); o.Finding != engine.Absent {
		t.Errorf("the peer of another region is found %+v", o)
	}
}
