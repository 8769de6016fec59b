package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/viewport"
	tea "github.com/charmbracelet/bubbletea"
)

// menu is a short list of what can be done now. The first entry is the one that Enter should take.
type menu struct {
	items []item
	at    int
}

type item struct {
	label string
	do    func(m *model) tea.Cmd
}

// set replaces the entries and goes to the first one.
func (u *menu) set(items ...item) { u.items, u.at = items, 0 }

func (u *menu) update(m *model, k tea.KeyMsg) tea.Cmd {
	switch k.String() {
	case "up", "k", "shift+tab":
		u.at = max(u.at-1, 0)
	case "down", "j", "tab":
		u.at = min(u.at+1, len(u.items)-1)
	case "enter":
		if u.at < len(u.items) {
			return u.items[u.at].do(m)
		}
	}
	return nil
}

func (u *menu) render() string {
	var out []string
	for i, it := range u.items {
		if i == u.at {
			out = append(out, styles.Brand.Render("▸ "+it.label))
			continue
		}
		out = append(out, "  "+it.label)
	}
	return strings.Join(out, "\n")
}

// pager shows text that may be longer than the screen.
type pager struct{ view viewport.Model }

func newPager() pager { return pager{viewport.New(0, 0)} }

// fill shows lines in a space, and stays where the reader was.
func (p *pager) fill(lines []string, w, h int) {
	p.view.Width, p.view.Height = w, max(h, 1)
	p.view.SetContent(strings.Join(lines, "\n"))
}

// update scrolls.
func (p *pager) update(msg tea.Msg) {
	p.view, _ = p.view.Update(msg)
}

func (p *pager) render() string { return p.view.View() }

// longer tells whether there is more than can be seen at once.
func (p *pager) longer() bool { return p.view.TotalLineCount() > p.view.Height }
