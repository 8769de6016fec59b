package ui

import (
	"cmp"
	"slices"
	"strings"

	"farol/state"
	"farol/steps/engine"
	"farol/ui/report"
)

// list is the board where regions do not fit side by side: a line a region, what is under way, and what was
// done last.
func (s *boardScreen) list(m *model, w, h int) string {
	words := m.words.Screens.Run
	var regions []string
	for _, r := range append(regionsOf(m.run.steps), "") {
		regions = append(regions, s.head(m, r))
	}
	var now []string
	for _, st := range m.run.steps {
		if _, busy := m.run.underWay(st); busy {
			now = append(now, s.tagged(m, st, w))
		}
	}
	if len(now) == 0 {
		now = []string{"  " + styles.Muted.Render(words.Nothing)}
	}
	attention := s.attention(m, w)
	left := h - len(regions) - len(attention) - 7
	now = now[:min(len(now), max(left/2, 1))]
	recent := s.recent(m, w, max(left-len(now), 0))
	headed := func(head string, rows []string) []string {
		return append([]string{styles.Strong.Render(head)}, rows...)
	}
	if len(recent) > 0 {
		recent = headed(words.Recent, recent)
	}
	return joined(regions, attention, headed(words.Now, now), recent)
}

// recent lists what was done last, the newest first.
func (s *boardScreen) recent(m *model, w, n int) []string {
	done := m.run.with(state.Done, state.Confirmed)
	slices.SortStableFunc(done, func(a, b engine.Step) int {
		return cmp.Compare(m.run.now[b.ID].Finished.UnixNano(), m.run.now[a.ID].Finished.UnixNano())
	})
	var out []string
	for _, st := range done[:min(n, len(done))] {
		out = append(out, s.tagged(m, st, w))
	}
	return out
}

// tagged is a step with its region before it.
func (s *boardScreen) tagged(m *model, st engine.Step, w int) string {
	region := st.Region
	if region == "" {
		region = m.words.Line.Everywhere
	}
	return "  " + report.Pad(strings.ToValidUTF8(region, "?"), regionWidth) + " " + s.row(m, st, w-regionWidth-3)
}

// regionWidth is the width of the longest region id of the catalogue.
const regionWidth = 10
