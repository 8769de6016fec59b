package report

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"farol/state"
	"farol/steps"
	"farol/ui/text"
)

// evidenceWidth is how much of a step's evidence the table shows on a terminal, in characters. A pipe gets all of
// it, and so does JSON.
const evidenceWidth = 60

// table writes one step a line, so that grep finds what it needs. What follows from the steps is the summary.
func (p Printer) table(w io.Writer, f *state.File) error {
	if _, err := fmt.Fprintf(w, "%s\n\n", p.title(f)); err != nil {
		return err
	}
	if len(f.Steps) == 0 {
		_, err := fmt.Fprintln(w, p.Words.Report.Empty)
		return err
	}
	width := evidenceWidth
	if p.Whole {
		width = math.MaxInt
	}
	return Table(w, "", p.rows(f, width))
}

func (p Printer) title(f *state.File) string {
	facts := map[string]string{"name": f.Setup.Name, "serial": strconv.FormatInt(f.Serial, 10)}
	if !f.Updated.IsZero() {
		facts["updated"] = f.Updated.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return text.Fill(p.Words.Report.Title, facts)
}

// Heading names the channel and the contract that the proof is about.
func Heading(c *text.Catalogue, proof steps.Proof) string {
	return text.Fill(c.Summary.Proof.Heading, map[string]string{"channel": proof.Channel, "contract": proof.Contract})
}

// rows are the steps as rows of a table after the row of heads.
func (p Printer) rows(f *state.File, evidence int) [][]string {
	r := p.Words.Report
	rows := [][]string{{r.Status, r.Region, r.Stage, r.Step, r.Took, r.Evidence}}
	for _, c := range f.Steps {
		region := text.Inert(c.Region)
		if region == "" {
			region = p.Words.Line.Everywhere
		}
		took := ""
		if !c.Started.IsZero() && c.Finished.After(c.Started) {
			took = text.Took(c.Finished.Sub(c.Started))
		}
		rows = append(rows, []string{p.Words.Status(c.Status).Label(p.ASCII), region, text.Inert(c.Stage), text.Inert(c.ID), took,
			text.Short(p.evidence(c), evidence)})
	}
	return rows
}

// evidence is what makes the check pass, or what failed.
func (p Printer) evidence(c state.Checkpoint) string {
	if c.Error != nil {
		return p.Words.Failure(c.Error, text.Place{Region: c.Region, Step: c.ID}).What
	}
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(c.Evidence)) {
		parts = append(parts, text.Inert(k+"="+c.Evidence[k]))
	}
	return strings.Join(parts, " ")
}

// Risks words what stays true, one sentence or two each.
func Risks(c *text.Catalogue, proof steps.Proof) []string {
	var out []string
	for _, r := range proof.Risks {
		words := c.Risk(r.Code, r.Facts)
		out = append(out, strings.TrimSpace(words.Title+" "+words.Means))
	}
	return out
}
