package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"farol/state"
	"farol/steps/engine"
	"farol/ui/report"
	"farol/ui/text"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// boardScreen shows the run: every region, what is under way, what waits.
type boardScreen struct {
	reading bool // the log instead of the lanes
	pager   pager
	played  map[string]bool // gates that have shown themselves once
	w, h    int
}

// lanesFrom is the width from which every region has its own column.
const lanesFrom = 110

func (*boardScreen) name(m *model) string {
	done, all := m.run.finished(everything)
	took := m.run.took
	if m.run.active {
		took = m.now.Sub(m.run.began)
	}
	return text.Fill(m.words.Screens.Run.Total, map[string]string{"done": strconv.Itoa(done), "all": strconv.Itoa(all), "elapsed": clock(took)})
}

func everything(engine.Step) bool { return true }

// enter goes on with what is open. A screen that was entered from the board comes back to it as it was.
func (s *boardScreen) enter(m *model) tea.Cmd {
	if s.played == nil {
		s.played, s.pager = map[string]bool{}, newPager()
		return m.run.start(m)
	}
	return nil
}

func (s *boardScreen) update(m *model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.w, s.h = msg.Width, msg.Height
		s.fill(m)
	case eventMsg:
		s.fill(m)
		return s.practiceGate(m)
	case runEndedMsg:
		s.fill(m)
		return s.ended(m)
	case tea.KeyMsg:
		return s.onKey(m, msg)
	}
	return nil
}

func (s *boardScreen) onKey(m *model, k tea.KeyMsg) tea.Cmd {
	switch k.String() {
	case "l":
		s.reading = !s.reading
		s.fill(m)
		s.pager.view.GotoBottom()
		return nil
	case "o":
		return m.openGate()
	case "f":
		return m.openFailure()
	case "enter":
		if !m.run.active {
			return s.ended(m)
		}
	}
	if s.reading {
		s.pager.update(k)
	}
	return nil
}

// fill keeps the log at its end, unless somebody has scrolled away from it.
func (s *boardScreen) fill(m *model) {
	follow := s.pager.view.AtBottom()
	s.pager.fill(strings.Split(ansi.Wordwrap(strings.TrimRight(string(m.run.log.text), "\n"), max(s.w, 20), ""), "\n"), s.w, s.h)
	if follow {
		s.pager.view.GotoBottom()
	}
}

// practiceGate shows the hand-off by itself in practice, where the operator plays both companies.
func (s *boardScreen) practiceGate(m *model) tea.Cmd {
	if m.deps.Practice == nil || m.at != board {
		return nil
	}
	for _, st := range m.run.gates() {
		if !st.Confirmable && !s.played[st.ID] {
			s.played[st.ID] = true
			m.screens[gate].(*gateScreen).step = st
			return m.appear(gate)
		}
	}
	return nil
}

// ended goes where the run has led: to what failed, or to the summary.
func (s *boardScreen) ended(m *model) tea.Cmd {
	if len(m.run.troubled()) > 0 {
		cmd := m.openFailure()
		m.own = true
		return cmd
	}
	return m.appear(summary)
}

func (s *boardScreen) render(m *model, w, h int) string {
	switch {
	case s.reading:
		return s.pager.render()
	case w >= lanesFrom:
		return s.lanes(m, w, h)
	}
	return s.list(m, w, h)
}

func regionsOf(steps []engine.Step) []string {
	var out []string
	for _, s := range steps {
		if s.Region != "" && !slices.Contains(out, s.Region) {
			out = append(out, s.Region)
		}
	}
	return out
}

