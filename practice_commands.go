package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"time"

	"farol/clients/sandbox"
	"farol/state/fault"
	"farol/steps"
	"farol/ui/text"
)

func (p *practice) say(line string, facts map[string]string) {
	if p.app.output != "json" {
		fmt.Println(text.Fill(line, facts))
	}
}

// lines prints the progress of the regions, one line a change.
func (p *practice) lines() func(sandbox.Progress) {
	var last sandbox.Progress
	return func(pr sandbox.Progress) {
		if pr.Phase == last.Phase && (pr.Item == last.Item || pr.Phase == sandbox.Starting) {
			return
		}
		last = pr
		words := p.app.words.Commands
		facts := map[string]string{"item": pr.Item, "index": strconv.Itoa(pr.Index), "total": strconv.Itoa(pr.Total),
			"elapsed": pr.Elapsed.Round(time.Second).String()}
		switch pr.Phase {
		case sandbox.Building:
			p.say(words.Building, facts)
		case sandbox.Starting:
			p.say(words.Starting, facts)
		}
	}
}

func (p *practice) up(ctx context.Context) error {
	o, err := p.options()
	if err != nil {
		return err
	}
	p.start(ctx, o, p.lines())
	<-p.ready
	if p.err != nil {
		return p.err
	}
	p.say(p.app.words.Commands.Attached, map[string]string{"dir": o.Dir})
	return p.status(ctx)
}

func (p *practice) down(ctx context.Context) error {
	dir, err := p.worldFolder()
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return fault.New(sandbox.NotRunning, "dir", dir)
	} else if err != nil {
		return fault.New(steps.CodePath, "path", dir, "reason", "permission").Because(err)
	}
	if err := sandbox.Down(ctx, dir); err != nil {
		return err
	}
	p.say(p.app.words.Commands.Gone, nil)
	return nil
}

func (p *practice) status(ctx context.Context) error {
	if err := p.app.oneOf("--output", p.app.output, "", "json"); err != nil {
		return err
	}
	dir, err := p.worldFolder()
	if err != nil {
		return err
	}
	w, err := sandbox.Open(dir)
	if err != nil {
		return err
	}
	st, err := w.Status(ctx)
	if err != nil {
		return err
	}
	if p.app.output == "json" {
		return json.NewEncoder(os.Stdout).Encode(st)
	}
	for _, r := range w.Regions {
		n, memory := 0, int64(0)
		for _, c := range st.Processes {
			if c.Region == r.ID && c.Alive {
				n, memory = n+1, memory+c.RSS
			}
		}
		p.say(p.app.words.Commands.Regions, map[string]string{"region": r.ID, "url": r.ConsoleURL,
			"processes": strconv.Itoa(n), "memory": strconv.FormatInt(memory>>20, 10)})
	}
	return nil
}
