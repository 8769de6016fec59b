package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"farol/state"
	"farol/state/fault"
)

// DefaultDeadline is how long the result of a step may take to become true: a console may need minutes to
// start a node (console-api.md 7).
const DefaultDeadline = 15 * time.Minute

// Codes of the engine's own faults.
var (
	CodeDeadline  = fault.Define("steps.deadline")  // facts: waited
	CodeUnsettled = fault.Define("steps.unsettled") // facts: target: it cannot be told whether the work was done
	CodeDiffers   = fault.Define("steps.differs")   // facts: what differs
	CodePanic     = fault.Define("steps.panic")     // facts: step
	CodeUnworded  = fault.Define("steps.unworded")  // facts: cause: an error without a code
	CodeMove      = fault.Define("steps.move")      // facts: step, from, to: a bug
)

// Store keeps the checkpoints. Update must be durable when it returns (state.Store).
type Store interface {
	File() state.File
	Update(change func(*state.File)) error
}

// Options of a run.
type Options struct {
	Attempts int // tries of a change that was certainly not done; default 3
	// BeforeAct is called when the intent is on disk and the mutation has not left; an error keeps it from
	// leaving. Tests of crashes use it.
	BeforeAct func(context.Context, Step) error
}

// Run runs one graph. Its methods may be called from any goroutine.
type Run struct {
	graph Graph
	store Store
	opts  Options

	mu    sync.Mutex
	cps   map[string]state.Checkpoint
	wake  chan struct{}
	nudge chan struct{} // closed and made anew by every nudge
	to    Reporter
	since map[string]time.Time // when a step started in this run
}

// New prepares a run: every step of the graph gets its checkpoint in the store, in the graph's order.
func New(g Graph, store Store, o Options) (*Run, error) {
	if err := g.Check(); err != nil {
		return nil, err
	}
	if o.Attempts == 0 {
		o.Attempts = 3
	}
	r := &Run{graph: g, store: store, opts: o, cps: map[string]state.Checkpoint{},
		wake: make(chan struct{}, 1), nudge: make(chan struct{}), since: map[string]time.Time{}}
	for _, c := range store.File().Steps {
		r.cps[c.ID] = c
	}
	for _, s := range g {
		c := r.cps[s.ID]
		if c.Target != "" && c.Target != s.Target && c.Status == state.Done { // it was done to something else
			c.Status = state.Drifted
		}
		c.ID, c.Row, c.Stage, c.Region, c.Target = s.ID, s.Row, s.Stage, s.Region, s.Target
		if c.Status == "" {
			c.Status = state.Todo
		}
		r.cps[s.ID] = c
	}
	return r, store.Update(func(f *state.File) { f.Steps = r.ordered() })
}

// Steps gives the graph.
func (r *Run) Steps() []Step { return r.graph }

// Checkpoints gives a copy of where every step stands.
func (r *Run) Checkpoints() map[string]state.Checkpoint {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.cps)
}

// ordered lists the checkpoints in the order of the graph, and after them what other answers have left: a
// change that may have been made is never forgotten.
func (r *Run) ordered() []state.Checkpoint {
	out := make([]state.Checkpoint, 0, len(r.graph))
	for _, s := range r.graph {
		out = append(out, r.cps[s.ID])
	}
	for _, id := range slices.Sorted(maps.Keys(r.cps)) {
		if _, known := r.graph.Step(id); !known && r.cps[id].Intent != nil {
			out = append(out, r.cps[id])
		}
	}
	return out
}

// Go runs until nothing moves any more: everything is done, or only failed steps and gates for a person
// are left. When ctx ends, no new mutation starts, those in flight are waited for, and ctx's error returns.
func (r *Run) Go(ctx context.Context, to Reporter) error {
	if err := r.begin(to); err != nil {
		return err
	}
	r.report(Event{Kind: RunStarted})
	defer r.report(Event{Kind: RunEnded})

	// A failed save stops everything: without a durable intent no mutation may leave.
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	live := map[string]bool{}
	ended := make(chan string)
	for {
		if ctx.Err() == nil {
			for _, s := range r.ready(live) {
				live[s.ID] = true
				go func() {
					if err := r.live(ctx, s); err != nil {
						stop(err)
					}
					ended <- s.ID
				}()
			}
		}
		if len(live) == 0 {
			return context.Cause(ctx)
		}
		select {
		case id := <-ended:
			delete(live, id)
		case <-r.wake:
		}
	}
}

