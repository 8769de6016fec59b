package ui

import (
	"strings"

	"farol/steps/engine"
	"farol/ui/guide"
	"farol/ui/report"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// planScreen is the last one before anything changes: what will happen, where.
type planScreen struct {
	steps []engine.Step
	pager pager
	busy  bool
	fault error
}

// begunMsg brings the set-up that was saved.
type begunMsg struct {
	runner Runner
	err    error
}

func (*planScreen) name(m *model) string { return m.words.Screens.Names.Plan }

func (s *planScreen) enter(*model) tea.Cmd {
	s.pager = newPager()
	return nil
}

func (s *planScreen) update(m *model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.pager.fill(s.table(m), msg.Width, msg.Height-strings.Count(s.foot(m, msg.Width), "\n")-5)
	case begunMsg:
		s.busy, s.fault = false, msg.err
		if msg.err != nil {
			return nil
		}
		m.run.take(m, msg.runner)
		return m.appear(board)
	case tea.KeyMsg:
		switch {
		case s.busy:
		case msg.String() == "enter":
			return s.begin(m)
		default:
			s.pager.update(msg)
		}
	}
	return nil
}

func (s *planScreen) begin(m *model) tea.Cmd {
	s.busy, s.fault = true, nil
	begin, d := m.deps.Begin, m.deps.Draft.Clone()
	return m.aside(func() tea.Msg {
		runner, err := begin(m.ctx, d)
		return begunMsg{runner, err}
	})
}

// table has one row for each kind of work and one column for each region.
func (s *planScreen) table(m *model) []string {
	columns := []string{""}
	for _, r := range m.deps.Draft.Setup.Regions {
		columns = append(columns, r.ID)
	}
	heads := []string{"", m.words.Screens.Plan.Everywhere}
	rows := [][]string{append(heads, columns[1:]...)}
	for _, work := range guide.Works(s.steps) {
		row := []string{m.words.Op(work.Op).Title}
		for _, c := range columns {
			row = append(row, guide.Does(m.words, work.At[c]))
		}
		rows = append(rows, row)
	}
	var out strings.Builder
	_ = report.Table(&out, "", rows)
	return strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
}

// foot is what stays visible under the table.
func (s *planScreen) foot(m *model, w int) string {
	words := m.words.Screens.Plan
	out := wrapped(guide.Totals(m.words, s.steps), w) + "\n" + wrapped(words.People, w)
	switch {
	case s.fault != nil:
		return problem(m, m.words.Problem(s.fault), w)
	case s.busy:
		return out + "\n" + m.words.Screens.Ask.Saving
	}
	return out + "\n" + styles.Brand.Render(words.Enter)
}

func (s *planScreen) render(m *model, w, _ int) string {
	return strings.Join([]string{styles.Strong.Render(m.words.Screens.Plan.Nothing), ansi.Truncate(guide.Subject(m.words, m.deps.Draft.Setup), w, "…"), "", s.pager.render(), "", s.foot(m, w)}, "\n")
}

func (s *planScreen) keys(m *model) []string {
	k := m.words.Screens.Keys
	if s.pager.longer() {
		return []string{k.Start, k.Scroll, k.Back, k.Quit}
	}
	return []string{k.Start, k.Back, k.Quit}
}

func (s *planScreen) back(m *model) tea.Cmd {
	if s.busy {
		return nil
	}
	return m.move(questions)
}
