// Package text holds every sentence that a person reads: screens, lines, reports, gates, and the words for
// every code that comes from below. Nothing below package ui holds a sentence; everything above takes its
// words from one Catalogue. Fixed sentences are fields, so that a language that lacks one does not compile
// where it is built positionally and fails a test otherwise; words for codes from below (operations, faults,
// gates, risks) are maps, and a test proves that every code has its words.
//
// Templates name facts in braces. A part in square brackets is left out when a fact in it is missing:
// "the console[ of {region}] refused the key".
package text

import (
	"golang.org/x/text/language"

	"farol/state"
	"farol/state/fault"
)

// Catalogue is everything that Farol says, in one language.
type Catalogue struct {
	Tag       language.Tag // the language
	Statuses  Statuses
	Stages    map[string]Stage         // by the stage names of package steps
	Ops       map[string]Op            // by the Op of a step
	Gates     map[string]Gate          // by the Op of a gate
	Actors    map[string]string        // who must act at a gate, by steps.GateInfo.Who
	Risks     map[string]Risk          // by steps.Risk.Code
	Problems  map[fault.Code]Problem   // by fault code, as templates
	Reasons   map[string]string        // words for the facts "reason" and "problem", whose values are codes
	Unworded  Problem                  // for a code without words; facts: fault
	Line      Line                     // progress as lines
	Summary   Summary                  // what is printed when nothing moves any more
	Screens   Screens                  // the wizard
	Questions map[string]QuestionWords // by question key
	Report    Report                   // the summary of checkpoints
	HandOver  HandOver                 // what the other company reads
	Commands  Commands                 // what farol help says
}

// Mark is how a status looks: a glyph, the glyph of terminals without Unicode, and the word. The glyph is
// never alone.
type Mark struct {
	Glyph string
	ASCII string
	Word  string
}

// Label is the glyph and the word.
func (m Mark) Label(ascii bool) string {
	if ascii {
		return m.ASCII + " " + m.Word
	}
	return m.Glyph + " " + m.Word
}

// Statuses are the marks of every status of a step.
type Statuses struct {
	Todo, Doing, Done, Failed, Unknown, Drifted, Skipped, Waiting, Confirmed Mark
}

// Stage is a heading of the procedure.
type Stage struct {
	Title string // short: a column
	About string // one sentence: what it is for
}

// Op is an operation of the procedure.
type Op struct {
	Title   string // "create peer"
	Doing   string // "creating peer"
	Awaited string // after "still waiting for": "the peer to report that it is healthy"
}

// Gate is what a person has to do at a gate. Its templates take the facts of steps.GateInfo.
type Gate struct {
	Title string // what is waited for
	Do    string // what somebody must do
	Then  string // what Farol does meanwhile and afterwards
	Tell  string // where nobody can answer, as in a log: how to go on
}

// Risk is something that stays true after a successful set-up.
type Risk struct {
	Title string // what it is
	Means string // what it means for the operator
}

// Status gives the mark of a status. A status that this version does not know is unknown, never done.
func (c *Catalogue) Status(s state.Status) Mark {
	switch s {
	case state.Todo:
		return c.Statuses.Todo
	case state.Doing:
		return c.Statuses.Doing
	case state.Done:
		return c.Statuses.Done
	case state.Failed:
		return c.Statuses.Failed
	case state.Drifted:
		return c.Statuses.Drifted
	case state.Skipped:
		return c.Statuses.Skipped
	case state.Waiting:
		return c.Statuses.Waiting
	case state.Confirmed:
		return c.Statuses.Confirmed
	}
	return c.Statuses.Unknown
}

// Stage gives the words of a stage. A stage without words keeps its name.
func (c *Catalogue) Stage(name string) Stage {
	if s, ok := c.Stages[name]; ok {
		return s
	}
	return Stage{Title: Inert(name)}
}

// Op gives the words of an operation. One without words keeps its name.
func (c *Catalogue) Op(op string) Op {
	if o, ok := c.Ops[op]; ok {
		return o
	}
	op = Inert(op)
	return Op{Title: op, Doing: op, Awaited: op}
}

// Step names a step: what is done, and to what. doing says it while it is under way.
func (c *Catalogue) Step(op, target string, doing bool) string {
	words := c.Op(op)
	title := words.Title
	if doing {
		title = words.Doing
	}
	return Fill(c.Line.Step, map[string]string{"title": title, "target": target})
}

// Gate words a gate with its facts.
func (c *Catalogue) Gate(op string, facts map[string]string) Gate {
	g, ok := c.Gates[op]
	if !ok {
		return Gate{Title: c.Op(op).Title}
	}
	return Gate{Title: Fill(g.Title, facts), Do: Fill(g.Do, facts), Then: Fill(g.Then, facts), Tell: Fill(g.Tell, facts)}
}

// Actor words who must act at a gate.
func (c *Catalogue) Actor(who string) string {
	if a, ok := c.Actors[who]; ok {
		return a
	}
	return Inert(who)
}

// Risk words a risk with its facts. One without words shows its code.
func (c *Catalogue) Risk(code string, facts map[string]string) Risk {
	r, ok := c.Risks[code]
	if !ok {
		return Risk{Title: Inert(code)}
	}
	return Risk{Title: Fill(r.Title, facts), Means: Fill(r.Means, facts)}
}
