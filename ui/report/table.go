package report

import (
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// gap stands between two columns.
const gap = "  "

// Table writes rows with their columns side by side, each row on one line after the indent. The first row
// is the heads.
func Table(w io.Writer, indent string, rows [][]string) error {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		line.WriteString(indent)
		for i, cell := range row {
			line.WriteString(Pad(cell, widths[i]) + gap)
		}
		if _, err := io.WriteString(w, strings.TrimRight(line.String(), " ")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// Pad fills text with spaces up to a width in columns.
func Pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-ansi.StringWidth(s)))
}
