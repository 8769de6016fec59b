package ui

import (
	"strconv"
	"strings"

	"farol/state"
	"farol/steps/engine"
	"farol/ui/text"

	tea "github.com/charmbracelet/bubbletea"
)

// failureScreen is one step that did not work: what, why, and what can be done about it.
type failureScreen struct {
	at    int
	menu  menu
	fault error
}

func (*failureScreen) name(m *model) string { return m.words.Screens.Names.Failure }

// step is the failure that is looked at.
func (s *failureScreen) step(m *model) (engine.Step, int) {
	list := m.run.troubled()
	if len(list) == 0 {
		return engine.Step{}, 0
	}
	s.at = min(s.at, len(list)-1)
	return list[s.at], len(list)
}

func (s *failureScreen) enter(m *model) tea.Cmd {
	w := m.words.Screens.Failure
	st, _ := s.step(m)
	items := []item{{w.TryAgain, s.decide(engine.TryAgain)}}
	if m.run.standing(st) == state.Unknown {
		items = append(items, item{w.Adopt, s.decide(engine.Adopt)})
	}
	items = append(items, item{w.Leave, s.decide(engine.Leave)}, item{w.Later, func(m *model) tea.Cmd { return m.move(board) }})
	s.menu.set(items...)
	return nil
}

// decide says what shall become of the step, and goes on.
func (s *failureScreen) decide(d engine.Decision) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		st, _ := s.step(m)
		if s.fault = m.run.runner.Decide(st.ID, d); s.fault != nil {
			return nil
		}
		m.run.look()
		return tea.Batch(m.move(board), m.run.start(m))
	}
}

func (s *failureScreen) update(m *model, msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	_, n := s.step(m)
	switch {
	case n == 0:
		return m.move(board)
	case k.String() == "left":
		s.at = (s.at + n - 1) % n
		return s.enter(m)
	case k.String() == "right":
		s.at = (s.at + 1) % n
		return s.enter(m)
	}
	return s.menu.update(m, k)
}

func (s *failureScreen) render(m *model, w, _ int) string {
	st, n := s.step(m)
	if n == 0 {
		return ""
	}
	words := m.words.Screens.Failure
	status := m.run.standing(st)
	cp := m.run.now[st.ID]
	title := paint(status, m.words.Status(status).Label(m.deps.ASCII)) + "  " + strings.TrimSpace(st.Region+" "+m.words.Op(st.Op).Title)
	if n > 1 {
		title = spread(title, strconv.Itoa(s.at+1)+"/"+strconv.Itoa(n), w)
	}
	parts := []string{title, "", problem(m, m.words.Failure(cp.Error, text.Place{Region: st.Region, Step: st.ID, Target: st.Target}), w), ""}
	if s.fault != nil {
		parts = append(parts, problem(m, m.words.Problem(s.fault), w), "")
	}
	parts = append(parts, s.menu.render())
	if m.run.active {
		parts = append(parts, "", styles.Muted.Render(words.Others))
	}
	return strings.Join(parts, "\n")
}

func (s *failureScreen) keys(m *model) []string {
	k := m.words.Screens.Keys
	out := []string{k.Choose, k.Next, k.Back}
	if _, n := s.step(m); n > 1 {
		out = append(out, k.Other)
	}
	return append(out, k.Stop)
}

func (s *failureScreen) back(m *model) tea.Cmd { return m.move(board) }
