package engine

import (
	"context"
	"time"

	"farol/state/fault"
)

// Looks start close together, because a node may be up in a second, and end far apart, because a console
// allows few calls a minute (console-api.md 0.8).
const (
	firstPause = 250 * time.Millisecond
	lastPause  = 5 * time.Second
	gatePause  = 15 * time.Second
)

// watch looks at one step again and again.
type watch struct {
	run   *Run
	ctx   context.Context
	step  Step
	next  time.Duration // the coming pause
	limit time.Duration // the longest pause
	start time.Time
	end   time.Time
}

func newWatch(ctx context.Context, r *Run, s Step) *watch {
	d := s.Deadline
	if d == 0 {
		d = DefaultDeadline
	}
	begun := time.Now()
	return &watch{run: r, ctx: WithDoing(ctx, Doing{s.ID, Observing}), step: s,
		next: firstPause, limit: lastPause, start: begun, end: begun.Add(d)}
}

// look observes once. When the run is stopping, errors mean nothing.
func (w *watch) look() (Observation, error) {
	o, err := w.step.Observe(w.ctx)
	if err != nil && w.ctx.Err() != nil {
		return o, errLeft
	}
	return o, err
}

// pause waits a little longer each time, or until somebody who knows better says that it is time to look. The
// nudge is taken before the look, so that none is lost during it.
func (w *watch) pause(nudge <-chan struct{}) error {
	t := time.NewTimer(w.next)
	defer t.Stop()
	w.next = min(w.next*8/5, w.limit)
	select {
	case <-w.ctx.Done():
		return errLeft
	case <-nudge:
		w.next = firstPause
	case <-t.C:
	}
	return nil
}

// first looks until there is any finding: what may pass by itself is waited for.
func (w *watch) first() (Observation, error) {
	return w.while(func(o Observation) bool { return false })
}

// until looks until the step is true, or something else is there.
func (w *watch) until() (Observation, error) {
	return w.while(func(o Observation) bool { return o.Finding == Absent || o.Finding == Coming })
}

// forever is until without a deadline, for what depends on people.
func (w *watch) forever() (Observation, error) {
	w.limit, w.end = gatePause, time.Time{}
	return w.until()
}

// while looks as long as more says so or the fault may pass, up to the deadline.
func (w *watch) while(more func(Observation) bool) (Observation, error) {
	for {
		nudge := w.run.nudged()
		o, err := w.look()
		if err == nil && !more(o) || err != nil && !transient(err) {
			return o, err
		}
		if !w.end.IsZero() && time.Now().After(w.end) {
			waited := time.Since(w.start).Round(time.Second).String()
			if err == nil {
				err = fault.New(CodeDeadline, "waited", waited)
			}
			return o, err
		}
		e := w.run.event(w.step, StepWaiting)
		e.Evidence, e.Failure, e.Cause = o.Evidence, failure(err), err
		w.run.report(e)
		if err := w.pause(nudge); err != nil {
			return o, err
		}
	}
}

// settle looks until absence has lasted, from its first look on, or something is there.
func (w *watch) settle() (Observation, error) {
	var since time.Time
	return w.while(func(o Observation) bool {
		if o.Finding != Absent {
			return false
		}
		if since.IsZero() {
			since = time.Now()
			return true
		}
		return time.Since(since) < w.step.Settle
	})
}

func transient(err error) bool {
	f, ok := fault.Of(err)
	return ok && f.Transient
}
