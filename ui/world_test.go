package ui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"farol/state"
	"farol/steps"
	"farol/steps/engine"
)

// world is a procedure that does nothing, in the order of the real one: a second for each change.
type world struct {
	mu       sync.Mutex
	setup    state.Setup
	graph    []engine.Step
	cps      map[string]state.Checkpoint
	admitted chan struct{}
	broken   map[string]bool // steps that fail until somebody decides
	decided  []string
	closed   bool
}

func newWorld(d *steps.Draft) (*world, error) {
	graph, err := steps.Preview(d)
	return &world{setup: d.Setup, graph: graph, cps: map[string]state.Checkpoint{}, admitted: make(chan struct{}), broken: map[string]bool{}}, err
}

func (w *world) Setup() state.Setup   { return w.setup }
func (w *world) Steps() []engine.Step { return w.graph }
func (w *world) Close() error         { w.closed = true; return nil }

func (w *world) Checkpoints() map[string]state.Checkpoint {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]state.Checkpoint{}
	for k, v := range w.cps {
		out[k] = v
	}
	return out
}

func (w *world) set(s engine.Step, change func(*state.Checkpoint)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.cps[s.ID]
	c.ID, c.Stage, c.Region = s.ID, s.Stage, s.Region
	change(&c)
	w.cps[s.ID] = c
}

