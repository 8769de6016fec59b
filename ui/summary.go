package ui

import (
	"strings"

	"farol/ui/line"

	tea "github.com/charmbracelet/bubbletea"
)

// summaryScreen is the last one: the same text that stays on the normal screen.
type summaryScreen struct{ pager pager }

func (*summaryScreen) name(m *model) string { return m.words.Screens.Names.Summary }

func (s *summaryScreen) enter(*model) tea.Cmd {
	s.pager = newPager()
	return nil
}

func (s *summaryScreen) update(m *model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.pager.fill(strings.Split(summaryText(m, msg.Width), "\n"), msg.Width, msg.Height)
	case tea.KeyMsg:
		switch msg.String() {
		case "enter":
			return m.quit()
		case "o":
			return m.openGate()
		case "f":
			return tea.Sequence(m.move(board), m.openFailure())
		}
		s.pager.update(msg)
	}
	return nil
}

// summaryText is how the set-up stands now, in the words of the plain mode.
func summaryText(m *model, width int) string {
	r := m.run
	var out strings.Builder
	o := line.Outcome{Setup: r.runner.Setup(), Steps: r.steps, Checkpoints: r.now, Proof: r.runner.Proof(), Took: r.took, Next: m.deps.Next}
	if r.err != nil {
		out.WriteString(problem(m, m.words.Problem(r.err), width) + "\n\n")
	}
	line.Summary(&out, m.words, o, line.Options{ASCII: m.deps.ASCII, Width: width, Command: m.deps.Command, Live: m.at == summary, Gate: r.runner.Gate})
	return strings.TrimRight(out.String(), "\n")
}

func (s *summaryScreen) render(*model, int, int) string { return s.pager.render() }

func (s *summaryScreen) keys(m *model) []string {
	k := m.words.Screens.Keys
	out := []string{k.End, k.Scroll}
	if len(m.run.gates()) > 0 {
		out = append(out, k.Gate)
	}
	if len(m.run.open()) > 0 {
		out = append(out, k.Failure)
	}
	return out
}

func (*summaryScreen) back(m *model) tea.Cmd { return m.move(board) }
