package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// welcomeScreen says what Farol does before it asks anything.
type welcomeScreen struct{}

func (*welcomeScreen) name(m *model) string { return m.words.Screens.Names.Welcome }

func (*welcomeScreen) enter(*model) tea.Cmd { return nil }

func (*welcomeScreen) update(m *model, msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyMsg); ok && k.String() == "enter" {
		return m.move(questions)
	}
	return nil
}

func (*welcomeScreen) render(m *model, w, _ int) string {
	words := m.words.Screens.Welcome
	where := words.Real
	if m.deps.Practice != nil {
		where = words.Practice
	}
	return strings.Join([]string{
		styles.Strong.Render(wrapped(words.Title, w)), "",
		wrapped(words.Body, w), "",
		wrapped(where, w), "",
		styles.Brand.Render(wrapped(words.Enter, w)),
	}, "\n")
}

func (*welcomeScreen) keys(m *model) []string {
	k := m.words.Screens.Keys
	return []string{k.Next, k.Quit}
}

func (*welcomeScreen) back(*model) tea.Cmd { return nil }
