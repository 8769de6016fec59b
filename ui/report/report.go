// Package report prints the summary of checkpoints: a table that grep likes, JSON and YAML for programs,
// Markdown for records. It holds no sentence, those are in package text, and it prints no text from another
// machine that is not inert.
package report

import (
	"errors"
	"io"

	"farol/state"
	"farol/steps"
	"farol/ui/text"
)

// Formats lists the formats that Status prints.
func Formats() []string { return []string{"table", "json", "yaml", "markdown"} }

// ErrFormat says that a format is none of Formats.
var ErrFormat = errors.New("unknown format")

// Printer prints reports in one language.
type Printer struct {
	Words *text.Catalogue
	ASCII bool // glyphs without Unicode
	Whole bool // the table's evidence is not cut, as for a pipe
}

// Status prints the summary of checkpoints: where every step stands, and its evidence. All formats but the table,
// which package line completes, have the proof too.
func (p Printer) Status(w io.Writer, f *state.File, proof steps.Proof, format string) error {
	switch format {
	case "", "table":
		return p.table(w, f)
	case "json":
		return writeJSON(w, summarize(f, proof))
	case "yaml":
		return writeYAML(w, summarize(f, proof))
	case "markdown":
		return p.markdown(w, f, proof)
	}
	return ErrFormat
}
