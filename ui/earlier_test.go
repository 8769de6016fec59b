package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"farol/state"
	"farol/steps/engine"
)

func TestAFailedStepIsExplainedAndTriedAgain(t *testing.T) {
	t.Parallel()
	d, w := existingDeps()
	var broken engine.Step
	for _, s := range w.graph {
		if s.Op == "peer.create" && s.Region == "us-east" {
			broken = s
		}
	}
	w.broken[broken.ID] = true
	close(w.admitted)
	with(t, d, func(r *robot) {
		r.press("enter")
		r.wait(2 * time.Minute)
		r.sees("Failure", "us-east create peer", "What", "Do", "Try again (looks first)")
		r.press("enter")
		r.wait(2 * time.Minute)
		r.sees("Summary")
		if got, want := strings.Join(w.decided, ","), "try-again "+broken.ID; got != want {
			t.Errorf("decided %q, want %q", got, want)
		}
	})
}

func TestResumeAsksBeforeItStartsOver(t *testing.T) {
	t.Parallel()
	d, _ := existingDeps()
	over := false
	resume := d.Resume
	d.Resume = func(ctx context.Context, yes bool) (Runner, error) { over = yes; return resume(ctx, yes) }
	with(t, d, func(r *robot) {
		r.sees("Welcome back", "Org1 on trade", "by maria", "20 of 67 steps are done", "▸ Go on from here")
		r.press("down", "enter")
		r.sees("Every step", "us-south")
		r.press("esc", "down", "down", "enter")
		r.sees("Start over?", "▸ No, go back", "/srv/org1")
		r.press("enter")
		r.sees("▸ Go on from here")
		if over {
			t.Fatal("started over without being asked")
		}
		r.press("down", "down", "enter", "down", "enter")
		r.sees("Welcome", "Press Enter to begin")
		if !over {
			t.Error("not started over")
		}
	})
}

func TestADamagedSetupIsExplainedAndNothingElseIsOfferedThanStartingOver(t *testing.T) {
	t.Parallel()
	d, _ := existingDeps()
	d.Existing = &Existing{Fault: errors.New("cut in half")}
	with(t, d, func(r *robot) {
		r.sees("cut in half", "▸ Start over")
		if strings.Contains(r.screen(), "Go on") {
			t.Errorf("going on is offered:\n%s", r.screen())
		}
	})
}

func TestAStepThatMeetsTroubleSaysSoWhileItGoesOn(t *testing.T) {
	t.Parallel()
	d, w := existingDeps()
	close(w.admitted)
	with(t, d, func(r *robot) {
		r.press("enter")
		r.wait(500 * time.Millisecond)
		busy := ""
		for _, s := range w.graph {
			if _, ok := r.m.run.underWay(s); ok {
				busy = s.ID
			}
		}
		r.handle(eventMsg{events: []engine.Event{{Kind: engine.StepWaiting, Step: busy, At: time.Now(),
			Failure: &state.Failure{Code: "wire.unreachable", Facts: map[string]string{"host": "console.us-south.example.com:443"}}}}})
		r.sees("console.us-south.example.com:443 cannot")
		r.wait(2 * time.Second)
		if strings.Contains(r.screen(), "example.com:443 cannot") {
			t.Errorf("it is still said after it passed:\n%s", r.screen())
		}
	})
}
