// Package guide is what the wizard is, however it is shown: what it needs from below, what it asks when, and the
// sentences that follow from the answers. Package ui shows it on a full screen, package line as plain lines.
package guide

import (
	"context"
	"time"

	"farol/state"
	"farol/steps"
	"farol/steps/engine"
)

// Deps is what the wizard needs from the rest of the program.
type Deps struct {
	Dir      string           // the set-up's folder
	Now      func() time.Time // the clock
	ASCII    bool             // the terminal has no Unicode
	Asks     bool             // Begin and Resume may ask on the normal screen, as for a passphrase
	Draft    *steps.Draft     // defaults and whatever was detected; answers land here
	Existing *Existing        // a set-up found in Dir, or nil
	Notice   string           // what happened before the first screen, or nothing
	Command  string           // how this set-up is gone on with, for texts: "farol --dir /srv/org1"
	Next     []string         // commands to propose at the end, without "farol"; nil: what fits
	Practice Practice         // the sandbox on this machine, or nil for real regions
	// TestConsole looks at one region's console with the draft's answers: a few read calls, no change.
	TestConsole func(ctx context.Context, d *steps.Draft, region string) (steps.ConsoleTest, error)
	// Begin saves the answers and the secrets durably and gives back the run of the whole procedure.
	Begin func(ctx context.Context, d *steps.Draft) (Runner, error)
	// Resume opens what is in Dir. startOver moves it aside first and returns a nil Runner: ask again.
	Resume func(ctx context.Context, startOver bool) (Runner, error)
}

// Existing is the set-up that was found in the folder.
type Existing struct {
	File  *state.File  // what was saved; nil when Fault says why it cannot be read
	Fault error        // damaged, newer, locked
	Owner *state.Owner // who works on it right now, or nil
}

// Runner runs the procedure of one set-up. Its methods may be called while Run is running.
type Runner interface {
	Setup() state.Setup
	Steps() []engine.Step // the graph, in order
	Checkpoints() map[string]state.Checkpoint
	// Run goes on until nothing moves any more: all done, or only failed steps and gates for a person are left.
	Run(ctx context.Context, to engine.Reporter) error
	Confirm(step string) error                   // a person did a gate's work
	Decide(step string, d engine.Decision) error // what to do with a failed or doubtful step
	Nudge()                                      // look again at once at everything that waits
	Proof() steps.Proof
	Gate(step string) steps.GateInfo
	Close() error
}

// Practice is the sandbox, seen from the wizard.
type Practice interface {
	// Progress tells how far the regions are. It returns at once; the wizard asks again about every 200 ms.
	Progress() PracticeProgress
	// Wait blocks until the regions are up, and then fills the draft: addresses, keys, files.
	Wait(ctx context.Context, d *steps.Draft) error
	// PlayAdministrator admits the organization of a hand-off pack, as the ordering service's administrator would.
	PlayAdministrator(ctx context.Context, pack string) error
}

// PracticeProgress is one look at the sandbox while it starts.
type PracticeProgress struct {
	Phase string        // "build", "start", "ready", "failed": worded by ui/text
	Item  string        // "peer"
	Index int           // 2 of
	Total int           // 3
	Since time.Duration // how long this phase has taken
	Err   error         // with "failed"
}

// Outcome is what stays when the wizard has ended.
type Outcome struct {
	Transcript string // for the normal screen
	Stopped    bool   // a person stopped the run
	Err        error  // why the last run ended, if not because nothing moved any more
	Steps      []state.Checkpoint
}
