package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"farol/clients/sandbox"
	"farol/state"
	"farol/steps"
	"farol/ui"
	"farol/ui/line"
	"farol/ui/text"
)

// wizard is farol without a command: the full screen for the set-up in the folder, or for a new one.
func (a *app) wizard(ctx context.Context) error {
	if !a.interactive() {
		return a.headless(ctx, "")
	}
	if err := state.Probe(a.folder()); err != nil {
		return err // before anything is typed
	}
	a.draft = steps.NewDraft()
	return a.screen(ctx)
}

// practiceWizard opens the wizard at once; the regions are built and started meanwhile.
func (a *app) practiceWizard(ctx context.Context, p *practice, o sandbox.Options) error {
	// A set-up on regions that are gone cannot be resumed; one on regions that still run can.
	if w, err := sandbox.Open(o.Dir); err == nil {
		p.world = w
	}
	said := p.standIn
	if dir := a.folder(); state.Exists(dir) && (p.world == nil || !p.same(dir)) {
		moved, err := p.aside(dir)
		if err != nil {
			return err
		}
		said = notice(text.Fill(a.words.Commands.Aside, map[string]string{"path": moved}), p.standIn)
	}
	p.world = nil
	p.start(ctx, o, func(sandbox.Progress) {})
	return a.screen(ctx, func(d *ui.Deps) {
		d.Practice, d.Next, d.Asks, d.Command, d.Notice = p, p.next(true), false, p.command(), said
		resume := d.Resume
		d.Resume = func(ctx context.Context, startOver bool) (ui.Runner, error) {
			runner, err := resume(ctx, startOver)
			if err == nil && startOver {
				err = p.renew(a.ctx, o)
			}
			return runner, err
		}
	})
}

// screen hands everything to the wizard and prints what stays on the normal screen.
func (a *app) screen(ctx context.Context, adapt ...func(*ui.Deps)) error {
	dir := a.folder()
	next, again := a.commands()
	d := ui.Deps{Next: next, Command: again,
		Dir: dir, Now: time.Now, ASCII: line.Detect(os.Stdout, os.Getenv).ASCII, Asks: true, Draft: a.draft, Existing: a.existing(dir),
		TestConsole: steps.TestConsole,
		Begin: func(_ context.Context, d *steps.Draft) (ui.Runner, error) {
			project, err := a.begin(d)
			if err != nil {
				return nil, err
			}
			return watched{project, a}, nil
		},
		Resume: func(_ context.Context, startOver bool) (ui.Runner, error) {
			if startOver {
				return nil, a.startOver(dir)
			}
			project, err := a.resume()
			if err != nil {
				return nil, err
			}
			return watched{project, a}, nil
		},
	}
	for _, f := range adapt {
		f(&d)
	}
	out, err := ui.Run(ctx, d, a.words)
	fmt.Fprint(os.Stdout, out.Transcript)
	switch {
	case err != nil:
		return err
	case out.Stopped:
		return errStopped
	case out.Err != nil:
		return out.Err
	}
	return verdict(out.Steps)
}

// existing looks at the set-up in the folder without taking its lock.
func (a *app) existing(dir string) *ui.Existing {
	if !state.Exists(dir) {
		return nil
	}
	f, err := state.ReadEdited(dir, a.acceptEdited)
	owner, _ := state.LockOwner(dir)
	return &ui.Existing{File: f, Fault: err, Owner: owner}
}
