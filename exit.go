package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"

	"farol/state"
	"farol/state/fault"
	"farol/ui/text"

	"github.com/spf13/cobra"
)

// The exit codes (reliability.md 2.11).
const (
	exitUsage   = 2
	exitFailed  = 3
	exitDecide  = 4
	exitLocked  = 5
	exitState   = 6
	exitVault   = 7
	exitTrust   = 8
	exitStopped = 130
)

// exits are the exit codes of faults, by code or by what it begins with; the first that fits counts.
var exits = []struct {
	prefix fault.Code
	exit   int
}{
	{"state.locked", exitLocked},
	{"state.key-", exitVault}, {"state.passphrase-", exitVault}, {"state.vault-", exitVault},
	{"state.wrong-key", exitVault}, {"state.seal-damaged", exitVault},
	{"state.damaged", exitState}, {"state.edited", exitState}, {"state.newer", exitState}, {"state.overtaken", exitState},
	{"wire.certificate-", exitTrust}, {"wire.roots", exitTrust},
	{"file.", exitUsage}, {"package.", exitUsage},
	{"steps.required", exitUsage}, {"steps.missing-answers", exitUsage}, {"steps.answers", exitUsage}, {"steps.secret-ref", exitUsage},
	{"steps.choice", exitUsage}, {"steps.proxy-secret", exitUsage}, {"steps.name", exitUsage}, {"steps.regions-count", exitUsage}, {"steps.unknown-region", exitUsage},
	{"steps.url", exitUsage}, {"steps.path", exitUsage}, {"steps.same-", exitUsage}, {"steps.certificates", exitUsage},
	{"sandbox.regions", exitUsage}, {"sandbox.variant", exitUsage}, {"sandbox.bin", exitUsage}, {"sandbox.no-region", exitUsage}, {"sandbox.no-fault", exitUsage},
}

// exitOf is the exit code of an error.
func exitOf(err error) int {
	var unfinished errUnfinished
	var usage usageError
	switch f, ok := fault.Of(err); {
	case errors.As(err, &unfinished) && unfinished.decide:
		return exitDecide
	case errors.As(err, &usage):
		return exitUsage
	case ok:
		for _, e := range exits {
			if strings.HasPrefix(string(f.Code), string(e.prefix)) {
				return e.exit
			}
		}
	}
	return exitFailed
}

// usageError is a wrong flag or argument.
type usageError struct{ error }

// errUnfinished says that the run ended with steps that are not done; what and why was printed already.
type errUnfinished struct{ decide bool }

func (errUnfinished) Error() string { return "not finished" }

// errStopped says that a person stopped a run; how to go on was printed already.
var errStopped = errors.New("stopped")

// complain prints an error as what, why and what to do, and gives the exit code. sig is the signal that ended
// the program, or nil.
func complain(w io.Writer, words *text.Catalogue, err error, sig os.Signal) int {
	var unfinished errUnfinished
	var usage usageError
	switch {
	case errors.Is(err, errStopped):
		return exitStopped
	case errors.As(err, &unfinished):
	case errors.As(err, &usage):
		fmt.Fprintln(w, text.Inert(err.Error()))
	default:
		for _, err := range apart(err) {
			p := words.Problem(err)
			for _, line := range []string{p.What, p.Why, p.Do} {
				if line != "" {
					fmt.Fprintln(w, line)
				}
			}
		}
	}
	if s, ok := sig.(syscall.Signal); ok {
		return 128 + int(s)
	}
	return exitOf(err)
}

// apart gives the errors that were joined, as several regions may fail at once.
func apart(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var out []error
		for _, e := range joined.Unwrap() {
			out = append(out, apart(e)...)
		}
		return out
	}
	return []error{err}
}

// verdict is nil when every step is done, or is a gate that waits for a person.
func verdict(steps []state.Checkpoint) error {
	var out error
	for _, c := range steps {
		switch c.Status {
		case state.Unknown:
			return errUnfinished{decide: true}
		case state.Done, state.Confirmed, state.Waiting:
		default:
			out = errUnfinished{}
		}
	}
	return out
}

// noArguments refuses what stands after a command that takes nothing.
func (a *app) noArguments(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError{errors.New(text.Fill(a.words.Commands.Unexpected, map[string]string{"argument": args[0]}))}
}

// oneOf refuses a flag's value that is none of those it knows.
func (a *app) oneOf(flag, value string, options ...string) error {
	if slices.Contains(options, value) {
		return nil
	}
	return usageError{errors.New(text.Fill(a.words.Commands.Options, map[string]string{"flag": flag, "value": value,
		"options": strings.TrimPrefix(strings.Join(options, ", "), ", ")}))}
}
