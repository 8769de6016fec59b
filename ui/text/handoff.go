package text

import (
	"maps"
	"slices"
	"strings"

	"farol/steps"
)

// HandOver is what the other company reads in a hand-off pack. Facts: organization, msp, channel.
type HandOver struct {
	Title string
	Why   string
	Do    []string // numbered
	Check string   // before the fingerprints
	Root  string   // facts: fingerprint
	Files string   // before the files and their sums
	After string
}

// HandOff words the instructions of a hand-off pack. The same facts give the same bytes.
func (c *Catalogue) HandOff(h steps.HandOff) []byte {
	facts := map[string]string{"organization": h.Organization, "msp": h.MSPID, "channel": h.Channel}
	w := c.HandOver
	var out strings.Builder
	line := func(s string) { out.WriteString(s + "\n") }
	line(Fill(w.Title, facts))
	line("")
	line(Fill(w.Why, facts))
	line("")
	for i, do := range w.Do {
		line(string(rune('1'+i)) + ". " + Fill(do, facts))
	}
	line("")
	line(w.Check)
	for _, r := range h.Roots {
		line("   " + Fill(w.Root, map[string]string{"fingerprint": r}))
	}
	line("")
	line(w.Files)
	for _, name := range slices.Sorted(maps.Keys(h.Files)) {
		line("   " + Inert(h.Files[name]) + "  " + Inert(name))
	}
	line("")
	line(Fill(w.After, facts))
	return []byte(out.String())
}
