package line

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"farol/state"
	"farol/steps"
	"farol/steps/engine"
	"farol/ui/golden"
	"farol/ui/text"
)

var begun = time.Date(2026, 11, 23, 10, 41, 0, 0, time.UTC)

// after makes an event of a step some seconds after the beginning.
func after(seconds float64, kind engine.EventKind, s engine.Step) engine.Event {
	d := time.Duration(seconds * float64(time.Second))
	return engine.Event{Kind: kind, At: begun.Add(d), Step: s.ID, Op: s.Op, Region: s.Region, Stage: s.Stage, Target: s.Target, Elapsed: d}
}

func (e ended) event(seconds float64, s engine.Step) engine.Event {
	ev := after(seconds, engine.StepEnded, s)
	ev.Status, ev.Evidence, ev.Failure = e.status, e.evidence, e.failure
	return ev
}

type ended struct {
	status   state.Status
	evidence map[string]string
	failure  *state.Failure
}

var (
	check  = engine.Step{ID: "us-south/console", Op: "console.check", Region: "us-south", Stage: "prepare", Target: "us-south", Kind: engine.Check}
	create = engine.Step{ID: "us-east/peer", Op: "peer.create", Region: "us-east", Stage: "peers", Target: "org1useastpeer1", Kind: engine.Change}
	join   = engine.Step{ID: "ca-tor/channel/join", Op: "channel.join", Region: "ca-tor", Stage: "peers", Target: "org1catorpeer1", Kind: engine.Change}
	admit  = engine.Step{ID: "all/handoff/admitted", Op: "handoff.admitted", Stage: "hand-off", Target: "trade", Kind: engine.Gate}
	wallet = engine.Step{ID: "us-east/wallet", Op: "wallet.import", Region: "us-east", Stage: "import", Target: "Org1 Admin", Kind: engine.Gate, Confirmable: true}
)

func gate(step string) steps.GateInfo {
	if step == admit.ID {
		return steps.GateInfo{Who: "ordering", Files: []string{"/srv/org1/handoff/org1-trade.zip"},
			Facts: map[string]string{"organization": "Org1MSP", "channel": "trade"}}
	}
	return steps.GateInfo{Who: "you", Files: []string{"/srv/org1/wallet/us-east/Org1_identity.json"},
		Facts: map[string]string{"console": "https://console.us-east.example.com", "identity": "Org1 Admin"}}
}

func options() Options { return Options{Zone: time.UTC, Gate: gate} }

func play(o Options, events ...engine.Event) string {
	var out bytes.Buffer
	r := Plain(&out, &text.English, o)
	for _, e := range events {
		r.Report(e)
	}
	return out.String()
}

func TestPlainTellsARunLineByLine(t *testing.T) {
	t.Parallel()
	trouble := after(32, engine.StepWaiting, create)
	trouble.Failure = &state.Failure{Code: "wire.timeout", Facts: map[string]string{"host": "console.us-east.example.com:443"}}
	golden.Compare(t, "run", play(options(),
		engine.Event{Kind: engine.RunStarted, At: begun},
		after(0, engine.StepStarted, check),
		ended{status: state.Done}.event(0.4, check),
		after(1, engine.StepStarted, create),
		after(1.2, engine.Acted, create),
		after(5, engine.StepWaiting, create),
		after(12, engine.StepWaiting, create),
		after(14, engine.StepWaiting, create),
		after(15, engine.GateOpen, admit),
		after(16, engine.GateOpen, wallet),
		trouble,
		after(40, engine.StepWaiting, admit),
		after(76, engine.StepWaiting, admit),
		ended{status: state.Done, evidence: map[string]string{"id": "org1useastpeer1"}}.event(80, create),
		after(80, engine.StepStarted, join),
		ended{status: state.Failed, failure: &state.Failure{Code: "fabric.forbidden",
			Facts: map[string]string{"host": "peer.ca-tor.example.com:7051", "detail": "access denied"}}}.event(101, join),
		ended{status: state.Confirmed}.event(3700, wallet),
		engine.Event{Kind: engine.RunEnded, At: begun.Add(time.Hour)},
	))
}

