package ui

import (
	"strconv"
	"strings"
	"time"

	"farol/ui/guide"
	"farol/ui/text"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// The least size that every screen fits into, and the widest line that reads well.
const (
	minWidth  = 60
	minHeight = 16
	maxWidth  = 160
	chrome    = 4 // lines of header and footer
)

// styles are all looks: sixteen colours, which follow the terminal's own theme.
var styles = struct{ Brand, Muted, Good, Bad, Ask, Strong lipgloss.Style }{
	Brand:  lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Color("4")),
	Muted:  lipgloss.NewStyle().Foreground(lipgloss.Color("8")),
	Good:   lipgloss.NewStyle().Foreground(lipgloss.Color("2")),
	Bad:    lipgloss.NewStyle().Foreground(lipgloss.Color("1")),
	Ask:    lipgloss.NewStyle().Foreground(lipgloss.Color("3")),
	Strong: lipgloss.NewStyle().Bold(true),
}

// inner is the width inside the margins.
func (m *model) inner() int { return max(min(m.width, maxWidth)-2, 0) }

// body is the height between header and footer.
func (m *model) body() int { return max(m.height-chrome, 0) }

// View implements tea.Model. It is a pure function of the model.
func (m *model) View() string {
	switch {
	case m.width == 0:
		return ""
	case m.width < minWidth || m.height < minHeight:
		return ansi.Wrap(text.Fill(m.words.Screens.TooSmall, map[string]string{
			"width": strconv.Itoa(m.width), "height": strconv.Itoa(m.height)}), max(m.width, 1), "")
	}
	s := m.screens[m.at]
	lines := []string{m.header(s.name(m)), ""}
	lines = append(lines, fit(s.render(m, m.inner(), m.body()), m.inner(), m.body())...)
	lines = append(lines, m.status(), styles.Muted.Render(ansi.Truncate(strings.Join(s.keys(m), "   "), m.inner(), "…")))
	for i, l := range lines {
		lines[i] = " " + l
	}
	return strings.Join(lines, "\n")
}

func (m *model) header(screen string) string {
	left := styles.Brand.Render("Farol") + "  " + ansi.Truncate(m.title, 40, "…")
	return spread(left, styles.Strong.Render(screen), m.inner())
}

// spread puts one text left and one right.
func spread(left, right string, w int) string {
	space := w - ansi.StringWidth(left) - ansi.StringWidth(right)
	if space < 1 {
		return ansi.Truncate(left+" "+right, w, "…")
	}
	return left + strings.Repeat(" ", space) + right
}

// status is the line above the keys: what goes on in the background.
func (m *model) status() string {
	switch {
	case m.leaving:
		return styles.Ask.Render(ansi.Truncate(m.words.Screens.Stopping, m.inner(), "…"))
	case m.notice != "":
	case m.deps.Practice != nil && m.practice.Phase != "ready":
		return styles.Muted.Render(ansi.Truncate(m.practiceLine(), m.inner(), "…"))
	}
	return styles.Muted.Render(ansi.Truncate(m.notice, m.inner(), "…"))
}

func (m *model) practiceLine() string {
	return guide.Phase(m.words, m.practice, clock(m.practice.Since))
}

// fit makes text exactly h lines of at most w columns.
func fit(s string, w, h int) []string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	if len(lines) > h {
		lines = lines[:h]
	}
	for i, l := range lines {
		lines[i] = ansi.Truncate(l, w, "…")
	}
	for len(lines) < h {
		lines = append(lines, "")
	}
	return lines
}

// wrapped breaks a paragraph at the width.
func wrapped(s string, w int) string { return ansi.Wordwrap(s, max(w, 20), "") }

// clock is a duration as people read it while it runs: 0:48.
func clock(d time.Duration) string {
	s := int(d.Seconds())
	return strconv.Itoa(s/60) + ":" + pad2(s%60)
}

func pad2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
