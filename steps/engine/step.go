// Package engine runs a graph of steps: it observes before it acts, saves an intent before every
// mutation, acts at most once, and observes again until the result is true. It knows no word of Fabric.
package engine

import (
	"context"
	"time"
)

// Kind tells what a step does to the world.
type Kind string

const (
	// Check changes nothing: it is done when its observation says so.
	Check Kind = "check"
	// Change makes exactly one remote mutation, or writes one file.
	Change Kind = "change"
	// Gate is done by a person or another party. The engine only observes, or takes a confirmation.
	Gate Kind = "gate"
)

// Finding is what an observation found.
type Finding int

const (
	// Absent means that the thing is not there, or the check does not hold yet.
	Absent Finding = iota
	// Present means that it is there as wanted: the step is done.
	Present
	// Coming means that it is there but not ready: wait.
	Coming
	// Differs means that something else is there under our name: a person must decide.
	Differs
)

// Observation is a finding with its evidence.
type Observation struct {
	Finding  Finding
	Evidence map[string]string // facts that make the check pass, or what differs
	Code     string            // with Differs: the fault code that words it
}

// Step is one entry of the procedure.
type Step struct {
	ID     string // unique: "us-east/peer/create"; region first, "-" for none
	Row    string // row of procedure.md, "1.7"
	Stage  string // "home", "export", "import", "peers", "mirror", "proof", "prepare"
	Region string // "" for steps of the whole set-up
	Kind   Kind
	Op     string   // the kind of mutation in a stable word: "peer.create"; names the words in ui/text
	Target string   // what it is done to: the id we chose
	Needs  []string // ids of steps that must be done first
	Lock   string   // steps with the same lock never act at the same time, as config updates of one channel

	// Observe looks without changing anything.
	Observe func(context.Context) (Observation, error)
	// Act makes the one mutation; nil for checks and gates.
	Act func(context.Context) error

	// Confirmable marks a gate that no observation can close: a person says so.
	Confirmable bool
	// Settle is how long an absence must last after a doubtful try before it counts (reliability.md 2.3).
	Settle time.Duration
	// Deadline is how long to wait for the result to become true; 0 means DefaultDeadline. Gates wait for ever.
	Deadline time.Duration
}

// Verb is what the engine is doing with a step when a client is called.
type Verb string

// The verbs of a step's life.
const (
	Observing Verb = "observe"
	Acting    Verb = "act"
)

// Doing names the step and the verb that a call belongs to.
type Doing struct {
	Step string
	Verb Verb
}

type doingKey struct{}

// WithDoing marks a context as belonging to a step, for call logs and tests.
func WithDoing(ctx context.Context, d Doing) context.Context {
	return context.WithValue(ctx, doingKey{}, d)
}

// DoingFrom reads the mark.
func DoingFrom(ctx context.Context) (Doing, bool) {
	d, ok := ctx.Value(doingKey{}).(Doing)
	return d, ok
}
