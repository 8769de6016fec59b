package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"farol/state"
	"farol/steps"
	"farol/steps/engine"
	"farol/ui/line"
	"farol/ui/report"
	"farol/ui/text"
)

// drive runs a project without a screen: progress as lines or as JSON, the summary at the end. also sees
// every event, and may be nil.
func (a *app) drive(ctx context.Context, p *steps.Project, began time.Time, also func(engine.Event)) (err error) {
	defer func() { err = errors.Join(err, p.Close()) }()
	look := line.Detect(os.Stdout, os.Getenv)
	look.Gate = p.Gate
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
		line.Summary(os.Stdout, a.words, line.Outcome{Setup: f.Setup, Steps: p.Steps(), Checkpoints: p.Checkpoints(), Proof: p.Proof(), Next: a.next}, look)
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

// headless is farol run: from an answers file, or on with the set-up in the folder.
func (a *app) headless(ctx context.Context, answers string) error {
	began := time.Now()
	p, err := a.prepared(ctx, answers)
	if err != nil {
		return err
	}
	return a.drive(ctx, p, began, nil)
}

func (a *app) prepared(ctx context.Context, answers string) (*steps.Project, error) {
	if state.Exists(a.folder()) {
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
	if err := steps.Ready(d); err != nil {
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

// status prints the summary of checkpoints. It takes no lock: a rename makes the file change at once.
func (a *app) status(w io.Writer, format string) error {
	f, err := state.Read(a.folder())
	if err != nil {
		return err
	}
	return report.Printer{Words: a.words, ASCII: line.Detect(os.Stdout, os.Getenv).ASCII}.Status(w, f, steps.ProofOf(f.Setup, f.Steps), format)
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
