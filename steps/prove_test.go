package steps

import (
	"encoding/json"
	"net/http"
	"testing"

	"farol/state"
	"farol/steps/engine"
)

// listing is a console that lists components by their ids.
func listing(ids ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var out []map[string]any
		for _, id := range ids {
			out = append(out, map[string]any{"id": id, "type": "fabric-peer"})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"components": out})
	})
}

func TestEveryPeerIsSeenInEveryConsoleThatMirrorsIt(t *testing.T) {
	t.Parallel()
	_, g := sessionWith(t, listing("org1ussouthpeer1", "org1useastpeer1", "org1catorpeer1"))
	o := observe(t, g, "all/proof/consoles")
	for _, r := range []string{"us-south", "us-east", "ca-tor"} {
		if o.Finding != engine.Present || o.Evidence[r+" seen by"] != "3" {
			t.Errorf("%s: %+v", r, o)
		}
	}
}

func TestAMirrorThatIsGoneFailsTheProof(t *testing.T) {
	t.Parallel()
	_, g := sessionWith(t, listing("org1ussouthpeer1", "org1catorpeer1"))
	step, _ := g.Step("all/proof/consoles")
	_, err := step.Observe(t.Context())
	if f := hasCode(t, err, CodeProof); f.Facts["region"] != "us-east" || f.Facts["what"] != "mirror" {
		t.Errorf("%v", f)
	}
}

func TestAPeerHasToBeListedWhereTheAnswersMirrorIt(t *testing.T) {
	t.Parallel()
	s := &Session{Setup: answeredDraft(t).Setup}
	for mirror, want := range map[state.Mirror][2]int{state.AllAll: {3, 3}, state.HomeOnly: {1, 2}, state.None: {1, 1}} {
		s.Setup.Mirror = mirror
		if home, other := s.mirrorsWanted("us-south"), s.mirrorsWanted("us-east"); home != want[0] || other != want[1] {
			t.Errorf("%s: the home region's peer in %d consoles, another's in %d; want %v", mirror, home, other, want)
		}
	}
}
