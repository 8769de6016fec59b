package ui

import (
	"strings"

	"farol/steps"
	"farol/ui/guide"
	"farol/ui/report"
	"farol/ui/text"

	tea "github.com/charmbracelet/bubbletea"
)

// resumeScreen tells where an earlier set-up stands, and asks before anything is done.
type resumeScreen struct {
	menu  menu
	sure  bool // asking whether to start over
	busy  bool
	fault error
}

// resumedMsg brings the set-up that was opened; no runner after it was moved aside.
type resumedMsg struct {
	runner Runner
	err    error
}

func (*resumeScreen) name(m *model) string { return m.words.Screens.Names.Resume }

func (s *resumeScreen) enter(m *model) tea.Cmd {
	w, on := m.words.Screens.Resume, item{m.words.Screens.Resume.Go, s.open}
	over := item{w.Over, func(m *model) tea.Cmd { s.sure = true; return s.enter(m) }}
	switch {
	case s.sure:
		s.menu.set(item{w.OverNo, func(m *model) tea.Cmd { s.sure = false; return s.enter(m) }}, item{w.OverYes, s.startOver})
	case m.deps.Existing.File == nil:
		s.menu.set(over)
	default:
		s.menu.set(on, item{w.Review, func(m *model) tea.Cmd { return m.move(review) }}, over)
	}
	return nil
}

func (s *resumeScreen) open(m *model) tea.Cmd      { return s.ask(m, false) }
func (s *resumeScreen) startOver(m *model) tea.Cmd { return s.ask(m, true) }

func (s *resumeScreen) ask(m *model, over bool) tea.Cmd {
	s.busy, s.fault = true, nil
	d := m.deps
	return m.aside(func() tea.Msg {
		if d.Practice != nil && !over {
			if err := d.Practice.Wait(m.ctx, steps.NewDraft()); err != nil {
				return resumedMsg{err: err}
			}
		}
		runner, err := d.Resume(m.ctx, over)
		return resumedMsg{runner, err}
	})
}

func (s *resumeScreen) update(m *model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case resumedMsg:
		s.busy, s.fault, s.sure = false, msg.err, false
		switch {
		case msg.err != nil:
			return s.enter(m)
		case msg.runner == nil:
			m.title = m.words.Screens.New
			return m.move(welcome)
		}
		m.run.take(m, msg.runner)
		return m.move(board)
	case tea.KeyMsg:
		if !s.busy {
			return s.menu.update(m, msg)
		}
	}
	return nil
}

func (s *resumeScreen) render(m *model, w, _ int) string {
	words, e := m.words.Screens.Resume, m.deps.Existing
	var out []string
	saved, held := guide.Standing(m.words, e)
	for i, sentence := range append(saved, held...) {
		out = append(out, wrapped(sentence, w))
		if i == 0 && len(saved) > 0 {
			out = append(out, "")
		}
	}
	fault := s.fault
	if fault == nil {
		fault = e.Fault
	}
	if fault != nil {
		out = append(out, "", problem(m, m.words.Problem(fault), w))
	}
	if s.sure {
		out = append(out, "", wrapped(text.Fill(words.OverSure, map[string]string{"folder": m.deps.Dir}), w))
	}
	out = append(out, "")
	if s.busy {
		return strings.Join(append(out, words.Opening), "\n")
	}
	return strings.Join(append(out, s.menu.render()), "\n")
}

func (*resumeScreen) keys(m *model) []string {
	k := m.words.Screens.Keys
	return []string{k.Choose, k.Next, k.Quit}
}

func (s *resumeScreen) back(m *model) tea.Cmd {
	s.sure = false
	return s.enter(m)
}

// problem words a failure as what, why and what to do.
func problem(m *model, p text.Problem, w int) string {
	l := m.words.Line
	return labelled(w, [][2]string{{l.What, p.What}, {l.Why, p.Why}, {l.Do, p.Do}})
}

// labelled sets paragraphs beside their labels; those that say nothing are left out.
func labelled(w int, rows [][2]string) string {
	var out []string
	for _, r := range rows {
		if r[1] == "" {
			continue
		}
		for i, l := range strings.Split(wrapped(r[1], w-labelWidth), "\n") {
			label := ""
			if i == 0 {
				label = r[0]
			}
			out = append(out, styles.Strong.Render(report.Pad(label, labelWidth))+l)
		}
	}
	return strings.Join(out, "\n")
}

const labelWidth = 7

// reviewScreen shows every step of the set-up as it was saved.
type reviewScreen struct{ pager pager }

func (*reviewScreen) name(m *model) string { return m.words.Screens.Names.Review }

func (s *reviewScreen) enter(*model) tea.Cmd {
	s.pager = newPager()
	return nil
}

func (s *reviewScreen) update(m *model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		f := m.deps.Existing.File
		var out strings.Builder
		_ = report.Printer{Words: m.words, ASCII: m.deps.ASCII}.Status(&out, f, steps.ProofOf(f.Setup, f.Steps), "table")
		s.pager.fill(strings.Split(out.String(), "\n"), msg.Width, msg.Height)
	case tea.KeyMsg:
		if msg.String() == "enter" {
			return m.move(resume)
		}
		s.pager.update(msg)
	}
	return nil
}

func (s *reviewScreen) render(*model, int, int) string { return s.pager.render() }

func (*reviewScreen) keys(m *model) []string {
	k := m.words.Screens.Keys
	return []string{k.Scroll, k.Back, k.Quit}
}

func (*reviewScreen) back(m *model) tea.Cmd { return m.move(resume) }