// lanes has a column for every region.
func (s *boardScreen) lanes(m *model, w, h int) string {
	attention := s.attention(m, w)
	regions := regionsOf(m.run.steps)
	columns := append(slices.Clone(regions), "")
	width := w / len(columns)
	height := h - len(attention) - 2
	var cols [][]string
	for _, r := range columns {
		cols = append(cols, s.lane(m, r, width-2, height))
	}
	var out []string
	for i := range height + 1 {
		var row strings.Builder
		for _, c := range cols {
			cell := ""
			if i < len(c) {
				cell = c[i]
			}
			row.WriteString(report.Pad(ansi.Truncate(cell, width-2, "…"), width))
		}
		out = append(out, row.String())
	}
	return joined(out, attention)
}

// lane is the column of one region: its steps, cut around what is under way.
func (s *boardScreen) lane(m *model, region string, w, h int) []string {
	var rows []string
	first := -1
	for _, st := range m.run.steps {
		if st.Region != region {
			continue
		}
		if _, busy := m.run.underWay(st); busy && first < 0 {
			first = len(rows)
		}
		rows = append(rows, s.row(m, st, w))
	}
	if first < 0 {
		first = 0
		for i, st := range m.stepsOf(region) {
			if m.run.standing(st) != state.Todo {
				first = i
			}
		}
	}
	if len(rows) > h {
		from := min(max(first-h/2, 0), len(rows)-h)
		rows = rows[from : from+h]
	}
	return append([]string{s.head(m, region)}, rows...)
}

func (m *model) stepsOf(region string) []engine.Step {
	var out []engine.Step
	for _, s := range m.run.steps {
		if s.Region == region {
			out = append(out, s)
		}
	}
	return out
}

// head names a region, how far it is, and that it is the home region.
func (s *boardScreen) head(m *model, region string) string {
	words := m.words.Screens.Run
	done, all := m.run.finished(func(st engine.Step) bool { return st.Region == region })
	name := region
	switch region {
	case "":
		name = words.Everywhere
	case home(m):
		name += " · " + words.Home
	}
	return styles.Strong.Render(name) + styles.Muted.Render("  "+strconv.Itoa(done)+"/"+strconv.Itoa(all))
}

func home(m *model) string {
	setup := m.run.runner.Setup()
	return setup.HomeRegion().ID
}

// row is one step: its mark, its name, and how long it takes or took.
func (s *boardScreen) row(m *model, st engine.Step, w int) string {
	since, busy := m.run.underWay(st)
	cp := m.run.now[st.ID]
	status, took := m.run.standing(st), ""
	switch {
	case busy:
		status, took = state.Doing, clock(m.now.Sub(since))
	case !cp.Started.IsZero() && cp.Finished.Sub(cp.Started) >= time.Second && status != state.Waiting:
		took = clock(cp.Finished.Sub(cp.Started))
	}
	mark := m.words.Status(status).Glyph
	if m.deps.ASCII {
		mark = m.words.Status(status).ASCII
	}
	room := w - ansi.StringWidth(mark+" "+took) - 1
	return spread(paint(status, mark+" ")+ansi.Truncate(m.words.Op(st.Op).Title, max(room, 8), "…"), styles.Muted.Render(took), w)
}

func paint(s state.Status, label string) string {
	switch s {
	case state.Done, state.Confirmed:
		return styles.Good.Render(label)
	case state.Failed:
		return styles.Bad.Render(label)
	case state.Unknown, state.Drifted, state.Waiting:
		return styles.Ask.Render(label)
	case state.Doing:
		return styles.Brand.Render(label)
	}
	return styles.Muted.Render(label)
}

func (s *boardScreen) keys(m *model) []string {
	k := m.words.Screens.Keys
	var out []string
	if !m.run.active {
		out = append(out, k.Next)
	}
	if s.reading {
		out = append(out, k.Scroll, k.Board)
	} else {
		out = append(out, k.Log)
	}
	if len(m.run.gates()) > 0 {
		out = append(out, k.Gate)
	}
	if len(m.run.open()) > 0 {
		out = append(out, k.Failure)
	}
	return append(out, k.Stop)
}

func (s *boardScreen) back(*model) tea.Cmd {
	s.reading = false
	return nil
}
