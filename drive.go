package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"farol/state"
	"farol/steps"
	"farol/steps/engine"
	"farol/ui/line"
	"farol/ui/report"
	"farol/ui/text"

	"golang.org/x/term"
)

// drive runs a project without a screen: progress as lines or as JSON, the summary at the end. also sees
// every event, and may be nil.
func (a *app) drive(ctx context.Context, p *steps.Project, began time.Time, also func(engine.Event)) (err error) {
	defer func() { err = errors.Join(err, p.Close()) }()
	look := line.Detect(os.Stdout, os.Getenv)
	look.Gate = p.Gate
	next, again := a.commands()
	look.Command = again
	out := a.reporter(os.Stdout, look)
	err = p.Run(ctx, a.recorded(engine.ReporterFunc(func(e engine.Event) {
		out.Report(e)
		if also != nil {
			also(e)
		}
	})))
	if err != nil {
		return err
	}
	f := p.File()
	if a.output != "json" {
		line.Summary(os.Stdout, a.words, line.Outcome{Setup: f.Setup, Steps: p.Steps(), Checkpoints: p.Checkpoints(), Proof: p.Proof(), Next: next}, look)
		fmt.Println(text.Fill(a.words.Commands.Whole, map[string]string{"elapsed": time.Since(began).Round(100 * time.Millisecond).String()}))
	}
	return verdict(f.Steps)
}

func (a *app) reporter(w io.Writer, o line.Options) engine.Reporter {
	if a.output == "json" {
		return line.JSON(w)
	}
	return line.Plain(w, a.words, o)
}

// headless is farol run: from an answers file, or on with the set-up in the folder.
func (a *app) headless(ctx context.Context, answers string) error {
	began := time.Now()
	if err := a.oneOf("--output", a.output, "", "json"); err != nil {
		return err
	}
	p, err := a.prepared(ctx, answers)
	if err != nil {
		return err
	}
	return a.drive(ctx, p, began, nil)
}

func (a *app) prepared(ctx context.Context, answers string) (*steps.Project, error) {
	if state.Exists(a.folder()) {
		if err := a.sameAnswers(answers); err != nil {
			return nil, err
		}
		return a.resume()
	}
	if answers == "" {
		return nil, usageError{errors.New(a.words.Commands.NoAnswers)}
	}
	d, err := steps.LoadAnswers(answers, os.Getenv)
	if err != nil {
		return nil, err
	}
	a.draft = d
	if err := errors.Join(steps.Ready(d), a.keyable()); err != nil {
		return nil, err
	}
	if err := state.Probe(a.folder()); err != nil {
		return nil, err
	}
	if err := steps.Examine(ctx, d); err != nil {
		return nil, err // nothing is saved yet: the answers can still be mended
	}
	return a.begin(d)
}

// sameAnswers refuses an answers file that means another set-up than the one in the folder.
func (a *app) sameAnswers(answers string) error {
	if answers == "" {
		return nil
	}
	d, err := steps.LoadAnswers(answers, os.Getenv)
	f, readErr := state.Read(a.folder())
	if err != nil || readErr != nil || steps.Same(d, f.Setup) {
		return nil // what is wrong with the set-up is said when it is opened
	}
	return usageError{errors.New(text.Fill(a.words.Commands.OtherAnswers, map[string]string{"dir": a.folder(), "file": answers}))}
}

// keyable tells, before a secret is sent anywhere, whether a vault can be made here.
func (a *app) keyable() error {
	if a.identity != "" || a.draft.Setup.Practice || term.IsTerminal(int(os.Stdin.Fd())) {
		return nil
	}
	if _, err := os.Stat(filepath.Join(a.folder(), identityFile)); err == nil {
		return nil
	}
	return usageError{errors.New(a.words.Commands.NoIdentity)}
}

// commands tells what to propose at the end, and how this set-up is gone on with.
func (a *app) commands() (next []string, again string) {
	if a.dir == "" {
		return a.next, "farol"
	}
	dir := "--dir " + quoted(a.dir)
	if a.next != nil { // practice
		return a.next, rehearsed(a.dir)
	}
	return []string{dir, "status " + dir}, "farol " + dir
}

// status prints the summary of checkpoints. It takes no lock: a rename makes the file change at once.
func (a *app) status(w io.Writer, format string) error {
	if err := a.oneOf("--output", format, report.Formats()...); err != nil {
		return err
	}
	f, err := state.Read(a.folder())
	if err != nil {
		return err
	}
	proof, look := steps.ProofOf(f.Setup, f.Steps), line.Detect(os.Stdout, os.Getenv)
	p := report.Printer{Words: a.words, ASCII: look.ASCII, Whole: look.Width == 0}
	if err := p.Status(w, f, proof, format); err != nil || format != "table" {
		return err
	}
	out := line.Outcome{Setup: f.Setup, Checkpoints: map[string]state.Checkpoint{}, Proof: proof}
	out.Next, look.Command = a.commands()
	if f.Setup.Practice {
		look.Command = rehearsed(a.folder())
		out.Next = []string{"sandbox --dir " + quoted(a.folder())}
	}
	for _, c := range f.Steps {
		out.Checkpoints[c.ID] = c
	}
	out.Steps, look.Gate = steps.Saved(f, a.folder())
	fmt.Fprintln(w)
	line.Summary(w, a.words, out, look)
	return nil
}

// watched is a project whose events are also written into the log.
type watched struct {
	*steps.Project
	app *app
}

// Run implements ui.Runner.
func (w watched) Run(ctx context.Context, to engine.Reporter) error {
	return w.Project.Run(ctx, w.app.recorded(to))
}
