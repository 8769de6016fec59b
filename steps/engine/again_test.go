package engine

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"farol/state"
	"farol/state/fault"
)

// checking is a step that only looks.
func checking(id string, holds *atomic.Bool) Step {
	return Step{ID: id, Row: "1", Stage: "s", Kind: Check, Op: "look", Deadline: time.Second, Observe: func(context.Context) (Observation, error) {
		if holds.Load() {
			return Observation{Finding: Present, Evidence: map[string]string{"seen": "now"}}, nil
		}
		return Observation{}, nil
	}}
}

func TestACheckIsMadeAgainInEveryRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var holds atomic.Bool
		holds.Store(true)
		m, x := &memory{}, &thing{}
		g := Graph{checking("look", &holds), x.step("make", "look")}
		if err := run(t, m, g); err != nil || m.status("look") != state.Done {
			t.Fatal(err, m.status("look"))
		}
		holds.Store(false)
		if err := run(t, m, g); err != nil || m.status("look") == state.Done {
			t.Errorf("what was true yesterday is still called done: %v, %v", err, m.status("look"))
		}
		if m.status("make") != state.Done || x.acts != 1 {
			t.Errorf("the change is %s after %d acts", m.status("make"), x.acts)
		}
	})
}

func TestWhatWasDoneToSomethingElseIsLookedAtAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, x := &memory{}, &thing{}
		step := x.step("make")
		if err := run(t, m, Graph{step}); err != nil || x.acts != 1 {
			t.Fatal(err, x.acts)
		}
		x.there, step.Target = 0, "another"
		if err := run(t, m, Graph{step}); err != nil || x.acts != 2 || m.status("make") != state.Done {
			t.Errorf("err=%v acts=%d status=%s", err, x.acts, m.status("make"))
		}
	})
}

func TestAnIntentThatOtherAnswersHaveLeftIsNotForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{file: state.File{Steps: []state.Checkpoint{{ID: "gone", Status: state.Doing, Intent: &state.Intent{Op: "make", Target: "old"}}}}}
		if err := run(t, m, Graph{(&thing{}).step("new")}); err != nil {
			t.Fatal(err)
		}
		if m.status("gone") != state.Doing {
			t.Errorf("the checkpoints are now %+v", m.file.Steps)
		}
	})
}

func TestAPersonMayAdoptOnlyWhatIsInDoubt(t *testing.T) {
	t.Parallel()
	for status, allowed := range map[state.Status]bool{state.Unknown: true, state.Drifted: true, state.Failed: false, state.Todo: false, state.Done: false} {
		m := &memory{file: state.File{Steps: []state.Checkpoint{{ID: "x", Target: "x", Status: status}}}}
		r, err := New(Graph{(&thing{}).step("x")}, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Decide("x", Adopt, "maria"); (err == nil) != allowed || !allowed && !fault.Is(err, CodeMove) {
			t.Errorf("adopting what is %s: %v", status, err)
		}
	}
}

func TestWhatWasLeftCanBeTakenUpAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, x := &memory{}, &thing{}
		r, err := New(Graph{x.step("x")}, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []Decision{Leave, TryAgain} {
			if err := r.Decide("x", d, "maria"); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Go(t.Context(), nil); err != nil || m.status("x") != state.Done {
			t.Errorf("%v, %s", err, m.status("x"))
		}
	})
}

func TestANudgeDuringALookIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		var r *Run
		looks := 0
		gate := Step{ID: "gate", Row: "1", Stage: "s", Kind: Gate, Op: "ask", Observe: func(context.Context) (Observation, error) {
			if looks++; looks == 20 {
				r.Nudge() // it becomes true just after this look
				return Observation{}, nil
			}
			if looks == 21 {
				return Observation{Finding: Present}, nil
			}
			return Observation{}, nil
		}}
		var err error
		if r, err = New(Graph{gate}, m, Options{}); err != nil {
			t.Fatal(err)
		}
		var before time.Time
		started := ReporterFunc(func(e Event) {
			if e.Kind == StepWaiting {
				before = time.Now()
			}
		})
		if err := r.Go(t.Context(), started); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(before); waited > 0 {
			t.Errorf("it was noticed %v after the nudge", waited)
		}
	})
}

func TestAGraphWithANeedThatStandsLaterIsRefused(t *testing.T) {
	x, y := &thing{}, &thing{}
	if err := (Graph{x.step("x", "y"), y.step("y")}).Check(); err == nil {
		t.Fatal("accepted")
	}
}
