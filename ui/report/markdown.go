package report

import (
	"fmt"
	"io"
	"strings"

	"farol/state"
	"farol/steps"
	"farol/ui/text"
)

// markdown writes the same for records: every step with all its evidence.
func (p Printer) markdown(w io.Writer, f *state.File, proof steps.Proof) error {
	if _, err := fmt.Fprintf(w, "# %s\n\n", escape(p.title(f))); err != nil {
		return err
	}
	if err := p.answers(w, f); err != nil {
		return err
	}
	if err := grid(w, p.rows(f, longEvidence)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "\n## %s\n\n%s\n\n", escape(Heading(p.Words, proof)), Verdict(p.Words, proof)); err != nil {
		return err
	}
	if err := grid(w, ProofRows(p.Words, proof, p.ASCII)); err != nil {
		return err
	}
	if len(proof.Risks) == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "\n## %s\n\n", escape(p.Words.Summary.Risks)); err != nil {
		return err
	}
	for _, r := range Risks(p.Words, proof) {
		if _, err := fmt.Fprintf(w, "- %s\n", escape(r)); err != nil {
			return err
		}
	}
	return nil
}

// longEvidence is as much evidence as a cell in Markdown shows, in characters.
const longEvidence = 2000

// answers lists what was set up where.
func (p Printer) answers(w io.Writer, f *state.File) error {
	r := p.Words.Report
	lines := [][2]string{
		{r.Organization, f.Setup.Organization.Name + " (" + f.Setup.Organization.MSPID + ")"},
		{r.Channel, f.Setup.Channel.Name},
		{r.Contract, f.Setup.Contract.Name + " " + f.Setup.Contract.Version},
	}
	home := f.Setup.HomeRegion().ID
	for _, region := range f.Setup.Regions {
		label := r.Region + " " + region.ID
		if region.ID == home {
			label += " (" + r.Home + ")"
		}
		lines = append(lines, [2]string{label, region.Console.URL})
	}
	for _, l := range lines {
		if _, err := fmt.Fprintf(w, "- %s: %s\n", escape(l[0]), escape(l[1])); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

// grid writes rows as a Markdown table.
func grid(w io.Writer, rows [][]string) error {
	for i, row := range rows {
		var cells []string
		for _, cell := range row {
			cells = append(cells, escape(cell))
		}
		if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")); err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		if _, err := fmt.Fprintf(w, "|%s\n", strings.Repeat(" --- |", len(row))); err != nil {
			return err
		}
	}
	return nil
}

// escape keeps text from being read as Markdown or HTML.
func escape(s string) string {
	var out strings.Builder
	for _, r := range text.Inert(s) {
		if strings.ContainsRune("\\`*_[]<>|#&~", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}
