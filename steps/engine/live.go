package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"farol/state"
	"farol/state/fault"
)

// errLeft says that a step was left because the run is stopping. Its checkpoint already tells the truth.
var errLeft = errors.New("left")

// saveError marks an error of the store. It stops the run: without a durable intent nothing may leave.
type saveError struct{ error }

func (e saveError) Unwrap() error { return e.error }

// live takes one step through its life. It returns an error only when a checkpoint could not be saved.
func (r *Run) live(ctx context.Context, s Step) (err error) {
	defer func() {
		if p := recover(); p != nil {
			cause := fmt.Errorf("%v\n%s", p, debug.Stack())
			status := state.Failed
			if r.checkpoint(s.ID).Intent != nil {
				status = state.Unknown // it may have happened after the mutation left
			}
			err = r.end(s, status, nil, fault.New(CodePanic, "step", s.ID).Because(cause))
		}
	}()
	r.mu.Lock()
	r.since[s.ID] = time.Now()
	r.mu.Unlock()
	r.report(r.event(s, StepStarted))
	if s.Observe == nil { // a gate that only a person can close
		return r.open(s)
	}
	l := life{run: r, step: s, watch: newWatch(ctx, r, s), doubtful: r.checkpoint(s.ID).Intent != nil}
	var save saveError
	switch o, err := l.lead(ctx); {
	case errors.Is(err, errLeft):
		return nil
	case errors.As(err, &save):
		return save.error
	case err != nil && l.doubtful:
		return r.end(s, state.Unknown, o.Evidence, err)
	case err != nil:
		return r.end(s, state.Failed, o.Evidence, err)
	case o.Finding == Differs:
		return r.end(s, state.Unknown, o.Evidence, differs(o))
	case o.Finding == Absent: // a gate that stays open
		return nil
	default:
		return r.end(s, state.Done, o.Evidence, nil)
	}
}

// life is one step while it is led: observe; done? else intent, one mutation, observe until true.
type life struct {
	run      *Run
	step     Step
	watch    *watch
	doubtful bool // a mutation may have been made without our knowing
	tries    int
}

// lead ends with Present, Differs, or, for a gate that waits for a person, Absent.
func (l *life) lead(ctx context.Context) (Observation, error) {
	o, err := l.watch.first()
	for {
		switch {
		case err != nil || o.Finding == Present || o.Finding == Differs:
			return o, err
		case l.step.Kind == Gate:
			if err := l.run.open(l.step); err != nil || l.step.Confirmable {
				return o, err
			}
			return l.watch.forever()
		case o.Finding == Coming || l.step.Kind == Check:
			return l.watch.until()
		case l.doubtful:
			// The last try may still be at work: absence counts only when it lasts.
			if o, err = l.watch.settle(); err == nil && o.Finding == Absent {
				l.doubtful = false
			}
		case l.tries == l.run.opts.Attempts:
			return o, fault.New(CodeUnsettled, "target", l.step.Target)
		default:
			l.tries++
			o, err = l.change(ctx)
		}
	}
}

// change saves the intent, makes the one mutation, and looks at what became of it.
func (l *life) change(ctx context.Context) (Observation, error) {
	if ctx.Err() != nil {
		return Observation{}, errLeft
	}
	r, s := l.run, l.step
	err := r.save(s.ID, func(c *state.Checkpoint) {
		c.Status, c.Error, c.Attempts = state.Doing, nil, c.Attempts+1
		c.Intent = &state.Intent{Op: s.Op, Target: s.Target, At: now()}
	})
	if err != nil {
		return Observation{}, err
	}
	l.doubtful = true
	// A mutation that has left is not called back: stopping waits for its answer, or for its own deadline.
	acting := WithDoing(context.WithoutCancel(ctx), Doing{s.ID, Acting})
	if r.opts.BeforeAct != nil {
		if err := r.opts.BeforeAct(acting, s); err != nil {
			return Observation{}, err
		}
	}
	r.report(r.event(s, Acted))
	if err := s.Act(acting); err != nil {
		return l.weigh(err)
	}
	return l.watch.until()
}

// weigh decides what a failed mutation means. Whatever the answer was, the world is asked: "it exists
// already" is how a lost answer looks later.
func (l *life) weigh(actErr error) (Observation, error) {
	f, ok := fault.Of(actErr)
	if !ok {
		f = fault.New(CodeUnsettled, "target", l.step.Target).Because(actErr)
	}
	status := state.Todo
	if f.Certainty == fault.Unsure {
		status = state.Unknown
	}
	err := l.run.save(l.step.ID, func(c *state.Checkpoint) {
		c.Status, c.Error = status, failure(f)
		if status == state.Todo {
			c.Intent = nil
		}
	})
	if err != nil {
		return Observation{}, err
	}
	o, err := l.watch.look()
	switch {
	case errors.Is(err, errLeft) || err == nil && o.Finding != Absent:
		return o, err
	case status == state.Unknown && err != nil && !transient(err):
		return o, err
	case status == state.Unknown:
		return Observation{}, nil // its absence has to last before it counts
	}
	l.doubtful = false
	if !f.Transient || l.tries == l.run.opts.Attempts {
		return o, f
	}
	return Observation{}, l.watch.pause(l.run.nudged())
}

// open reports a gate to the person.
func (r *Run) open(s Step) error {
	if err := r.save(s.ID, func(c *state.Checkpoint) { c.Status = state.Waiting }); err != nil {
		return err
	}
	e := r.event(s, GateOpen)
	e.Status = state.Waiting
	r.report(e)
	return nil
}

// end records how the step ended in this run.
func (r *Run) end(s Step, st state.Status, evidence map[string]string, cause error) error {
	err := r.set(s.ID, func(c *state.Checkpoint) {
		c.Status, c.Evidence, c.Error, c.Finished = st, evidence, failure(cause), now()
		if st != state.Unknown {
			c.Intent = nil
		}
	})
	if err != nil {
		return err
	}
	e := r.event(s, StepEnded)
	e.Status, e.Evidence, e.Failure, e.Cause = st, evidence, failure(cause), cause
	r.report(e)
	return nil
}

func (r *Run) save(step string, change func(*state.Checkpoint)) error {
	if err := r.set(step, change); err != nil {
		return saveError{err}
	}
	return nil
}

func (r *Run) event(s Step, k EventKind) Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Event{Kind: k, Step: s.ID, Op: s.Op, Region: s.Region, Stage: s.Stage, Target: s.Target,
		Attempt: r.cps[s.ID].Attempts, Elapsed: time.Since(r.since[s.ID])}
}

// differs words an observation of something that is not ours as a fault.
func differs(o Observation) error {
	code := fault.Code(o.Code)
	if code == "" {
		code = CodeDiffers
	}
	f := fault.New(code)
	for k, v := range o.Evidence {
		f.With(k, v)
	}
	return f
}

// failure keeps the safe part of an error.
func failure(err error) *state.Failure {
	if err == nil {
		return nil
	}
	f, ok := fault.Of(err)
	if !ok {
		f = fault.New(CodeUnworded, "cause", err.Error())
	}
	return &state.Failure{Code: string(f.Code), Facts: f.Facts, At: now()}
}
