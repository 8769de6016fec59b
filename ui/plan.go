package ui

import (
	"strconv"
	"strings"

	"farol/steps/engine"
	"farol/ui/report"
	"farol/ui/text"

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
	var order []string
	cells := map[string]map[string][]engine.Step{}
	for _, st := range s.steps {
		if cells[st.Op] == nil {
			cells[st.Op] = map[string][]engine.Step{}
			order = append(order, st.Op)
		}
		cells[st.Op][st.Region] = append(cells[st.Op][st.Region], st)
	}
	w := m.words.Screens.Plan
	heads := []string{"", w.Everywhere}
	rows := [][]string{append(heads, columns[1:]...)}
	for _, op := range order {
		row := []string{m.words.Op(op).Title}
		for _, c := range columns {
			row = append(row, cell(m, cells[op][c]))
		}
		rows = append(rows, row)
	}
	var out strings.Builder
	_ = report.Table(&out, "", rows)
	return strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
}

// cell says what a kind of work does in one place.
func cell(m *model, steps []engine.Step) string {
	if len(steps) == 0 {
		return ""
	}
	w := m.words.Screens.Plan
	word := map[engine.Kind]string{engine.Check: w.Check, engine.Change: w.Change, engine.Gate: w.Gate}[steps[0].Kind]
	if len(steps) > 1 {
		word += " × " + strconv.Itoa(len(steps))
	}
	return word
}

// foot is what stays visible under the table.
func (s *planScreen) foot(m *model, w int) string {
	words := m.words.Screens.Plan
	changes := 0
	for _, st := range s.steps {
		if st.Kind == engine.Change {
			changes++
		}
	}
	out := wrapped(text.Fill(words.Totals, map[string]string{"steps": strconv.Itoa(len(s.steps)), "changes": strconv.Itoa(changes)}), w) +
		"\n" + wrapped(words.People, w)
	switch {
	case s.fault != nil:
		return problem(m, m.words.Problem(s.fault), w)
	case s.busy:
		return out + "\n" + m.words.Screens.Ask.Saving
	}
	return out + "\n" + styles.Brand.Render(words.Enter)
}

// subject says what the set-up is about: what Enter decides for ever.
func subject(m *model) string {
	s := m.deps.Draft.Setup
	return text.Fill(m.words.Screens.Plan.Subject, map[string]string{"organization": s.Organization.Name, "msp": s.Organization.MSPID,
		"channel": s.Channel.Name, "contract": s.Contract.Name + " " + s.Contract.Version, "package": s.Contract.Package})
}

func (s *planScreen) render(m *model, w, _ int) string {
	return strings.Join([]string{styles.Strong.Render(m.words.Screens.Plan.Nothing), ansi.Truncate(subject(m), w, "…"), "", s.pager.render(), "", s.foot(m, w)}, "\n")
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
