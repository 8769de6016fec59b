package ui

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"farol/state"
	"farol/ui/text"

	tea "github.com/charmbracelet/bubbletea"
)

// Run shows the wizard until its person leaves it. A mutation under way is waited for, up to shutdownTime.
func Run(ctx context.Context, d Deps, c *text.Catalogue) (Outcome, error) {
	m := newModel(ctx, d, c)
	_, err := tea.NewProgram(m, tea.WithAltScreen(), tea.WithContext(ctx), tea.WithoutSignalHandler()).Run()
	m.run.shutdown(shutdownTime)
	out := m.outcome()
	if ctx.Err() != nil {
		err = ctx.Err() // bubbletea only says that it was killed
	}
	if m.run.runner != nil {
		err = errors.Join(err, m.run.runner.Close())
	}
	return out, err
}

// shutdownTime is how long calls under way are waited for once the screen is gone. What is cut off then
// looks like a crash: the next start observes it.
const shutdownTime = 3 * time.Second

// place is a screen.
type place int

const (
	welcome place = iota
	resume
	review
	questions
	plan
	board
	gate
	failure
	summary
)

// moves is the state machine: where each screen may lead. Back is a move like any other.
var moves = map[place][]place{
	welcome:   {questions},
	resume:    {review, board, welcome},
	review:    {resume},
	questions: {welcome, plan},
	plan:      {questions, board},
	board:     {gate, failure, summary},
	gate:      {board, summary},
	failure:   {board},
	summary:   {board, gate},
}

// screen is one place: a plain struct. It changes the model only in update and enter.
type screen interface {
	name(m *model) string
	enter(m *model) tea.Cmd
	update(m *model, msg tea.Msg) tea.Cmd
	render(m *model, w, h int) string
	keys(m *model) []string
	back(m *model) tea.Cmd // nil: there is no way back
}

// model is the root, and the only tea.Model.
type model struct {
	ctx   context.Context
	deps  Deps
	words *text.Catalogue

	width, height int
	now           time.Time // of the last tick
	at            place
	arrived       time.Time // when the screen appeared, for the grace period
	own           bool      // the screen appeared by itself
	screens       map[place]screen
	run           *running
	practice      PracticeProgress
	notice        string // one line about what has just happened
	noticed       time.Time
	title         string // of the set-up, for the header
	leaving       bool
}

func newModel(ctx context.Context, d Deps, c *text.Catalogue) *model {
	m := &model{ctx: ctx, deps: d, words: c, now: d.Now(), run: newRunning(ctx)}
	m.screens = map[place]screen{welcome: &welcomeScreen{}, resume: &resumeScreen{}, review: &reviewScreen{}, questions: &questionScreen{},
		plan: &planScreen{}, board: &boardScreen{}, gate: &gateScreen{}, failure: &failureScreen{}, summary: &summaryScreen{}}
	m.title = c.Screens.New
	m.notice, m.noticed = d.Notice, m.now.Add(5*noticeTime) // there is much to read on a first screen
	if d.Existing != nil {
		m.at = resume
		if d.Existing.File != nil {
			m.title = text.Inert(d.Existing.File.Setup.Name)
		}
	}
	return m
}

// Init implements tea.Model.
func (m *model) Init() tea.Cmd { return tea.Batch(m.screens[m.at].enter(m), tick()) }

// tickEvery is how often clocks and progress are looked at.
const tickEvery = 200 * time.Millisecond

type tickMsg time.Time

func tick() tea.Cmd { return tea.Tick(tickEvery, func(t time.Time) tea.Msg { return tickMsg(t) }) }

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		return m, m.screens[m.at].update(m, tea.WindowSizeMsg{Width: m.inner(), Height: m.body()})
	case tickMsg:
		return m, m.onTick(time.Time(msg))
	case eventMsg:
		return m, m.run.onEvent(m, msg)
	case runEndedMsg:
		return m, m.run.onEnd(m, msg)
	case tea.KeyMsg:
		return m, m.onKey(msg)
	}
	return m, m.screens[m.at].update(m, msg)
}

func (m *model) onTick(now time.Time) tea.Cmd {
	m.now = now
	if now.Sub(m.noticed) > noticeTime {
		m.notice = ""
	}
	if m.deps.Practice != nil {
		m.practice = m.deps.Practice.Progress()
	}
	return tea.Batch(tick(), m.screens[m.at].update(m, tickMsg(now)))
}

// noticeTime is how long a notice can be read.
const noticeTime = 6 * time.Second

// say shows a line about what has just happened.
func (m *model) say(template string, facts map[string]string) {
	m.notice, m.noticed = text.Fill(template, facts), m.now
}

// grace keeps keys that were typed for one screen from acting on the next one that appears by itself.
const grace = 425 * time.Millisecond

func (m *model) onKey(k tea.KeyMsg) tea.Cmd {
	switch k.String() {
	case "ctrl+c":
		return m.quit()
	case "esc", "alt+left":
		return m.screens[m.at].back(m)
	}
	if m.own && m.now.Sub(m.arrived) < grace {
		return nil
	}
	return m.screens[m.at].update(m, k)
}

// quit stops safely first, and at once the second time. Nothing is asked: nothing can be lost.
func (m *model) quit() tea.Cmd {
	if m.run.active && !m.leaving {
		m.leaving = true
		m.run.stop()
		return nil
	}
	return tea.Quit
}

// move goes to another screen, if the table allows it.
func (m *model) move(to place) tea.Cmd {
	if !slices.Contains(moves[m.at], to) {
		return nil
	}
	m.at, m.arrived, m.own = to, m.now, false
	size := tea.WindowSizeMsg{Width: m.inner(), Height: m.body()}
	return tea.Batch(m.screens[to].enter(m), m.screens[to].update(m, size))
}

// appear is a move that the person did not ask for just now.
func (m *model) appear(to place) tea.Cmd {
	cmd := m.move(to)
	m.own = true
	return cmd
}

func (m *model) outcome() Outcome {
	r := m.run
	if r.runner == nil {
		return Outcome{}
	}
	r.look()
	m.at = welcome // nobody can press a key any more
	out := Outcome{Transcript: summaryText(m, m.inner()) + "\n", Stopped: m.leaving, Err: r.err}
	for _, s := range r.steps {
		out.Steps = append(out.Steps, r.now[s.ID])
	}
	if len(r.with(state.Todo, state.Doing)) > 0 || len(r.troubled()) > 0 {
		out.Transcript += m.words.Screens.Stopped + "\n"
	}
	if m.deps.Practice != nil {
		out.Transcript += m.words.Screens.Summary.Practice + "\n"
	}
	return out
}

// aside does what may ask on the terminal, as for a passphrase: the screen makes room for it then.
func (m *model) aside(do func() tea.Msg) tea.Cmd {
	if !m.deps.Asks {
		return do
	}
	j := &job{do: do}
	return tea.Exec(j, func(error) tea.Msg { return j.msg })
}

// job is work on the normal screen.
type job struct {
	do  func() tea.Msg
	msg tea.Msg
}

// Run implements tea.ExecCommand.
func (j *job) Run() error {
	j.msg = j.do()
	return nil
}

// SetStdin implements tea.ExecCommand: the work talks to the terminal itself.
func (*job) SetStdin(io.Reader) {}

// SetStdout implements tea.ExecCommand.
func (*job) SetStdout(io.Writer) {}

// SetStderr implements tea.ExecCommand.
func (*job) SetStderr(io.Writer) {}
