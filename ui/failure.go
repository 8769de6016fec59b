package ui

import (
	"slices"
	"strconv"
	"strings"

	"farol/state"
	"farol/steps/engine"
	"farol/ui/text"

	tea "github.com/charmbracelet/bubbletea"
)

// failureScreen is one step that did not work: what, why, and what can be done about it.
type failureScreen struct {
	step  engine.Step // kept by value: what a key decides is what was shown
	menu  menu
	fault error
}

func (*failureScreen) name(m *model) string { return m.words.Screens.Names.Failure }

func (s *failureScreen) enter(m *model) tea.Cmd {
	w := m.words.Screens.Failure
	items := []item{{w.TryAgain, s.decide(engine.TryAgain)}}
	switch m.run.standing(s.step) {
	case state.Unknown, state.Drifted:
		items = append(items, item{w.Adopt, s.decide(engine.Adopt)}, item{w.Leave, s.decide(engine.Leave)})
	case state.Failed:
		items = append(items, item{w.Leave, s.decide(engine.Leave)})
	}
	s.menu.set(append(items, item{w.Later, s.back})...)
	return nil
}

// decide says what shall become of the step, and goes on.
func (s *failureScreen) decide(d engine.Decision) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd {
		if s.fault = m.run.runner.Decide(s.step.ID, d); s.fault != nil {
			return nil
		}
		m.run.look()
		return tea.Batch(m.move(board), m.run.start(m))
	}
}

func (s *failureScreen) update(m *model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case eventMsg, runEndedMsg:
		if !contains(m.run.open(), s.step) { // it came right by itself
			return m.appear(board)
		}
	case tea.KeyMsg:
		if k := msg.String(); k == "left" || k == "right" {
			s.step, s.fault = neighbour(m.run.open(), s.step, k), nil
			return s.enter(m)
		}
		return s.menu.update(m, msg)
	}
	return nil
}

func contains(list []engine.Step, s engine.Step) bool {
	return slices.ContainsFunc(list, func(o engine.Step) bool { return o.ID == s.ID })
}

func (s *failureScreen) render(m *model, w, _ int) string {
	words, st := m.words.Screens.Failure, s.step
	status := m.run.standing(st)
	title := paint(status, m.words.Status(status).Label(m.deps.ASCII)) + "  " + strings.TrimSpace(st.Region+" "+m.words.Op(st.Op).Title)
	list := m.run.open()
	if at := slices.IndexFunc(list, func(o engine.Step) bool { return o.ID == st.ID }); len(list) > 1 {
		title = spread(title, strconv.Itoa(at+1)+"/"+strconv.Itoa(len(list)), w)
	}
	why := m.words.Failure(m.run.now[st.ID].Error, text.Place{Region: st.Region, Step: st.ID, Target: st.Target})
	parts := []string{title, "", problem(m, why, w), ""}
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
	if len(m.run.open()) > 1 {
		out = append(out, k.Other)
	}
	return append(out, k.Stop)
}

func (s *failureScreen) back(m *model) tea.Cmd { return m.move(board) }
