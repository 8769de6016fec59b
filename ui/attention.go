package ui

import (
	"strings"

	"farol/state"
	"farol/steps/engine"
	"farol/ui/text"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

func (m *model) openGate() tea.Cmd {
	open := m.run.gates()
	if len(open) == 0 {
		return nil
	}
	m.screens[gate].(*gateScreen).step = open[0]
	return m.move(gate)
}

func (m *model) openFailure() tea.Cmd {
	open := m.run.open()
	if len(open) == 0 {
		return nil
	}
	m.screens[failure].(*failureScreen).step = open[0]
	return m.move(failure)
}

// gates are open for people.
func (r *running) gates() []engine.Step { return r.with(state.Waiting) }

// troubled are the steps that a person must look at.
func (r *running) troubled() []engine.Step {
	return r.with(state.Failed, state.Unknown, state.Drifted)
}

// open are the troubled steps, and after them those that a person has left: both can be taken up again.
func (r *running) open() []engine.Step { return append(r.troubled(), r.with(state.Skipped)...) }

// maxTroubles is how many steps that meet trouble are named at once: they mostly meet the same.
const maxTroubles = 3

// attention is what needs a person: failures first, then gates, each with the key that opens it.
func (s *boardScreen) attention(m *model, w int) []string {
	words := m.words.Screens
	var out []string
	add := func(status state.Status, heading, key string, steps []engine.Step) {
		if len(steps) == 0 {
			return
		}
		var names []string
		for _, st := range steps {
			names = append(names, strings.TrimSpace(st.Region+" "+m.words.Op(st.Op).Title))
		}
		label := paint(status, m.words.Status(status).Label(m.deps.ASCII)) + "  " + heading + ": " + strings.Join(names, ", ")
		out = append(out, spread(ansi.Truncate(label, max(w-ansi.StringWidth(key)-2, 20), "…"), styles.Muted.Render(key), w))
	}
	for _, st := range m.run.steps {
		since, busy := m.run.underWay(st)
		if f := m.run.trouble[st.ID]; busy && f != nil {
			what := strings.TrimSpace(st.Region+" "+m.words.Op(st.Op).Title) + ": " + m.words.Failure(f, text.Place{Region: st.Region, Step: st.ID, Target: st.Target}).What
			out = append(out, spread(styles.Ask.Render(ansi.Truncate(what, max(w-8, 20), "…")), styles.Muted.Render(clock(m.now.Sub(since))), w))
		}
	}
	out = out[:min(len(out), maxTroubles)]
	add(state.Failed, words.Run.Failed, words.Keys.Failure, m.run.troubled())
	add(state.Waiting, words.Run.Waits, words.Keys.Gate, m.run.gates())
	return out
}
