package ui

import (
	"strings"

	"farol/state"
	"farol/steps/engine"
	"farol/ui/text"

	tea "github.com/charmbracelet/bubbletea"
)

// gateScreen is one thing that Farol cannot do: who must do it, with which file, and what happens then.
type gateScreen struct {
	step    engine.Step
	menu    menu
	playing bool
	fault   error
}

// playedMsg says how the practice administrator fared.
type playedMsg struct {
	step string
	err  error
}

func (*gateScreen) name(m *model) string { return m.words.Screens.Names.Gate }

func (s *gateScreen) enter(m *model) tea.Cmd {
	w := m.words.Screens.Gate
	s.fault = nil
	leave := func(m *model) tea.Cmd { return s.back(m) }
	switch {
	case s.step.Confirmable:
		s.menu.set(item{w.Later, leave}, item{w.Done, s.confirm})
	case m.deps.Practice != nil:
		s.menu.set(item{w.Play, s.play}, item{w.Wait, leave})
	default:
		s.menu.set(item{w.Wait, leave}, item{w.Look, s.look})
	}
	return nil
}

// play lets the sandbox admit the organization, as another company would.
func (s *gateScreen) play(m *model) tea.Cmd {
	s.playing, s.fault = true, nil
	step, pack, practice, ctx := s.step.ID, m.run.runner.Gate(s.step.ID).Files[0], m.deps.Practice, m.ctx
	return func() tea.Msg { return playedMsg{step, practice.PlayAdministrator(ctx, pack)} }
}

// look makes Farol look at once, and shows that it does.
func (s *gateScreen) look(m *model) tea.Cmd {
	m.run.runner.Nudge()
	m.say(m.words.Screens.Gate.Looking, nil)
	return m.move(board)
}

func (s *gateScreen) confirm(m *model) tea.Cmd {
	if s.fault = m.run.runner.Confirm(s.step.ID); s.fault != nil {
		return nil
	}
	m.run.look()
	m.say(m.words.Screens.Gate.Confirmed, map[string]string{"region": s.step.Region})
	if open := m.run.gates(); len(open) > 0 {
		s.step = open[0]
		return s.enter(m)
	}
	return tea.Batch(m.run.start(m), m.move(board))
}

func (s *gateScreen) update(m *model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case playedMsg:
		s.playing, s.fault = false, msg.err
		if msg.err == nil {
			return s.look(m)
		}
	case eventMsg, runEndedMsg:
		m.run.look()
		if m.run.standing(s.step) != state.Waiting { // somebody else has opened it
			return m.appear(board)
		}
	case tea.KeyMsg:
		switch {
		case s.playing:
		case msg.String() == "right" || msg.String() == "left":
			return s.other(m, msg.String())
		default:
			return s.menu.update(m, msg)
		}
	}
	return nil
}

// other goes to the next open gate.
func (s *gateScreen) other(m *model, k string) tea.Cmd {
	s.step = neighbour(m.run.gates(), s.step, k)
	return s.enter(m)
}

// neighbour is the step beside one in a list, around the ends.
func neighbour(list []engine.Step, at engine.Step, k string) engine.Step {
	for i, s := range list {
		if s.ID != at.ID {
			continue
		}
		if k == "left" {
			return list[(i+len(list)-1)%len(list)]
		}
		return list[(i+1)%len(list)]
	}
	return at
}

func (s *gateScreen) render(m *model, w, _ int) string {
	words := m.words.Screens.Gate
	info := m.run.runner.Gate(s.step.ID)
	facts := map[string]string{"region": s.step.Region}
	for k, v := range info.Facts {
		facts[k] = v
	}
	g := m.words.Gate(s.step.Op, facts)
	rows := [][2]string{{m.words.Line.Who, m.words.Actor(info.Who)}, {m.words.Line.Do, g.Do}}
	for _, f := range info.Files {
		rows = append(rows, [2]string{m.words.Line.File, text.Inert(f)})
	}
	rows = append(rows, [2]string{m.words.Line.Then, g.Then})
	parts := []string{styles.Ask.Render(m.words.Status(state.Waiting).Label(m.deps.ASCII) + "  " + strings.TrimSpace(s.step.Region+" "+g.Title)), "",
		labelled(w, rows), ""}
	switch {
	case s.playing:
		return strings.Join(append(parts, words.Playing), "\n")
	case s.fault != nil:
		parts = append(parts, problem(m, m.words.Problem(s.fault), w), "")
	}
	return strings.Join(append(parts, s.menu.render()), "\n")
}

func (s *gateScreen) keys(m *model) []string {
	k := m.words.Screens.Keys
	out := []string{k.Choose, k.Next, k.Back}
	if len(m.run.gates()) > 1 {
		out = append(out, k.Other)
	}
	return append(out, k.Stop)
}

// back goes to the run, or to the summary where nothing runs any more.
func (s *gateScreen) back(m *model) tea.Cmd {
	if m.run.active {
		return m.move(board)
	}
	return m.move(summary)
}
