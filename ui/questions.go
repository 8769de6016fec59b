package ui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"farol/steps"
	"farol/steps/engine"
	"farol/ui/guide"

	tea "github.com/charmbracelet/bubbletea"
)

// questionScreen asks page by page. A console is tested as soon as it is described; after the last page the
// plan is made.
type questionScreen struct {
	pages  []page
	at     int
	form   *form
	gen    int
	fault  error
	w, h   int
	busy   string // a sentence while something is asked elsewhere
	since  time.Time
	cancel context.CancelFunc
	found  map[string]steps.ConsoleTest
	left   bool // the last page was complete once: coming back lands there
}

// testedMsg brings what a console answered.
type testedMsg struct {
	gen    int
	region string
	found  steps.ConsoleTest
	err    error
}

// plannedMsg brings the plan.
type plannedMsg struct {
	gen   int
	draft *steps.Draft // with what practice regions have answered
	steps []engine.Step
	err   error
}

func (s *questionScreen) name(m *model) string {
	if s.at >= len(s.pages) {
		return ""
	}
	return strconv.Itoa(s.at+1) + "/" + strconv.Itoa(len(s.pages)) + "  " + guide.Screen(m.words, s.pages[s.at].screen)
}

func (s *questionScreen) enter(m *model) tea.Cmd {
	s.pages = pages(m.deps.Draft, m.deps.Practice != nil)
	if !s.left {
		s.at = 0
	}
	s.left = false
	return s.open(m)
}

// open shows the page anew, with what the draft has.
func (s *questionScreen) open(m *model) tea.Cmd {
	s.gen++
	s.busy, s.form = "", nil
	if len(s.pages[s.at].qs) == 0 {
		return nil
	}
	s.form = newForm(s.gen, s.pages[s.at].qs, m.deps.Draft, m.words)
	return s.layout(m, s.form.init())
}

func (s *questionScreen) update(m *model, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.w, s.h = msg.Width, msg.Height
		return s.layout(m, nil)
	case testedMsg:
		return s.tested(m, msg)
	case plannedMsg:
		return s.planned(m, msg)
	case formMsg:
		if msg.gen != s.gen || s.form == nil {
			return nil
		}
		return s.toForm(m, msg.msg)
	case tea.KeyMsg:
		switch {
		case s.busy != "":
			return nil
		case s.form == nil && msg.String() == "enter":
			return s.next(m)
		case s.form != nil:
			s.fault = nil
			return s.toForm(m, msg)
		}
	}
	return nil
}

func (s *questionScreen) toForm(m *model, msg tea.Msg) tea.Cmd {
	cmd, complete := s.form.update(msg)
	if !complete {
		return s.layout(m, cmd)
	}
	s.form.store(m.deps.Draft)
	if s.fault = s.form.wrong(m.deps.Draft); s.fault != nil {
		return s.open(m)
	}
	if p := s.pages[s.at]; p.screen == steps.ConsolesScreen {
		return s.test(m, p.region)
	}
	return s.next(m)
}

// layout gives the form the space that the words leave.
func (s *questionScreen) layout(m *model, cmd tea.Cmd) tea.Cmd {
	if s.form == nil || s.w == 0 {
		return cmd
	}
	used := strings.Count(joined(s.head(m), s.tail(m)), "\n") + 3
	return tea.Batch(cmd, s.form.resize(s.w, max(s.h-used, 4)))
}

func (s *questionScreen) next(m *model) tea.Cmd {
	s.pages = pages(m.deps.Draft, m.deps.Practice != nil)
	if s.at+1 < len(s.pages) {
		s.at++
		return s.open(m)
	}
	return s.plan(m)
}

// test asks the console, without changing anything there.
func (s *questionScreen) test(m *model, region string) tea.Cmd {
	ctx := s.wait(m, guide.Testing(m.words, region))
	gen, d, ask := s.gen, m.deps.Draft.Clone(), m.deps.TestConsole
	return func() tea.Msg {
		found, err := ask(ctx, d, region)
		return testedMsg{gen, region, found, err}
	}
}

// wait shows that something is asked elsewhere; Back calls it off.
func (s *questionScreen) wait(m *model, sentence string) context.Context {
	ctx, cancel := context.WithCancel(m.ctx)
	s.gen++
	s.busy, s.since, s.cancel, s.form, s.fault = sentence, m.now, cancel, nil, nil
	return ctx
}

func (s *questionScreen) tested(m *model, msg testedMsg) tea.Cmd {
	if msg.gen != s.gen {
		return nil
	}
	s.cancel()
	if s.fault = msg.err; msg.err == nil {
		s.fault = steps.SameConsole(s.found, msg.region, msg.found)
	}
	if s.fault != nil {
		return s.open(m)
	}
	if s.found == nil {
		s.found = map[string]steps.ConsoleTest{}
	}
	s.found[msg.region] = msg.found
	m.say(guide.Answered(m.words, msg.region, msg.found), nil)
	return s.next(m)
}

// plan waits for practice regions, which answer the rest of the questions, and lists what will be done.
func (s *questionScreen) plan(m *model) tea.Cmd {
	ctx, gen, deps := s.wait(m, m.words.Screens.Ask.Waiting), s.gen+1, m.deps
	s.gen = gen
	d := deps.Draft.Clone() // the person may go back and type meanwhile
	return func() tea.Msg {
		if deps.Practice != nil {
			if err := deps.Practice.Wait(ctx, d); err != nil {
				return plannedMsg{gen: gen, err: err}
			}
		}
		list, err := steps.Preview(d)
		return plannedMsg{gen, d, list, err}
	}
}

func (s *questionScreen) planned(m *model, msg plannedMsg) tea.Cmd {
	if msg.gen != s.gen {
		return nil
	}
	s.cancel()
	if s.fault = msg.err; msg.err != nil {
		return s.open(m)
	}
	s.left, *m.deps.Draft = true, *msg.draft
	m.screens[plan] = &planScreen{steps: msg.steps}
	return m.appear(plan)
}

func (s *questionScreen) back(m *model) tea.Cmd {
	if s.busy != "" {
		s.cancel()
		return s.open(m)
	}
	if s.form != nil {
		s.form.store(m.deps.Draft)
	}
	s.fault = nil
	if s.at == 0 {
		return m.move(welcome)
	}
	s.pages = pages(m.deps.Draft, m.deps.Practice != nil)
	s.at = min(s.at, len(s.pages)) - 1
	return s.open(m)
}

// head is the reason for the page.
func (s *questionScreen) head(m *model) []string {
	return strings.Split(wrapped(s.pages[s.at].about(m), s.w), "\n")
}

// tail is what follows from what was typed: what is wrong with it, or how far regions are.
func (s *questionScreen) tail(m *model) []string {
	if s.fault != nil {
		return strings.Split(problem(m, m.words.Problem(s.fault), s.w), "\n")
	}
	if s.pages[s.at].screen == steps.RegionsScreen {
		return choice(m, s.ids(m))
	}
	return nil
}

func (s *questionScreen) render(m *model, w, _ int) string {
	if s.busy != "" {
		busy := []string{wrapped(s.busy, w), clock(m.now.Sub(s.since))}
		if m.practice.Phase == "failed" {
			busy = nil
		}
		return joined(s.head(m), busy)
	}
	var form []string
	if s.form != nil {
		form = []string{strings.TrimRight(s.form.huh.View(), "\n ")}
	}
	return joined(s.head(m), form, s.tail(m))
}

func (s *questionScreen) keys(m *model) []string {
	k := m.words.Screens.Keys
	return []string{k.Next, k.Back, k.Choose, k.Quit}
}
