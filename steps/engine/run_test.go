package engine

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"farol/state"
	"farol/state/fault"
)

func TestAThingThatIsThereIsNotMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{there: 1}, &memory{}
		if err := run(t, m, Graph{x.step("x")}); err != nil || x.acts != 0 || m.status("x") != state.Done {
			t.Fatalf("err=%v acts=%d status=%s", err, x.acts, m.status("x"))
		}
	})
}

func TestTheIntentIsSavedBeforeTheMutationLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		x.act = func(x *thing) error {
			c := m.File().Steps[0]
			if c.Status != state.Doing || c.Intent == nil || c.Intent.Target != "x" {
				t.Errorf("the mutation left with checkpoint %+v", c)
			}
			x.there++
			return nil
		}
		if err := run(t, m, Graph{x.step("x")}); err != nil || x.there != 1 {
			t.Fatal(err, x.there)
		}
	})
}

func TestNothingLeavesWhenTheIntentCannotBeSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		r, err := New(Graph{x.step("x")}, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		full := errors.New("disk full")
		m.fails = full
		if err := r.Go(t.Context(), nil); !errors.Is(err, full) || x.acts != 0 {
			t.Fatalf("err=%v acts=%d", err, x.acts)
		}
	})
}

func TestALostAnswerIsObservedAndNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		x.act = func(x *thing) error { x.there++; return fault.New(codeLost) }
		if err := run(t, m, Graph{x.step("x")}); err != nil || x.there != 1 || m.status("x") != state.Done {
			t.Fatalf("err=%v there=%d status=%s", err, x.there, m.status("x"))
		}
	})
}

func TestWorkThatArrivesLateIsNotDoneTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		x.act = func(x *thing) error {
			time.AfterFunc(2*time.Second, func() { x.mu.Lock(); x.there++; x.mu.Unlock() })
			return fault.New(codeLost)
		}
		if err := run(t, m, Graph{x.step("x")}); err != nil || x.acts != 1 || x.there != 1 {
			t.Fatalf("err=%v acts=%d there=%d", err, x.acts, x.there)
		}
	})
}

func TestALastingAbsenceAfterALostRequestIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		x.act = func(x *thing) error {
			if x.acts == 1 {
				return fault.New(codeLost)
			}
			x.there++
			return nil
		}
		began := time.Now()
		if err := run(t, m, Graph{x.step("x")}); err != nil || x.acts != 2 || x.there != 1 {
			t.Fatalf("err=%v acts=%d there=%d", err, x.acts, x.there)
		}
		if time.Since(began) < 3*time.Second {
			t.Fatalf("the absence counted after %s", time.Since(began))
		}
	})
}

func TestARefusalIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		x.act = func(*thing) error { return fault.New(codeRefused).Certain(fault.Refused) }
		if err := run(t, m, Graph{x.step("x")}); err != nil || x.acts != 1 || m.status("x") != state.Failed {
			t.Fatalf("err=%v acts=%d status=%s", err, x.acts, m.status("x"))
		}
		if e := m.File().Steps[0].Error; e == nil || e.Code != string(codeRefused) {
			t.Fatalf("the checkpoint does not say why: %+v", e)
		}
	})
}

func TestAPassingRefusalIsTriedThreeTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		x.act = func(*thing) error { return fault.New(codeFlaky).Certain(fault.Refused).Later() }
		if err := run(t, m, Graph{x.step("x")}); err != nil || x.acts != 3 || m.status("x") != state.Failed {
			t.Fatalf("err=%v acts=%d status=%s", err, x.acts, m.status("x"))
		}
	})
}

func TestResumeObservesBeforeItActs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &thing{there: 1}
		m := &memory{file: state.File{Steps: []state.Checkpoint{{ID: "x", Status: state.Doing,
			Attempts: 1, Intent: &state.Intent{Op: "make", Target: "x"}}}}}
		if err := run(t, m, Graph{x.step("x")}); err != nil || x.acts != 0 || m.status("x") != state.Done {
			t.Fatalf("err=%v acts=%d status=%s", err, x.acts, m.status("x"))
		}
	})
}

func TestADoneStepIsNeverRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &thing{}
		x.observe = func(*thing) (Observation, error) { t.Error("a done step was observed"); return Observation{}, nil }
		m := &memory{file: state.File{Steps: []state.Checkpoint{{ID: "x", Status: state.Done}}}}
		if err := run(t, m, Graph{x.step("x")}); err != nil || x.acts != 0 {
			t.Fatal(err, x.acts)
		}
	})
}

func TestOneFailureDoesNotStopTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad, good, after, m := &thing{}, &thing{}, &thing{}, &memory{}
		bad.act = func(*thing) error { return fault.New(codeRefused).Certain(fault.Refused) }
		err := run(t, m, Graph{bad.step("bad"), good.step("good"), after.step("after", "bad")})
		if err != nil || m.status("bad") != state.Failed || m.status("good") != state.Done || m.status("after") != state.Todo {
			t.Fatalf("err=%v bad=%s good=%s after=%s", err, m.status("bad"), m.status("good"), m.status("after"))
		}
	})
}

func TestWhatIsListedButNotWellIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		looks := 0
		x.observe = func(x *thing) (Observation, error) {
			if x.acts == 0 {
				return Observation{}, nil
			}
			if looks++; looks < 5 {
				return Observation{Finding: Coming}, nil
			}
			return Observation{Finding: Present}, nil
		}
		if err := run(t, m, Graph{x.step("x")}); err != nil || looks != 5 || m.status("x") != state.Done {
			t.Fatalf("err=%v looks=%d status=%s", err, looks, m.status("x"))
		}
	})
}

func TestWhatNeverGetsWellEndsUnknownAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		x.observe = func(x *thing) (Observation, error) {
			if x.acts == 0 {
				return Observation{}, nil
			}
			return Observation{Finding: Coming}, nil
		}
		s := x.step("x")
		s.Deadline = time.Minute
		if err := run(t, m, Graph{s}); err != nil || m.status("x") != state.Unknown || x.acts != 1 {
			t.Fatalf("err=%v status=%s acts=%d", err, m.status("x"), x.acts)
		}
	})
}

func TestSomethingElseUnderOurNameIsForAPersonToDecide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, m := &thing{}, &memory{}
		x.observe = func(*thing) (Observation, error) {
			return Observation{Finding: Differs, Code: string(CodeDiffers), Evidence: map[string]string{"what": "type"}}, nil
		}
		r, err := New(Graph{x.step("x")}, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Go(t.Context(), nil); err != nil || m.status("x") != state.Unknown || x.acts != 0 {
			t.Fatalf("err=%v status=%s acts=%d", err, m.status("x"), x.acts)
		}
		if err := r.Decide("x", Adopt, "maria"); err != nil || m.status("x") != state.Done {
			t.Fatalf("err=%v status=%s", err, m.status("x"))
		}
	})
}

func TestStepsWithOneLockNeverActTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, busy := &memory{}, 0
		var g Graph
		for _, id := range []string{"a", "b", "c"} {
			x := &thing{}
			s := x.step(id)
			s.Lock = "channel"
			act := s.Act
			s.Act = func(ctx context.Context) error {
				if busy++; busy > 1 {
					t.Error("two at once")
				}
				time.Sleep(time.Second)
				busy--
				return act(ctx)
			}
			g = append(g, s)
		}
		if err := run(t, m, g); err != nil || m.status("c") != state.Done {
			t.Fatal(err, m.status("c"))
		}
	})
}

func TestStoppingWaitsForTheMutationInFlightAndStartsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, next, m := &thing{}, &thing{}, &memory{}
		ctx, cancel := context.WithCancel(t.Context())
		s := x.step("x")
		s.Act = func(ctx context.Context) error {
			cancel()
			time.Sleep(time.Second)
			if ctx.Err() != nil {
				t.Error("the mutation in flight was called back")
			}
			x.there++
			return nil
		}
		r, err := New(Graph{s, next.step("next", "x")}, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Go(ctx, nil); !errors.Is(err, context.Canceled) || next.acts != 0 || x.there != 1 {
			t.Fatalf("err=%v next=%d there=%d", err, next.acts, x.there)
		}
		if err := r.Go(t.Context(), nil); err != nil || m.status("next") != state.Done || x.there != 1 {
			t.Fatalf("err=%v status=%s there=%d", err, m.status("next"), x.there)
		}
	})
}

func TestAPanicDuringAMutationLeavesThatStepInDoubtOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, good, m := &thing{}, &thing{}, &memory{}
		x.act = func(*thing) error { panic("boom") }
		if err := run(t, m, Graph{x.step("x"), good.step("good")}); err != nil || m.status("x") != state.Unknown || m.status("good") != state.Done {
			t.Fatal(err, m.status("x"), m.status("good"))
		}
	})
}