// Run implements Runner.
func (w *world) Run(ctx context.Context, to engine.Reporter) error {
	report := func(s engine.Step, k engine.EventKind, st state.Status) {
		to.Report(engine.Event{Kind: k, At: time.Now(), Step: s.ID, Op: s.Op, Region: s.Region, Target: s.Target, Status: st})
	}
	for _, s := range w.graph {
		switch w.Checkpoints()[s.ID].Status {
		case state.Done, state.Confirmed, state.Skipped:
			continue
		}
		report(s, engine.StepStarted, "")
		w.set(s, func(c *state.Checkpoint) { c.Started = time.Now() })
		switch {
		case s.Kind == engine.Gate:
			w.set(s, func(c *state.Checkpoint) { c.Status = state.Waiting })
			report(s, engine.GateOpen, state.Waiting)
			if s.Confirmable {
				continue
			}
			select {
			case <-w.admitted:
			case <-ctx.Done():
				return ctx.Err()
			}
		case s.Kind == engine.Change:
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if w.broken[s.ID] {
			f := &state.Failure{Code: "wire.timeout", At: time.Now(), Facts: map[string]string{"host": "console." + s.Region + ".example.com:443"}}
			w.set(s, func(c *state.Checkpoint) { c.Status, c.Error, c.Finished = state.Failed, f, time.Now() })
			report(s, engine.StepEnded, state.Failed)
			return nil
		}
		w.set(s, func(c *state.Checkpoint) {
			c.Status, c.Finished, c.Error, c.Evidence = state.Done, time.Now(), nil, evidence(s)
		})
		report(s, engine.StepEnded, state.Done)
	}
	return nil
}

// evidence is what the proof found.
func evidence(s engine.Step) map[string]string {
	out := map[string]string{}
	for _, r := range []string{"us-south", "us-east", "ca-tor"} {
		switch s.Op {
		case "proof.ledger":
			out[r+" height"], out[r+" hash"] = "7", "9c41"+strings.Repeat("0", 56)+"a1e2"
		case "proof.anchors":
			out[r+" anchor"] = r + ".example.com:7051"
		case "proof.package":
			out[r+" package"] = "basic_1.0:3f77" + strings.Repeat("0", 56) + "88a1"
		case "proof.consoles":
			out[r+" seen by"] = "3"
		}
	}
	return out
}

// Confirm implements Runner.
func (w *world) Confirm(step string) error {
	w.decide(step, "confirm", state.Confirmed)
	return nil
}

// Decide implements Runner.
func (w *world) Decide(step string, d engine.Decision) error {
	to := map[engine.Decision]state.Status{engine.TryAgain: state.Todo, engine.Leave: state.Skipped, engine.Adopt: state.Done}[d]
	delete(w.broken, step)
	w.decide(step, string(d), to)
	return nil
}

func (w *world) decide(step, what string, to state.Status) {
	w.decided = append(w.decided, what+" "+step)
	s, _ := engine.Graph(w.graph).Step(step)
	w.set(s, func(c *state.Checkpoint) { c.Status, c.Error = to, nil })
}

// Nudge implements Runner.
func (w *world) Nudge() { w.decided = append(w.decided, "nudge") }

// Proof implements Runner.
func (w *world) Proof() steps.Proof {
	var all []state.Checkpoint
	cps := w.Checkpoints()
	for _, s := range w.graph {
		all = append(all, cps[s.ID])
	}
	p := steps.ProofOf(w.setup, all)
	p.Read = time.Date(2026, 11, 23, 10, 42, 7, 0, time.UTC) // two clocks that tick at once make it vary by one
	return p
}

// Gate implements Runner.
func (w *world) Gate(step string) steps.GateInfo {
	s, _ := engine.Graph(w.graph).Step(step)
	if s.Op == "handoff.admitted" {
		return steps.GateInfo{Who: "ordering", Files: []string{"/srv/org1/handoff/org1-trade.zip"},
			Facts: map[string]string{"organization": "Org1MSP", "channel": "trade"}}
	}
	return steps.GateInfo{Who: "you", Files: []string{"/srv/org1/wallet/" + s.Region + "/Org1_identity.json"},
		Facts: map[string]string{"console": "https://console." + s.Region + ".example.com", "identity": "Org1 Admin"}}
}

// training is a sandbox whose regions come up after ten seconds.
type training struct {
	began  time.Time
	takes  time.Duration
	fails  error
	world  func() *world
	played int
}

// Progress implements Practice.
func (p *training) Progress() PracticeProgress {
	if p.began.IsZero() {
		p.began = time.Now()
	}
	since := time.Since(p.began)
	switch {
	case p.fails != nil:
		return PracticeProgress{Phase: "failed", Err: p.fails}
	case since >= p.takes:
		return PracticeProgress{Phase: "ready"}
	}
	return PracticeProgress{Phase: "build", Item: "peer", Index: 2, Total: 3, Since: since}
}

// Wait implements Practice.
func (p *training) Wait(ctx context.Context, d *steps.Draft) error {
	if p.fails != nil {
		return p.fails
	}
	select {
	case <-time.After(p.takes):
	case <-ctx.Done():
		return ctx.Err()
	}
	d.Setup.Practice = true
	return nil
}

// PlayAdministrator implements Practice.
func (p *training) PlayAdministrator(context.Context, string) error {
	if p.played++; p.played > 1 {
		return errors.New("played twice")
	}
	close(p.world().admitted)
	return nil
}

// practiceDeps are what the wizard gets on practice regions. The world appears when the set-up begins.
func practiceDeps() (Deps, **world) {
	w := new(*world)
	d := Deps{Dir: "/srv/org1", Draft: draft(), Practice: &training{takes: 10 * time.Second, world: func() *world { return *w }},
		Begin: func(_ context.Context, d *steps.Draft) (Runner, error) {
			var err error
			*w, err = newWorld(d)
			return *w, err
		},
		Next: []string{"status --dir /srv/org1", "sandbox --dir /srv/org1", "sandbox down --dir /srv/org1"}}
	return d, w
}

// realDeps are what the wizard gets on real regions, with consoles that take only the secret "s3cret".
func realDeps() (Deps, **world) {
	d, w := practiceDeps()
	d.Practice, d.Next = nil, nil
	d.TestConsole = func(ctx context.Context, d *steps.Draft, region string) (steps.ConsoleTest, error) {
		if d.Secrets[steps.ConsoleSecret(region)].Expose() != planted {
			return steps.ConsoleTest{}, errors.New("wrong secret")
		}
		return steps.ConsoleTest{Version: "1.0.9", RoundTrip: 41 * time.Millisecond, Roles: []string{"manager"}}, nil
	}
	return d, w
}

const planted = "s3cretNobodyMaySee"

// existingDeps find a set-up in the folder.
func existingDeps() (Deps, *world) {
	d, _ := realDeps()
	w, err := newWorld(d.Draft)
	if err != nil {
		panic(err)
	}
	w.setup.Name = "Org1 on trade"
	var saved []state.Checkpoint
	for i, s := range w.graph {
		c := state.Checkpoint{ID: s.ID, Stage: s.Stage, Region: s.Region, Status: state.Todo}
		if i < 20 {
			c.Status = state.Done
		}
		if i == 20 {
			c.Status = state.Unknown
		}
		w.cps[s.ID] = c
		saved = append(saved, c)
	}
	d.Existing = &Existing{File: &state.File{Setup: w.setup, Steps: saved, Updated: time.Date(2026, 11, 22, 18, 4, 0, 0, time.UTC), By: state.Author{User: "maria"}}}
	d.Resume = func(_ context.Context, over bool) (Runner, error) {
		if over {
			return nil, nil
		}
		return w, nil
	}
	return d, w
}
