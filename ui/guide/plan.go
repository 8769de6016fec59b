package guide

import (
	"strconv"

	"farol/state"
	"farol/steps/engine"
	"farol/ui/text"
)

// Work is one kind of work of a plan, and what of it is done where; the region "" is what belongs to all.
type Work struct {
	Op string
	At map[string][]engine.Step
}

// Works are the kinds of work of a plan in order.
func Works(plan []engine.Step) []Work {
	var out []Work
	index := map[string]int{}
	for _, s := range plan {
		i, ok := index[s.Op]
		if !ok {
			i = len(out)
			index[s.Op], out = i, append(out, Work{s.Op, map[string][]engine.Step{}})
		}
		out[i].At[s.Region] = append(out[i].At[s.Region], s)
	}
	return out
}

// Does says what steps of one kind do in one place.
func Does(c *text.Catalogue, same []engine.Step) string {
	if len(same) == 0 {
		return ""
	}
	w := c.Screens.Plan
	word := map[engine.Kind]string{engine.Check: w.Check, engine.Change: w.Change, engine.Gate: w.Gate}[same[0].Kind]
	if len(same) > 1 {
		word += " × " + strconv.Itoa(len(same))
	}
	return word
}

// Totals counts the steps of a plan.
func Totals(c *text.Catalogue, plan []engine.Step) string {
	changes := 0
	for _, s := range plan {
		if s.Kind == engine.Change {
			changes++
		}
	}
	return text.Fill(c.Screens.Plan.Totals, map[string]string{"steps": strconv.Itoa(len(plan)), "changes": strconv.Itoa(changes)})
}

// Subject says what a set-up is about: what its beginning decides for ever.
func Subject(c *text.Catalogue, s state.Setup) string {
	return text.Fill(c.Screens.Plan.Subject, map[string]string{"organization": s.Organization.Name, "msp": s.Organization.MSPID,
		"channel": s.Channel.Name, "contract": s.Contract.Name + " " + s.Contract.Version, "package": s.Contract.Package})
}
