package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"

	"farol/clients/wire"
	"farol/state"
	"farol/state/fault"
	"farol/state/secret"
	"farol/steps"
	"farol/steps/engine"
	"farol/ui/text"

	"golang.org/x/term"
)

// app is what every command needs: the flags and the words.
type app struct {
	ctx          context.Context // ends with the first signal
	words        *text.Catalogue
	dir          string
	identity     string // path of the vault's identity file
	output       string
	yes          bool
	acceptEdited bool
	next         []string       // commands to propose at the end; nil: what fits
	draft        *steps.Draft   // what the person has answered so far
	vaultID      state.Identity // once unlocked
	engine       engine.Options // tests look in through these two
	network      wire.Network
	ask          func(prompt string) (secret.Secret, error) // nil: on the terminal
	log          *slog.Logger
}

// folder is the set-up's folder: --dir, or this one.
func (a *app) folder() string {
	if a.dir != "" {
		return a.dir
	}
	return "."
}

func (a *app) options(command string) state.Options {
	return state.Options{Tool: version, Command: command, AcceptEdited: a.acceptEdited}
}

// interactive tells whether there is a person at both ends.
func (a *app) interactive() bool {
	return !a.yes && a.output == "" && term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("TERM") != "dumb"
}

// begin makes a set-up out of the draft and takes it in hand.
func (a *app) begin(d *steps.Draft) (*steps.Project, error) {
	dir := a.folder()
	id, err := a.unlock(dir, true)
	if err != nil {
		return nil, err
	}
	store, vault, err := steps.Begin(d, dir, id, a.options("farol"))
	if err != nil {
		return nil, err
	}
	return a.project(store, vault, id)
}

// resume takes the set-up in the folder in hand.
func (a *app) resume() (*steps.Project, error) {
	dir := a.folder()
	store, err := state.Open(dir, a.options("farol"))
	if err != nil {
		return nil, err
	}
	id, err := a.unlock(dir, false)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	vault, err := state.OpenVault(filepath.Join(dir, state.VaultName), id)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return a.project(store, vault, id)
}

func (a *app) project(store *state.Store, vault *state.Vault, id state.Identity) (*steps.Project, error) {
	n, err := a.logged(store.Dir())
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	p, err := steps.NewProject(store, vault, steps.ProjectOptions{
		Who: person(), Network: n, Owner: id, Instructions: a.words.HandOff, Engine: a.engine,
	})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return p, nil
}

// startOver moves the set-up aside, with its vault and the key to it.
func (a *app) startOver(dir string) error {
	_, err := state.MoveAside(dir, a.options("farol"))
	a.vaultID = state.Identity{}
	return err
}

const logFile = "farol.log"

// logged opens the log of the set-up: one line a call to the outside, never a body or a header.
func (a *app) logged(dir string) (wire.Network, error) {
	f, err := os.OpenFile(filepath.Join(dir, logFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return wire.Network{}, fault.New(steps.CodePath, "path", filepath.Join(dir, logFile), "reason", "permission").Because(err)
	}
	a.log = slog.New(slog.NewJSONHandler(f, nil))
	n := a.network
	done := n.Done
	n.Done = func(c wire.Call) {
		d, _ := engine.DoingFrom(c.Ctx)
		a.log.Info("call", "step", d.Step, "verb", d.Verb, "method", c.Method, "host", c.Host, "path", c.Path, "status", c.Status, "took", c.Took.String())
		if done != nil {
			done(c)
		}
	}
	return n, nil
}

// recorded passes events on and writes the ends of steps into the log.
func (a *app) recorded(to engine.Reporter) engine.Reporter {
	return engine.ReporterFunc(func(e engine.Event) {
		if a.log != nil && e.Kind != engine.StepWaiting {
			args := []any{"event", e.Kind, "step", e.Step, "status", e.Status, "attempt", e.Attempt}
			if e.Failure != nil {
				args = append(args, "code", e.Failure.Code, "facts", e.Failure.Facts)
			}
			if e.Cause != nil {
				args = append(args, "cause", e.Cause.Error())
			}
			a.log.Info("step", args...)
		}
		to.Report(e)
	})
}

// person is who works here, as it is recorded.
func person() string {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		return name
	}
	return name + "@" + host
}
