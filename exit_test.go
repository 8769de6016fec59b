package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"farol/clients/wire"
	"farol/state"
	"farol/state/fault"
	"farol/steps"
	"farol/ui/text"
)

func TestEveryErrorHasItsExitCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		sig  os.Signal
		want int
	}{
		{usageError{errors.New("x")}, nil, 2},
		{fault.New(steps.CodeAnswers), nil, 2},
		{fault.New(steps.CodeSecretRef), nil, 2},
		{fault.New("file.not-json"), nil, 2},
		{errors.Join(fault.New(steps.CodeMissing), fault.New(steps.CodeName)), nil, 2},
		{errors.New("anything"), nil, 3},
		{fault.New("console.unauthorized"), nil, 3},
		{errUnfinished{}, nil, 3},
		{errUnfinished{decide: true}, nil, 4},
		{fault.New(state.CodeLocked), nil, 5},
		{fault.New(state.CodeEdited), nil, 6},
		{fault.New(state.CodePassphrase), nil, 7},
		{fault.New(state.CodeKeyAbsent), nil, 7},
		{fault.New(wire.CodeUntrusted), nil, 8},
		{errStopped, nil, 130},
		{context.Canceled, os.Interrupt, 130},
		{context.Canceled, syscall.SIGTERM, 143},
		{context.Canceled, syscall.SIGHUP, 129},
	} {
		var out bytes.Buffer
		if got := complain(&out, &text.English, tt.err, tt.sig); got != tt.want {
			t.Errorf("%v, %v: exit %d, want %d", tt.err, tt.sig, got, tt.want)
		}
	}
}

func TestEveryRuleOfTheExitCodesFitsACode(t *testing.T) {
	t.Parallel()
	for _, e := range exits {
		found := false
		for _, code := range fault.Codes() {
			found = found || strings.HasPrefix(string(code), string(e.prefix))
		}
		if !found {
			t.Errorf("no code begins with %s", e.prefix)
		}
	}
}

func TestWrongArgumentsAreUsage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, args := range [][]string{
		{"nonsense"}, {"sandbox", "nonsense"}, {"status", "extra"}, {"run", "extra"}, {"--nonsense"}, {"status", "--output", "xml", "--dir", dir},
		{"run", "--output", "xml", "--yes", "--dir", dir}, {"run", "--yes", "--dir", dir}, {"run", "--yes", "--dir", dir, "--answers", "/nowhere"},
		{"sandbox", "--yes", "--latency", "maybe", "--dir", dir}, {"sandbox", "--yes", "--slow", "-5s", "--dir", dir},
		{"sandbox", "--yes", "--regions", "us-south", "--dir", dir}, {"sandbox", "--yes", "--regions", "us-south,atlantis", "--dir", dir},
		{"sandbox", "--yes", "--output", "xml", "--dir", dir}, {"sandbox", "status", "--output", "yaml", "--dir", dir},
	} {
		code, out := farol(t, args...)
		if code != 2 || strings.TrimSpace(out) == "" || strings.Contains(out, "did not expect") {
			t.Errorf("%v: exit %d\n%s", args, code, out)
		}
	}
}