func TestPlainWorksWithoutUnicode(t *testing.T) {
	t.Parallel()
	o := options()
	o.ASCII = true
	got := play(o, after(0, engine.StepStarted, check), ended{status: state.Done}.event(2, check), after(3, engine.GateOpen, admit))
	for _, r := range got {
		if r > 0x7e {
			t.Errorf("%U is not ASCII:\n%s", r, got)
		}
	}
	if !strings.Contains(got, "+ done") {
		t.Errorf("no mark of a done step:\n%s", got)
	}
}

func TestPlainColoursOnlyTheMark(t *testing.T) {
	t.Parallel()
	o := options()
	o.Color = true
	got := play(o, ended{status: state.Failed}.event(0, check))
	if want := "\x1b[31m✗ failed"; !strings.Contains(got, want) || strings.Count(got, "\x1b[") != 2 {
		t.Errorf("got %q", got)
	}
	if plain := play(options(), ended{status: state.Failed}.event(0, check)); strings.Contains(plain, "\x1b") {
		t.Errorf("colours without being asked: %q", plain)
	}
}

func TestPlainBreathesEveryTenSecondsByTheTimeOfTheEvents(t *testing.T) {
	t.Parallel()
	events := []engine.Event{after(0, engine.StepStarted, create)}
	for s := range 61 {
		events = append(events, after(float64(s), engine.StepWaiting, create))
	}
	if got := strings.Count(play(options(), events...), "still waiting"); got != 6 {
		t.Errorf("%d lines in a minute, want 6", got)
	}
}

func TestPlainPrintsHostileTextInert(t *testing.T) {
	t.Parallel()
	evil := create
	evil.Target, evil.Region = "peer\x1b[2J\u202e\n23:59:59  forged", "us\u200beast"
	o := options()
	o.Gate = func(string) steps.GateInfo {
		return steps.GateInfo{Who: "a\x07", Files: []string{"b\x1b]0;x"}, Facts: map[string]string{"console": "c\u009b"}}
	}
	evilGate := wallet
	evilGate.Target = "d\x1b[31m"
	got := play(o, after(0, engine.Acted, evil), after(1, engine.GateOpen, evilGate),
		ended{status: state.Failed, failure: &state.Failure{Code: "x\x1b.y", Facts: map[string]string{"a": "\x1b"}}}.event(2, evil))
	if strings.ContainsAny(got, "\x1b\x07\u009b\u202e\u200b") {
		t.Errorf("not inert: %q", got)
	}
	for _, l := range strings.Split(got, "\n") {
		if strings.HasPrefix(l, "23:59") {
			t.Errorf("a forged line: %q", l)
		}
	}
}

func TestJSONIsOneEventALineWithStableKeys(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	r := JSON(&out)
	full := ended{state.Failed, map[string]string{"a": "<b>\u202e\u009b"}, &state.Failure{Code: "wire.timeout", At: begun}}.event(1.5, create)
	full.Attempt, full.Note = 2, "POST"
	r.Report(engine.Event{Kind: engine.RunStarted, At: begun})
	r.Report(full)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %s", len(lines), out.String())
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(lines[1]), &got); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for k := range got {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	want := []string{"at", "attempt", "elapsed_ns", "error", "event", "evidence", "note", "op", "region", "stage", "status", "step", "target"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if strings.ContainsAny(lines[1], "\u202e\u009b") {
		t.Errorf("not inert: %q", lines[1])
	}
	if diff := cmp.Diff(map[string]any{"a": "<b>\u202e\u009b"}, got["evidence"]); diff != "" {
		t.Errorf("evidence was changed (-want +got):\n%s", diff)
	}
}

func TestDetectObeysTheEnvironment(t *testing.T) {
	t.Parallel()
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, tt := range []struct {
		env   map[string]string
		ascii bool
	}{
		{map[string]string{"LANG": "en_US.UTF-8"}, false},
		{map[string]string{"LC_CTYPE": "C.utf8"}, false},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "C"}, true},
		{nil, true},
	} {
		o := Detect(f, func(k string) string { return tt.env[k] })
		if o.ASCII != tt.ascii {
			t.Errorf("%v: ASCII is %v", tt.env, o.ASCII)
		}
		if o.Color {
			t.Errorf("%v: a file is given colours", tt.env)
		}
	}
}
