package line

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"farol/state"
	"farol/steps"
	"farol/steps/engine"
	"farol/ui/report"
	"farol/ui/text"
)

// Outcome is where a set-up stands when nothing moves any more.
type Outcome struct {
	Setup       state.Setup
	Steps       []engine.Step               // the graph, in order
	Checkpoints map[string]state.Checkpoint // by step
	Proof       steps.Proof
	Took        time.Duration // of this run; 0: not told
	// Next are the commands to propose, without "farol", with the flags that this set-up needs. What
	// stands before the flags names its explanation. nil: what fits the outcome.
	Next []string
}

// margin is the indent of what stands under a heading.
const margin = "  "

// Summary prints the last lines of a run: how it ended, what is open, where the time went, the proof, what
// stays true, and what to run next.
func Summary(w io.Writer, c *text.Catalogue, out Outcome, o Options) {
	n := count(out)
	label := c.Status(n.overall(out.Proof)).Label(o.ASCII)
	o.hang(w, "", o.paint(n.overall(out.Proof), label)+"  ", n.title(c, out))
	o.hang(w, margin, "", n.sentence(c, out))
	out.troubles(w, c, o)
	out.proof(w, c, o)
	out.gates(w, c, o)
	out.times(w, c, o)
	out.next(w, c, n)
}

// counts are how many steps stand where.
type counts map[state.Status]int

func count(out Outcome) counts {
	n := counts{}
	for _, s := range out.Steps {
		n[standing(out.Checkpoints[s.ID])]++
	}
	return n
}

// standing is the status of a step: not begun if nobody has recorded it, unknown if this version does not
// know what was recorded.
func standing(c state.Checkpoint) state.Status {
	if c.Status == "" {
		return state.Todo
	}
	return report.Known(c.Status)
}

// order is how counts are told: what is done first, what needs people last.
var order = [...]state.Status{state.Done, state.Confirmed, state.Skipped, state.Doing, state.Todo, state.Drifted,
	state.Unknown, state.Failed, state.Waiting}

// complete tells whether every step is done, or confirmed by a person.
func (n counts) complete() bool {
	for s, k := range n {
		if k > 0 && s != state.Done && s != state.Confirmed {
			return false
		}
	}
	return true
}

// overall is one status for the whole. It is done only if the proof holds as well.
func (n counts) overall(p steps.Proof) state.Status {
	switch {
	case n[state.Failed] > 0:
		return state.Failed
	case n.complete() && p.Holds:
		return state.Done
	case n.complete(), n[state.Unknown] > 0, n[state.Drifted] > 0:
		return state.Unknown
	case n[state.Waiting] > 0:
		return state.Waiting
	}
	return state.Todo
}

func (n counts) title(c *text.Catalogue, out Outcome) string {
	facts := map[string]string{"name": out.Setup.Name, "count": strconv.Itoa(len(out.Setup.Regions))}
	switch n.overall(out.Proof) {
	case state.Done:
		return text.Fill(c.Summary.Proven, facts)
	case state.Waiting:
		facts["gates"] = strconv.Itoa(n[state.Waiting])
		if out.Proof.Holds {
			return text.Fill(c.Summary.ProvenWaiting, facts)
		}
		return text.Fill(c.Summary.Waiting, facts)
	}
	if n.complete() {
		return text.Fill(c.Summary.Begun, facts)
	}
	return text.Fill(c.Summary.Open, facts)
}

func (n counts) sentence(c *text.Catalogue, out Outcome) string {
	var parts []string
	for _, s := range order {
		if n[s] > 0 {
			parts = append(parts, strconv.Itoa(n[s])+" "+c.Status(s).Word)
		}
	}
	facts := map[string]string{"steps": strconv.Itoa(len(out.Steps)), "counts": strings.Join(parts, ", ")}
	if out.Took > 0 {
		facts["took"] = text.Took(out.Took)
	}
	return text.Fill(c.Summary.Counts, facts)
}

