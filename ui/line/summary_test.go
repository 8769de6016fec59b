package line

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"farol/state"
	"farol/steps"
	"farol/steps/engine"
	"farol/ui/golden"
	"farol/ui/text"
)

func setup() state.Setup {
	return state.Setup{Name: "Org1 on trade", Regions: []state.Region{{ID: "us-south", Home: true}, {ID: "us-east"}, {ID: "ca-tor"}},
		Channel: state.Channel{Name: "trade"}, Contract: state.Contract{Name: "basic", Version: "1.0"}}
}

// at makes a checkpoint of a step that lasted from one second of the run to another.
func at(s engine.Step, status state.Status, from, to int) state.Checkpoint {
	c := state.Checkpoint{ID: s.ID, Stage: s.Stage, Region: s.Region, Status: status, Started: begun.Add(time.Duration(from) * time.Second)}
	if to > 0 {
		c.Finished = begun.Add(time.Duration(to) * time.Second)
	}
	return c
}

func outcome(checkpoints ...state.Checkpoint) Outcome {
	out := Outcome{Setup: setup(), Steps: []engine.Step{check, admit, wallet, create, join}, Checkpoints: map[string]state.Checkpoint{}}
	for _, c := range checkpoints {
		out.Checkpoints[c.ID] = c
	}
	return out
}

func proof() steps.Proof {
	p := steps.Proof{Channel: "trade", Contract: "basic 1.0", Holds: true, Risks: []steps.Risk{
		{Code: "risk.one-ca", Facts: map[string]string{"region": "us-south"}}, {Code: "risk.no-drill"}}}
	for _, r := range setup().Regions {
		p.Peers = append(p.Peers, steps.PeerProof{Region: r.ID, Peer: "org1" + r.ID, Address: r.ID + ".example.com:7051", Height: "18",
			Hash: "9c41" + strings.Repeat("0", 56) + "a1e2", Anchor: steps.Yes, PackageID: "basic_1.0:3f77" + strings.Repeat("0", 56) + "88a1",
			Endorses: steps.Yes, SeenBy: "3", Consoles: 3})
	}
	return p
}

func summary(out Outcome) string {
	var b bytes.Buffer
	Summary(&b, &text.English, out, options())
	return b.String()
}

func TestSummaryOfAProvenSetup(t *testing.T) {
	t.Parallel()
	out := outcome(at(check, state.Done, 0, 2), at(admit, state.Done, 40, 100), at(wallet, state.Confirmed, 50, 90),
		at(create, state.Done, 2, 62), at(join, state.Done, 30, 70))
	out.Proof, out.Took = proof(), 102*time.Second
	out.Next = []string{"verify --dir /srv/org1", "drill --dir /srv/org1", "status --dir /srv/org1"}
	golden.Compare(t, "summary-proven", summary(out))
}

func TestSummaryOfAnUnfinishedSetup(t *testing.T) {
	t.Parallel()
	failed, unknown := at(join, state.Failed, 30, 70), at(create, state.Unknown, 2, 62)
	failed.Error = &state.Failure{Code: "fabric.forbidden", Facts: map[string]string{"host": "peer.ca-tor.example.com:7051", "channel": "trade"}}
	unknown.Error = &state.Failure{Code: "steps.differs", Facts: map[string]string{"what": "type", "want": "fabric-peer", "have": "fabric-ca"}}
	out := outcome(at(check, state.Done, 0, 2), at(wallet, state.Waiting, 50, 0), failed, unknown)
	out.Proof = proof()
	out.Proof.Holds = false
	out.Proof.Peers[2] = steps.PeerProof{Region: "ca-tor", Consoles: 3}
	golden.Compare(t, "summary-unfinished", summary(out))
}

func TestSummaryOpensWithWhatItIs(t *testing.T) {
	t.Parallel()
	all := func(s state.Status) Outcome {
		return outcome(at(check, state.Done, 0, 1), at(admit, s, 0, 1), at(wallet, state.Confirmed, 0, 1), at(create, state.Done, 0, 1), at(join, state.Done, 0, 1))
	}
	for _, tt := range []struct {
		name  string
		out   Outcome
		holds bool
		want  string
	}{
		{"all done and proven", all(state.Done), true, "✓ done  Org1 on trade lives in 3 regions."},
		{"all done, not proven", all(state.Done), false, "! unknown  Org1 on trade is set up, but the proof does not hold."},
		{"a gate is open", all(state.Waiting), false, "? waiting  Org1 on trade waits for people: open gates: 1."},
		{"a gate is open after the proof", all(state.Waiting), true, "? waiting  Org1 on trade lives in 3 regions, and waits for people: open gates: 1."},
		{"nobody knows", all(state.Unknown), true, "! unknown  Org1 on trade is not finished."},
		{"one was left", all(state.Skipped), true, "· todo  Org1 on trade is not finished."},
		{"one failed", all(state.Failed), true, "✗ failed  Org1 on trade is not finished."},
		{"a status of a later version", all("splendid"), true, "! unknown  Org1 on trade is not finished."},
		{"nothing was begun", outcome(), false, "· todo  Org1 on trade is not finished."},
	} {
		tt.out.Proof.Holds = tt.holds
		if got, _, _ := strings.Cut(summary(tt.out), "\n"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTimeOfWorkSideBySideCountsOnce(t *testing.T) {
	t.Parallel()
	got := timeOf([]engine.Step{check, admit, wallet, create, join}, outcome(
		at(check, state.Done, 0, 10), at(admit, state.Done, 5, 500), at(wallet, state.Waiting, 20, 0),
		at(create, state.Done, 20, 60), at(join, state.Done, 40, 80)).Checkpoints)
	if got.wall != 500*time.Second || got.people != 495*time.Second {
		t.Errorf("wall %v, people %v", got.wall, got.people)
	}
	want := []share{{"prepare", 10 * time.Second}, {"peers", 60 * time.Second}}
	if len(got.stages) != 2 || got.stages[0] != want[0] || got.stages[1] != want[1] {
		t.Errorf("stages %v, want %v", got.stages, want)
	}
	if len(got.regions) != 3 || got.regions[1] != (share{"us-east", 40 * time.Second}) {
		t.Errorf("regions %v", got.regions)
	}
}

func TestCoveredJoinsWhatTouchesAndSkipsWhatIsInside(t *testing.T) {
	t.Parallel()
	s := func(from, to int) span {
		return span{begun.Add(time.Duration(from) * time.Second), begun.Add(time.Duration(to) * time.Second)}
	}
	for _, tt := range []struct {
		spans []span
		want  int
	}{
		{nil, 0}, {[]span{s(0, 5)}, 5}, {[]span{s(5, 9), s(0, 5)}, 9}, {[]span{s(0, 9), s(2, 3)}, 9},
		{[]span{s(0, 2), s(8, 9)}, 3}, {[]span{s(0, 5), s(0, 5)}, 5}, {[]span{s(0, 9), s(1, 2), s(3, 12)}, 12},
	} {
		if got := covered(tt.spans); got != time.Duration(tt.want)*time.Second {
			t.Errorf("%v cover %v, want %ds", tt.spans, got, tt.want)
		}
	}
}
