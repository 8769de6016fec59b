// Package line prints a run as plain lines: for screen readers, dumb terminals, pipes and logs. Nothing is
// ever repainted, every line says what it is about, and a line that waits says for what. The words are those
// of package text; text from other machines is made inert before it is printed.
package line

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"

	"farol/state"
	"farol/steps"
)

// Options say how lines look.
type Options struct {
	ASCII   bool           // glyphs without Unicode
	Color   bool           // the 16 colours of every terminal
	Width   int            // where paragraphs break; 0: nowhere, as in a file
	Command string         // how this set-up is gone on with; empty: farol
	Live    bool           // a person who reads this can answer at once: how to do that otherwise is left out
	Zone    *time.Location // of the times; nil: this computer's
	// Gate tells what a person needs at a gate; nil: nothing more than its words.
	Gate func(step string) steps.GateInfo
}

// Detect finds out what a file and the environment can show. getenv is os.Getenv.
func Detect(f *os.File, getenv func(string) string) Options {
	locale := getenv("LC_ALL")
	if locale == "" {
		locale = getenv("LC_CTYPE")
	}
	if locale == "" {
		locale = getenv("LANG")
	}
	utf8 := strings.Contains(strings.ToLower(strings.ReplaceAll(locale, "-", "")), "utf8")
	o := Options{ASCII: !utf8}
	if fd := int(f.Fd()); term.IsTerminal(fd) {
		o.Color = getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
		if width, _, err := term.GetSize(fd); err == nil {
			o.Width = width
		}
	}
	return o
}

// paint colours a label by its status. The colours are those that every theme of a terminal shows well.
func (o Options) paint(s state.Status, label string) string {
	if !o.Color {
		return label
	}
	code := map[state.Status]string{
		state.Done: "32", state.Confirmed: "32", state.Doing: "36", state.Waiting: "33",
		state.Drifted: "33", state.Unknown: "33", state.Failed: "31", state.Skipped: "90", state.Todo: "90",
	}[s]
	return "\x1b[" + code + "m" + label + "\x1b[0m"
}

func (o Options) clock(t time.Time) string {
	zone := o.Zone
	if zone == nil {
		zone = time.Local
	}
	return t.In(zone).Format("15:04:05")
}

// hang writes a paragraph after its label; lines after the first stand under it.
func (o Options) hang(w io.Writer, indent, label, paragraph string) {
	room := o.Width - ansi.StringWidth(indent+label)
	if o.Width > 0 && room >= 20 {
		paragraph = ansi.Wordwrap(paragraph, room, "")
	}
	for l := range strings.SplitSeq(paragraph, "\n") {
		put(w, indent, label, l)
		label = strings.Repeat(" ", ansi.StringWidth(label))
	}
}

// put writes one line. A pipe that is closed ends the program by itself; nothing is lost, for the state file
// has it all.
func put(w io.Writer, parts ...string) {
	line := strings.TrimRight(strings.Join(parts, ""), " ") + "\n"
	_, _ = io.WriteString(w, line)
}
