package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"farol/state"
	"farol/steps"
)

func TestTheLateAnswerOfAConsoleThatWasCalledOffChangesNothing(t *testing.T) {
	t.Parallel()
	d, _ := realDeps()
	d.TestConsole = func(context.Context, *steps.Draft, string) (steps.ConsoleTest, error) {
		time.Sleep(5 * time.Second) // and does not notice that it was called off
		return steps.ConsoleTest{}, errors.New("a late complaint")
	}
	with(t, d, func(r *robot) {
		r.press("enter")
		r.through("Console address")
		r.press("https://console.us-south.example.com", "enter", "kABC", "enter", planted, "enter", "enter", "enter")
		r.sees("Asking the console of us-south")
		r.press("esc")
		r.sees("Console address", "https://console.us-south.example.com")
		r.wait(6 * time.Second)
		if strings.Contains(r.screen(), "late complaint") {
			t.Errorf("the answer is shown after it was called off:\n%s", r.screen())
		}
	})
}

func TestAFailureThatCameRightByItselfIsNotLeftOnTheScreen(t *testing.T) {
	t.Parallel()
	d, w := existingDeps()
	for _, s := range w.graph {
		w.broken[s.ID] = s.Op == "peer.create" && s.Region == "us-east"
	}
	close(w.admitted)
	with(t, d, func(r *robot) {
		r.press("enter")
		r.wait(2 * time.Minute)
		r.sees("Failure")
		w.set(r.m.screens[failure].(*failureScreen).step, func(c *state.Checkpoint) { c.Status, c.Error = state.Done, nil })
		r.handle(eventMsg{})
		r.settle()
		if strings.Contains(r.screen(), "Try again") {
			t.Errorf("a step that is done can still be decided:\n%s", r.screen())
		}
	})
}
