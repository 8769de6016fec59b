package line

import (
	"cmp"
	"io"
	"maps"
	"time"

	"farol/state"
	"farol/steps"
	"farol/steps/engine"
	"farol/ui/report"
	"farol/ui/text"

	"github.com/charmbracelet/x/ansi"
)

// How often a line says that something is still waited for, and the widths of the first columns.
const (
	heartbeat     = 10 * time.Second
	gateHeartbeat = time.Minute // people take longer than machines
	regionWidth   = 10
	labelWidth    = 11
)

// Plain makes a reporter that prints one line for every event that matters.
func Plain(w io.Writer, c *text.Catalogue, o Options) engine.Reporter {
	return &plain{w: w, c: c, o: o, last: map[string]time.Time{}, gates: map[string]bool{}}
}

type plain struct {
	w     io.Writer
	c     *text.Catalogue
	o     Options
	last  map[string]time.Time // when a line about a step was printed, or the step began
	gates map[string]bool      // steps that wait for people
}

// Report implements engine.Reporter.
func (p *plain) Report(e engine.Event) {
	switch e.Kind {
	case engine.StepStarted:
		p.last[e.Step] = e.At
		delete(p.gates, e.Step)
	case engine.Acted:
		e.Elapsed = 0 // it has only begun
		p.say(e, state.Doing, p.step(e, true))
	case engine.StepWaiting:
		p.waiting(e)
	case engine.StepEnded:
		p.say(e, e.Status, p.step(e, false))
		p.failure(e)
	case engine.GateOpen:
		p.gate(e)
	}
}

// say prints the line of an event.
func (p *plain) say(e engine.Event, s state.Status, what string) {
	p.last[e.Step] = e.At
	region := text.Inert(e.Region)
	if region == "" {
		region = p.c.Line.Everywhere
	}
	if e.Elapsed >= time.Second {
		what += "  " + text.Took(e.Elapsed)
	}
	label := report.Pad(p.c.Status(s).Label(p.o.ASCII), labelWidth)
	put(p.w, p.o.clock(e.At), "  ", report.Pad(region, regionWidth), "  ", p.o.paint(s, label), "  ", what)
}

// step names the step of an event.
func (p *plain) step(e engine.Event, doing bool) string {
	return p.c.Step(e.Op, target(e.Target, e.Region), doing)
}

// target leaves out what the region says already.
func target(target, region string) string {
	if target == region {
		return ""
	}
	return target
}

// waiting says now and then what is still waited for, by the times of the events.
func (p *plain) waiting(e engine.Event) {
	pause, status := heartbeat, state.Doing
	if p.gates[e.Step] {
		pause, status = gateHeartbeat, state.Waiting
	}
	if e.At.Sub(p.last[e.Step]) < pause {
		return
	}
	facts := map[string]string{"awaited": p.c.Op(e.Op).Awaited, "target": target(e.Target, e.Region)}
	sentence := p.c.Line.Awaited
	if e.Failure != nil {
		facts["what"] = p.c.Failure(e.Failure, where(e)).What
		sentence = p.c.Line.Trouble
	}
	p.say(e, status, text.Fill(sentence, facts))
}

// failure explains why a step ended as it did.
func (p *plain) failure(e engine.Event) {
	if e.Failure != nil {
		explain(p.w, p.c, p.o, p.c.Failure(e.Failure, where(e)), indent)
	}
}

// gate says who must do what, and with which files.
func (p *plain) gate(e engine.Event) {
	p.gates[e.Step] = true
	p.say(e, state.Waiting, p.step(e, false))
	openGate(p.w, p.c, p.o, e.Op, []place{{e.Step, e.Region}}, indent)
}

// indent puts what belongs to a line under its words.
const indent = "                                 "

func where(e engine.Event) text.Place {
	return text.Place{Region: e.Region, Step: e.Step, Target: e.Target}
}

// explain prints a problem, each part on its own line after its label.
func explain(w io.Writer, c *text.Catalogue, o Options, p text.Problem, indent string) {
	labelled(w, o, indent, [][2]string{{c.Line.What, p.What}, {c.Line.Why, p.Why}, {c.Line.Do, p.Do}})
}

// place is one step at a gate.
type place struct{ step, region string }

// openGate prints what a person needs at a gate. The same gate in several regions is one thing to do, with a
// file for each.
func openGate(w io.Writer, c *text.Catalogue, o Options, op string, at []place, indent string) {
	facts := map[string]string{}
	command := cmp.Or(o.Command, "farol")
	var who string
	var files [][2]string
	for i, p := range at {
		info := steps.GateInfo{}
		if o.Gate != nil {
			info = o.Gate(p.step)
			who = c.Actor(info.Who)
		}
		mine := map[string]string{"region": p.region}
		maps.Copy(mine, info.Facts)
		if i == 0 {
			facts = mine
		}
		maps.DeleteFunc(facts, func(k, v string) bool { return mine[k] != v }) // only what holds for all
		for _, f := range info.Files {
			files = append(files, [2]string{c.Line.File, text.Inert(f)})
		}
	}
	facts["command"] = command
	g := c.Gate(op, facts)
	rows := append([][2]string{{c.Line.Who, who}, {c.Line.Do, g.Do}}, files...)
	rows = append(rows, [2]string{c.Line.Then, g.Then})
	if !o.Live {
		rows = append(rows, [2]string{"", g.Tell})
	}
	labelled(w, o, indent, rows)
}

// labelled prints the rows that say something.
func labelled(w io.Writer, o Options, indent string, rows [][2]string) {
	width := 0
	for _, r := range rows {
		width = max(width, ansi.StringWidth(r[0]))
	}
	for _, r := range rows {
		if r[1] != "" {
			o.hang(w, indent, report.Pad(r[0], width)+"  ", r[1])
		}
	}
}
