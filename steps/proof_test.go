package steps

import (
	"testing"

	"farol/state"
	"farol/steps/engine"
)

// proven gives checkpoints of a whole procedure that went well.
func proven(t *testing.T) (state.Setup, []state.Checkpoint) {
	t.Helper()
	d := answeredDraft(t)
	g, err := Preview(d)
	if err != nil {
		t.Fatal(err)
	}
	var out []state.Checkpoint
	for _, s := range g {
		c := state.Checkpoint{ID: s.ID, Stage: s.Stage, Region: s.Region, Status: state.Done, Evidence: map[string]string{}}
		for _, r := range d.Setup.Regions {
			for _, what := range []string{"height", "hash", "anchor", "package"} {
				c.Evidence[r.ID+" "+what] = what + " of " + r.ID
			}
			c.Evidence[r.ID+" seen by"] = "3"
		}
		if s.Kind == engine.Gate && s.Confirmable {
			c.Status = state.Waiting
		}
		out = append(out, c)
	}
	return d.Setup, out
}

func TestTheProofHoldsWhenEveryCheckPassed(t *testing.T) {
	t.Parallel()
	setup, cps := proven(t)
	p := ProofOf(setup, cps)
	if !p.Holds || len(p.Peers) != 3 {
		t.Fatalf("%+v", p)
	}
	for _, peer := range p.Peers {
		if peer.Endorses != Yes || peer.Anchor != Yes || peer.SeenBy != "3" || peer.Height != "height of "+peer.Region {
			t.Errorf("%+v", peer)
		}
	}
}

func TestTheProofFallsWithAnySingleCheck(t *testing.T) {
	t.Parallel()
	checks := 0
	for _, status := range []state.Status{state.Todo, state.Doing, state.Failed, state.Unknown, state.Drifted, state.Skipped, state.Confirmed, state.Waiting} {
		setup, cps := proven(t)
		for i := range cps {
			if cps[i].Stage != Proving {
				continue
			}
			checks++
			cps[i].Status = status
			if p := ProofOf(setup, cps); p.Holds {
				t.Errorf("it holds although %s is %s", cps[i].ID, status)
			}
			cps[i].Status = state.Done
		}
	}
	if checks == 0 {
		t.Error("nothing proves anything")
	}
	if p := ProofOf(state.Setup{}, nil); p.Holds {
		t.Error("it holds before anything was looked at")
	}
}

func TestEvidenceOfACheckThatDidNotPassIsNotShown(t *testing.T) {
	t.Parallel()
	setup, cps := proven(t)
	for i := range cps {
		if cps[i].Stage == Proving {
			cps[i].Status = state.Unknown
		}
	}
	for _, peer := range ProofOf(setup, cps).Peers {
		if peer.Endorses != NotSeen || peer.Anchor != NotSeen || peer.Height != "" || peer.Hash != "" || peer.PackageID != "" || peer.SeenBy != "" {
			t.Errorf("unknown is shown as seen: %+v", peer)
		}
	}
}

func TestTheRisksThatStayAreNamed(t *testing.T) {
	t.Parallel()
	setup, cps := proven(t)
	var codes []string
	for _, r := range ProofOf(setup, cps).Risks {
		codes = append(codes, r.Code)
		if r.Code == "risk.one-ca" && r.Facts["region"] != "us-south" {
			t.Errorf("the one authority is said to be in %q", r.Facts["region"])
		}
	}
	if len(codes) < 3 {
		t.Errorf("only %v", codes)
	}
}
