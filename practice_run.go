package main

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"farol/clients/sandbox"
	"farol/state"
	"farol/steps"
	"farol/steps/engine"
)

// all is farol sandbox: the wizard, or everything without a question.
func (p *practice) all(ctx context.Context) error {
	dir, err := p.folder()
	if err != nil {
		return err
	}
	p.given, p.app.dir = p.app.dir != "", dir
	o, err := p.options()
	if err != nil {
		return err
	}
	d := p.draft()
	p.app.draft = d
	if p.app.interactive() {
		return p.app.practiceWizard(ctx, p, o)
	}
	return p.headless(ctx, o, d)
}

// next are the commands that fit a practice set-up, with the folder where they need it.
func (p *practice) next(left bool) []string {
	dir := " --dir " + quoted(p.app.dir)
	out := []string{"status" + dir}
	if !p.given {
		dir = ""
	}
	if left {
		out = append(out, "sandbox"+dir, "sandbox down"+dir)
	}
	return out
}

// command is how this practice set-up is gone on with.
func (p *practice) command() string {
	if !p.given {
		return "farol sandbox"
	}
	return rehearsed(p.app.dir)
}

// rehearsed is how the practice set-up of a folder is gone on with.
func rehearsed(dir string) string { return "farol sandbox --dir " + quoted(dir) }

// quoted makes a path one word of a shell.
func quoted(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool {
		return !strings.ContainsRune("/._-+:@", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

// headless runs the whole practice without a question and stops the regions at the end.
func (p *practice) headless(ctx context.Context, o sandbox.Options, d *steps.Draft) error {
	began := time.Now()
	if p.standIn != "" {
		p.say(p.standIn, nil)
	}
	_, noWorld := sandbox.Open(o.Dir)
	p.start(ctx, o, p.lines())
	if err := p.Wait(ctx, d); err != nil {
		return err
	}
	project, err := p.project(d)
	if err != nil {
		if noWorld != nil { // what was started for this is not left behind
			err = errors.Join(err, p.world.Down(context.WithoutCancel(ctx)))
		}
		return err
	}
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	p.app.next = p.next(p.keep)
	err = p.app.drive(running, project, began, func(e engine.Event) {
		if e.Kind == engine.GateOpen && e.Op == "handoff.admitted" {
			go p.admit(running, project, e.Step, stop)
		}
	})
	if p.keep || ctx.Err() != nil {
		p.say(p.app.words.Commands.Left, nil)
		return err
	}
	if down := p.world.Down(context.WithoutCancel(ctx)); down != nil && err == nil {
		return down
	}
	p.say(p.app.words.Commands.Gone, nil)
	return err
}

// admit plays the ordering administrator. When that fails nobody else will, so the run stops.
func (p *practice) admit(ctx context.Context, project *steps.Project, gate string, stop context.CancelCauseFunc) {
	if err := p.world.Admit(ctx, project.Gate(gate).Files[0]); err != nil && ctx.Err() == nil {
		stop(err)
	}
	project.Nudge()
}

// project resumes the set-up on these very regions, or begins one. A set-up on earlier regions, which are
// gone, is moved aside.
func (p *practice) project(d *steps.Draft) (*steps.Project, error) {
	dir := p.app.folder()
	if state.Exists(dir) {
		if p.same(dir) {
			if err := p.rehearses(d, dir); err != nil {
				return nil, err
			}
			return p.app.resume()
		}
		moved, err := p.aside(dir)
		if err != nil {
			return nil, err
		}
		p.say(p.app.words.Commands.Aside, map[string]string{"path": moved})
	}
	return p.app.begin(d)
}

// same tells whether the set-up in the folder was made on the regions that run now: API keys are never
// made twice.
func (p *practice) same(dir string) bool {
	f, err := state.Read(dir)
	if err != nil {
		return true // opening it will say what is wrong
	}
	for _, r := range p.world.Regions {
		have, ok := f.Setup.Region(r.ID)
		if !ok || have.Console.APIKey != r.APIKey {
			return false
		}
	}
	return len(f.Setup.Regions) == len(p.world.Regions)
}

func (p *practice) aside(dir string) (moved string, err error) {
	return state.MoveAside(dir, p.app.options("farol sandbox"))
}
