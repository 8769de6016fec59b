package engine

import (
	"time"

	"farol/state"
)

// EventKind says what happened.
type EventKind string

// What happens during a run.
const (
	RunStarted  EventKind = "run-started"
	StepStarted EventKind = "step-started"  // its first observation begins
	Acted       EventKind = "step-acting"   // the intent is saved, the mutation leaves now
	StepWaiting EventKind = "step-waiting"  // observed, not true yet
	StepEnded   EventKind = "step-ended"    // done, failed, unknown, skipped, confirmed; see Status
	GateOpen    EventKind = "gate-open"     // a person or another party must act now
	RunEnded    EventKind = "run-ended"     // nothing moves any more
	Called      EventKind = "call-finished" // one call to the outside, for the log
)

// Event is one thing that happened. Events are values and may be kept.
type Event struct {
	Kind     EventKind         `json:"event"`
	At       time.Time         `json:"at"`
	Step     string            `json:"step,omitempty"`
	Op       string            `json:"op,omitempty"`
	Region   string            `json:"region,omitempty"`
	Stage    string            `json:"stage,omitempty"`
	Target   string            `json:"target,omitempty"`
	Status   state.Status      `json:"status,omitempty"`
	Attempt  int               `json:"attempt,omitempty"`
	Elapsed  time.Duration     `json:"elapsed_ns,omitempty"` // since the step started in this run
	Evidence map[string]string `json:"evidence,omitempty"`
	Failure  *state.Failure    `json:"error,omitempty"`
	Cause    error             `json:"-"`              // for the log: what is behind Failure
	Note     string            `json:"note,omitempty"` // for the log pane: a call, not a sentence
}

// Reporter takes events. Calls come from one goroutine at a time and must return quickly.
type Reporter interface {
	Report(Event)
}

// ReporterFunc makes a function a Reporter.
type ReporterFunc func(Event)

// Report implements Reporter.
func (f ReporterFunc) Report(e Event) { f(e) }

// Decision is what a person says about a failed or doubtful step.
type Decision string

// The decisions.
const (
	Adopt    Decision = "adopt"     // what is there is ours: take it as done
	TryAgain Decision = "try-again" // observe, and act if it is absent
	Leave    Decision = "leave"     // skip it; what needs it stays undone
)
