package engine

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"farol/state"
)

func TestAGateThatOnlyAPersonClosesWaitsAndTheRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, after := &memory{}, &thing{}
		gate := Step{ID: "gate", Row: "1", Stage: "s", Kind: Gate, Op: "ask", Confirmable: true}
		r, err := New(Graph{gate, after.step("after", "gate")}, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Go(t.Context(), nil); err != nil || m.status("gate") != state.Waiting {
			t.Fatal(err, m.status("gate"))
		}
		if err := r.Confirm("gate", "maria"); err != nil || m.status("gate") != state.Confirmed {
			t.Fatal(err, m.status("gate"))
		}
		if err := r.Go(t.Context(), nil); err != nil || m.status("after") != state.Done {
			t.Fatal(err, m.status("after"))
		}
	})
}

// gateUntil is a gate that another party opens.
func gateUntil(admitted *atomic.Bool) Step {
	return Step{ID: "gate", Row: "1", Stage: "s", Kind: Gate, Op: "ask", Observe: func(context.Context) (Observation, error) {
		if admitted.Load() {
			return Observation{Finding: Present}, nil
		}
		return Observation{}, nil
	}}
}

func TestAGateIsNoticedWithoutAWord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		var admitted atomic.Bool
		time.AfterFunc(time.Hour, func() { admitted.Store(true) })
		gate := gateUntil(&admitted)
		if err := run(t, m, Graph{gate}); err != nil || m.status("gate") != state.Done {
			t.Fatal(err, m.status("gate"))
		}
	})
}

func TestANudgeMakesAGateLookAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		var admitted atomic.Bool
		gate := gateUntil(&admitted)
		r, err := New(Graph{gate}, m, Options{})
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { done <- r.Go(t.Context(), nil) }()
		time.Sleep(time.Hour + time.Second)
		synctest.Wait()
		admitted.Store(true)
		r.Nudge()
		before := time.Now()
		if err := <-done; err != nil || m.status("gate") != state.Done {
			t.Fatal(err, m.status("gate"))
		}
		if waited := time.Since(before); waited != 0 {
			t.Errorf("it was noticed after %v", waited)
		}
	})
}