// troubles explains every step that failed, or of which nothing certain is known.
func (out Outcome) troubles(w io.Writer, c *text.Catalogue, o Options) {
	for i, s := range out.at(state.Failed, state.Unknown, state.Drifted) {
		if i == 0 {
			put(w)
			put(w, c.Summary.Failed)
		}
		out.step(w, c, o, s)
		at := text.Place{Region: s.Region, Step: s.ID, Target: s.Target}
		explain(w, c, o, c.Failure(out.Checkpoints[s.ID].Error, at), margin+margin)
	}
}

// gates lists what waits for people, as what it is. The same gate in several regions is told once.
func (out Outcome) gates(w io.Writer, c *text.Catalogue, o Options) {
	waiting := out.at(state.Waiting)
	if len(waiting) > 0 {
		put(w)
		put(w, c.Summary.Gates)
	}
	for len(waiting) > 0 {
		op, same, rest := waiting[0].Op, []place(nil), []engine.Step(nil)
		for _, s := range waiting {
			if s.Op != op {
				rest = append(rest, s)
				continue
			}
			out.step(w, c, o, s)
			same = append(same, place{s.ID, s.Region})
		}
		openGate(w, c, o, op, same, margin+margin)
		waiting = rest
	}
}

// at lists the steps that stand at one of the statuses.
func (out Outcome) at(statuses ...state.Status) []engine.Step {
	return slices.DeleteFunc(slices.Clone(out.Steps), func(s engine.Step) bool {
		return !slices.Contains(statuses, standing(out.Checkpoints[s.ID]))
	})
}

// step is the line of one step.
func (out Outcome) step(w io.Writer, c *text.Catalogue, o Options, s engine.Step) {
	region, status := s.Region, standing(out.Checkpoints[s.ID])
	if region == "" {
		region = c.Line.Everywhere
	}
	put(w, margin, o.paint(status, c.Status(status).Label(o.ASCII)), "  ", text.Inert(region), "  ", c.Step(s.Op, target(s.Target, s.Region), false))
}

// times prints where the time went.
func (out Outcome) times(w io.Writer, c *text.Catalogue, o Options) {
	t := timeOf(out.Steps, out.Checkpoints)
	if t.wall == 0 {
		return
	}
	put(w)
	o.hang(w, "", "", text.Fill(c.Summary.Time, map[string]string{"wall": text.Took(t.wall)}))
	var rows [][]string
	for _, s := range t.stages {
		rows = append(rows, []string{c.Summary.Stage, c.Stage(s.name).Title, text.Took(s.took)})
	}
	for _, r := range t.regions {
		name := text.Inert(r.name)
		if name == "" {
			name = c.Line.Everywhere
		}
		rows = append(rows, []string{c.Summary.Region, name, text.Took(r.took)})
	}
	if t.people > 0 {
		rows = append(rows, []string{c.Summary.People, "", text.Took(t.people)})
	}
	_ = report.Table(w, margin, rows)
}

// proof prints what the peers say, and what stays true whatever they say.
func (out Outcome) proof(w io.Writer, c *text.Catalogue, o Options) {
	if len(out.Proof.Peers) > 0 {
		put(w)
		put(w, report.Heading(c, out.Proof))
		_ = report.Table(w, margin, report.ProofRows(c, out.Proof, o.ASCII))
		put(w, margin, report.Verdict(c, out.Proof))
	}
	if len(out.Proof.Risks) == 0 {
		return
	}
	put(w)
	put(w, c.Summary.Risks)
	for _, r := range report.Risks(c, out.Proof) {
		o.hang(w, margin, "", r)
	}
}

// next proposes commands.
func (out Outcome) next(w io.Writer, c *text.Catalogue, n counts) {
	next := out.Next
	if next == nil {
		next = []string{"", "status"}
		if n.overall(out.Proof) == state.Done {
			next = []string{"status"}
		}
	}
	put(w)
	put(w, c.Summary.Next)
	var rows [][]string
	for _, args := range next {
		name, _, _ := strings.Cut(args, "-") // flags need no explanation
		name = strings.TrimSpace(name)
		rows = append(rows, []string{strings.TrimSpace("farol " + args), c.Summary.Now[name]})
	}
	_ = report.Table(w, margin, rows)
}
