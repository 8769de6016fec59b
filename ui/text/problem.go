package text

import (
	"context"
	"errors"
	"maps"

	"farol/state"
	"farol/state/fault"
)

// Problem is a failure in words: what failed, why, and what to do now.
type Problem struct {
	What string
	Why  string
	Do   string
}

// Place is where something failed. Empty fields are unknown.
type Place struct {
	Region string
	Step   string
	Target string
}

// Problem finds the fault in an error and words it.
func (c *Catalogue) Problem(err error) Problem {
	f, ok := fault.Of(err)
	switch {
	case ok:
		return c.word(f.Code, f.Facts, Place{})
	case errors.Is(err, context.Canceled):
		return c.word(Stopped, nil, Place{})
	case err == nil:
		return Problem{}
	}
	return c.word("steps.unworded", map[string]string{"cause": err.Error()}, Place{})
}

// Stopped is the code of a run that its operator has stopped.
const Stopped fault.Code = "ui.stopped"

// Failure words what a checkpoint or an event keeps of an error.
func (c *Catalogue) Failure(f *state.Failure, at Place) Problem {
	if f == nil {
		return Problem{}
	}
	return c.word(fault.Code(f.Code), f.Facts, at)
}

// coded names the facts whose values are codes themselves.
var coded = [...]string{"reason", "problem"}

func (c *Catalogue) word(code fault.Code, facts map[string]string, at Place) Problem {
	p, ok := c.Problems[code]
	if !ok {
		p = c.Unworded
	}
	all := map[string]string{"region": at.Region, "step": at.Step, "target": at.Target, "fault": string(code)}
	maps.Copy(all, facts)
	for _, name := range coded {
		if words, ok := c.Reasons[all[name]]; ok {
			all[name] = words
		}
	}
	return Problem{What: Fill(p.What, all), Why: Fill(p.Why, all), Do: Fill(p.Do, all)}
}
