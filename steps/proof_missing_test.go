package steps

import (
	"slices"
	"testing"

	"farol/state"
	"farol/steps/engine"
)

func TestTheProofFallsWithAnyCheckThatIsMissing(t *testing.T) {
	t.Parallel()
	setup, all := proven(t)
	checks := 0
	for _, gone := range all {
		if gone.Stage != Proving {
			continue
		}
		checks++
		rest := slices.DeleteFunc(slices.Clone(all), func(c state.Checkpoint) bool { return c.ID == gone.ID })
		if ProofOf(setup, rest).Holds {
			t.Errorf("it holds without %s", gone.ID)
		}
		alone := []state.Checkpoint{gone}
		if ProofOf(setup, alone).Holds {
			t.Errorf("it holds by %s alone", gone.ID)
		}
	}
	if checks != 4+len(setup.Regions) {
		t.Errorf("there are %d checks", checks)
	}
}

func TestTheChecksOfASetUpWithFewerRegionsProveNothingForThisOne(t *testing.T) {
	t.Parallel()
	setup, all := proven(t)
	setup.Regions = append(setup.Regions, state.Region{ID: "eu-de", Peer: "org1eudepeer1"})
	p := ProofOf(setup, all)
	if p.Holds {
		t.Error("it holds although nobody has looked at the new region")
	}
	if last := p.Peers[len(p.Peers)-1]; last.Region != "eu-de" || last.Endorses != NotSeen || last.Anchor == Yes || last.SeenBy != "" || last.Height != "" {
		t.Errorf("what was not seen is shown as seen: %+v", last)
	}
}

func TestAPersonsWordProvesNothing(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	g, err := Preview(d)
	must(t, err)
	store, _, _ := begin(t, d)
	must(t, store.Update(func(f *state.File) { // a person may adopt what is unknown
		for _, s := range g {
			f.Steps = append(f.Steps, state.Checkpoint{ID: s.ID, Stage: s.Stage, Status: state.Unknown})
		}
	}))
	run, err := engine.New(g, store, engine.Options{})
	must(t, err)
	for _, s := range g {
		if s.Stage == Proving {
			must(t, run.Decide(s.ID, engine.Adopt, "maria"))
		}
	}
	p := ProofOf(d.Setup, store.File().Steps)
	if p.Holds {
		t.Error("it holds because somebody said so")
	}
	for _, peer := range p.Peers {
		if peer.Endorses == Yes {
			t.Errorf("%s endorses because somebody said so", peer.Region)
		}
	}
}

func TestPracticeIsNamedAsARisk(t *testing.T) {
	t.Parallel()
	for _, practice := range []bool{false, true} {
		setup, all := proven(t)
		setup.Practice = practice
		named := slices.ContainsFunc(ProofOf(setup, all).Risks, func(r Risk) bool { return r.Code == "risk.practice" })
		if named != practice {
			t.Errorf("practice %v is named %v", practice, named)
		}
	}
}
