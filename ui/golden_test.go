package ui

import (
	"strings"
	"testing"
	"time"

	"farol/state"
	"farol/ui/golden"

	"github.com/charmbracelet/x/ansi"
)

// sizes are the smallest terminal, the usual one, and two large ones.
var sizes = [][2]int{{60, 16}, {120, 40}, {200, 60}, {80, 24}}

// golden proves that the screen fits into every size, and compares it with testdata at one of them.
func (r *robot) golden(name string, w, h int) {
	r.t.Helper()
	for _, s := range append(sizes, [2]int{w, h}) {
		r.resize(s[0], s[1])
		r.fits(name, s[0], s[1])
	}
	var out strings.Builder
	for l := range strings.SplitSeq(r.screen(), "\n") {
		out.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	golden.Compare(r.t, name, out.String())
}

func (r *robot) fits(name string, w, h int) {
	r.t.Helper()
	lines := strings.Split(r.screen(), "\n")
	if len(lines) > h {
		r.t.Errorf("%s at %dx%d has %d lines", name, w, h, len(lines))
	}
	for _, l := range lines {
		if got := ansi.StringWidth(l); got > w {
			r.t.Errorf("%s at %dx%d has a line of %d columns: %q", name, w, h, got, l)
		}
	}
	for _, key := range r.m.screens[r.m.at].keys(r.m)[:1] {
		if !strings.Contains(lines[len(lines)-1], key) {
			r.t.Errorf("%s at %dx%d does not show the key %q", name, w, h, key)
		}
	}
}

func TestScreensOfPracticeLookAsReviewed(t *testing.T) {
	t.Parallel()
	d, _ := practiceDeps()
	with(t, d, func(r *robot) {
		r.wait(3 * time.Second)
		r.golden("welcome-practice", 80, 24)
		r.through("Regions")
		r.golden("regions-practice", 80, 24)
		r.through("Organization")
		r.golden("organization", 80, 24)
		r.through("Channel and contract")
		r.golden("contract", 80, 24)
		r.through("Nothing has been changed yet")
		r.golden("plan", 80, 24)
		r.press("enter")
		r.wait(4 * time.Second)
		r.golden("run", 80, 24)
		r.golden("run-wide", 120, 40)
		r.press("l")
		r.golden("log", 80, 24)
		r.press("l")
		r.wait(time.Minute)
		r.golden("handoff", 80, 24)
		r.press("enter")
		r.wait(4 * time.Second)
		r.press("ctrl+c")
		r.sees("Stopping after the calls under way")
	})
}

func TestScreensOfRealRegionsLookAsReviewed(t *testing.T) {
	t.Parallel()
	d, _ := realDeps()
	with(t, d, func(r *robot) {
		r.golden("welcome", 80, 24)
		r.press("enter")
		r.golden("regions", 80, 24)
		r.through("Home region")
		r.golden("home", 80, 24)
		r.press("enter")
		r.press("console.us-south.example.com", "enter")
		r.golden("console-wrong-address", 80, 24)
	})
}

func TestScreensOfAnEarlierSetupLookAsReviewed(t *testing.T) {
	t.Parallel()
	d, w := existingDeps()
	d.Existing.Owner = &state.Owner{Author: state.Author{User: "maria", Host: "bastion-1"}, PID: 4711, Since: time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)}
	for _, s := range w.graph {
		if s.Op == "channel.join" {
			w.broken[s.ID] = true
		}
	}
	close(w.admitted)
	with(t, d, func(r *robot) {
		r.golden("resume", 80, 24)
		r.press("down", "enter")
		r.golden("review", 80, 24)
		r.press("esc", "enter")
		r.wait(time.Minute)
		r.golden("failure", 80, 24)
		r.press("down", "enter")
		r.wait(time.Minute)
		r.press("down", "down", "enter")
		r.golden("run-failed", 80, 24)
	})
}

func TestTheSummaryLooksAsReviewed(t *testing.T) {
	t.Parallel()
	d, _ := practiceDeps()
	with(t, d, func(r *robot) {
		r.through("Summary")
		r.golden("summary", 80, 24)
		r.golden("summary-tall", 100, 60)
		r.press("o")
		r.golden("wallet", 80, 24)
	})
}

func TestATerminalThatIsTooSmallSaysSoAndLosesNothing(t *testing.T) {
	t.Parallel()
	d, _ := practiceDeps()
	with(t, d, func(r *robot) {
		r.through("Organization")
		r.clear()
		r.press("Harbour")
		for _, s := range [][2]int{{0, 0}, {1, 1}, {59, 16}, {60, 15}, {20, 5}} {
			r.resize(s[0], s[1])
			for _, l := range strings.Split(r.screen(), "\n") {
				if ansi.StringWidth(l) > max(s[0], 1) {
					t.Errorf("at %v: %q", s, l)
				}
			}
		}
		r.resize(80, 24)
		r.sees("Harbour")
	})
}