// begin opens a round: what was left half-way goes on, and every check is made again, because it says how
// the world is now.
func (r *Run) begin(to Reporter) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to = to
	for _, s := range r.graph {
		c := r.cps[s.ID]
		if s.Kind == Check && c.Status == state.Done {
			c.Status, c.Evidence, c.Started, c.Finished = state.Todo, nil, time.Time{}, time.Time{}
			r.cps[s.ID] = c
		}
		if c.Status == state.Todo || c.Status == state.Doing {
			delete(r.since, s.ID)
		}
	}
	return r.store.Update(func(f *state.File) { f.Steps = r.ordered() })
}

// ready lists the steps that may start now: not started in this round, needs fulfilled, lock free.
func (r *Run) ready(live map[string]bool) []Step {
	r.mu.Lock()
	defer r.mu.Unlock()
	locks := map[string]bool{}
	for id := range live {
		s, _ := r.graph.Step(id)
		locks[s.Lock] = true
	}
	var out []Step
	for _, s := range r.graph {
		c := r.cps[s.ID]
		if live[s.ID] || !startable(c.Status) || !r.fulfilled(s) || s.Lock != "" && locks[s.Lock] {
			continue
		}
		if _, tried := r.since[s.ID]; tried && c.Status != state.Todo {
			continue // it ended in this run; only a decision sets it back
		}
		locks[s.Lock] = true
		out = append(out, s)
	}
	return out
}

func startable(s state.Status) bool {
	switch s {
	case state.Todo, state.Doing, state.Unknown, state.Failed, state.Drifted, state.Waiting:
		return true
	}
	return false
}

func (r *Run) fulfilled(s Step) bool {
	for _, n := range s.Needs {
		if st := r.cps[n].Status; st != state.Done && st != state.Confirmed {
			return false
		}
	}
	return true
}

// Confirm records that a person did a gate's work.
func (r *Run) Confirm(step, who string) error {
	return r.set(step, func(c *state.Checkpoint) {
		c.Status, c.Finished, c.Error = state.Confirmed, now(), nil
		c.Evidence = map[string]string{"confirmed by": who}
	})
}

// Decide records what a person wants done with a failed or doubtful step.
func (r *Run) Decide(step string, d Decision, who string) error {
	if st := r.checkpoint(step).Status; d == Adopt && st != state.Unknown && st != state.Drifted {
		return fault.New(CodeMove, "step", step, "from", string(st), "to", string(state.Done)).Certain(fault.NotSent)
	}
	return r.set(step, func(c *state.Checkpoint) {
		switch d {
		case Adopt:
			c.Status, c.Finished, c.Error = state.Done, now(), nil
			c.Evidence = map[string]string{"adopted by": who}
		case Leave:
			c.Status, c.Finished = state.Skipped, now()
		case TryAgain:
			if c.Status == state.Failed || c.Status == state.Skipped { // an unknown step keeps its doubt: it is observed first
				c.Status = state.Todo
			}
			delete(r.since, step)
		}
	})
}

// Nudge makes everything that waits look again at once, for somebody who knows that the world has changed.
func (r *Run) Nudge() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.nudge)
	r.nudge = make(chan struct{})
}

func (r *Run) nudged() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.nudge
}

// set changes one checkpoint durably and wakes the run.
func (r *Run) set(step string, change func(*state.Checkpoint)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.cps[step]
	if !ok {
		return errors.New("no step " + step)
	}
	from := c.Status
	if begun, ok := r.since[step]; ok && c.Started.IsZero() {
		c.Started = begun.UTC().Round(0)
	}
	change(&c)
	if from != c.Status && !state.Transition(from, c.Status) {
		return fault.New(CodeMove, "step", step, "from", string(from), "to", string(c.Status))
	}
	before := r.cps[step]
	r.cps[step] = c
	if err := r.store.Update(func(f *state.File) { f.Steps = r.ordered() }); err != nil {
		r.cps[step] = before
		return err
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
	return nil
}

func (r *Run) checkpoint(id string) state.Checkpoint {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cps[id]
}

func (r *Run) report(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.to == nil {
		return
	}
	e.At = now()
	r.to.Report(e)
}

// now is wall time in UTC, without a monotonic part, as it is stored.
func now() time.Time { return time.Now().UTC().Round(0) }
