package ui

import (
	"context"
	"fmt"
	"sync"
	"time"

	"farol/state"
	"farol/steps/engine"
	"farol/ui/line"

	tea "github.com/charmbracelet/bubbletea"
)

// running is the run of the procedure as the wizard sees it. The worker is outside of bubbletea: what it
// reports waits in the inbox, and the model reads it when a message says so.
type running struct {
	ctx    context.Context
	runner Runner
	stop   context.CancelFunc
	done   chan struct{} // closed when the worker has returned

	active  bool
	began   time.Time
	took    time.Duration // once it has ended
	err     error         // why it ended, unless nothing moves any more
	steps   []engine.Step
	now     map[string]state.Checkpoint
	busy    map[string]time.Time // steps under way, and when they began
	trouble map[string]*state.Failure
	log     *logbook
}

func newRunning(ctx context.Context) *running {
	return &running{ctx: ctx, stop: func() {}, log: &logbook{}}
}

// take gets a set-up in hand and shows where it stands.
func (r *running) take(m *model, runner Runner) {
	r.runner, r.steps = runner, runner.Steps()
	r.log = newLogbook(m)
	r.look()
	m.title = runner.Setup().Name
}

// look copies where every step stands: View reads the copy.
func (r *running) look() { r.now = r.runner.Checkpoints() }

// start runs until nothing moves any more. It does nothing while a run is under way.
func (r *running) start(m *model) tea.Cmd {
	if r.active || r.runner == nil {
		return nil
	}
	ctx, stop := context.WithCancel(r.ctx)
	r.stop, r.done, r.active, r.err = stop, make(chan struct{}), true, nil
	r.began, r.busy, r.trouble = m.deps.Now(), map[string]time.Time{}, map[string]*state.Failure{}
	in, done, runner := &inbox{bell: make(chan struct{}, 1)}, r.done, r.runner
	worker := func() tea.Msg {
		defer close(done)
		return runEndedMsg{err: guarded(ctx, runner, in), rest: in.take()}
	}
	return tea.Batch(worker, in.wait(done))
}

// guarded turns a panic of the worker into an error: the screen must be given back in any case.
func guarded(ctx context.Context, runner Runner, in *inbox) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return runner.Run(ctx, in)
}

// shutdown waits for the worker: no mutation is called back, and the lock is given back last.
func (r *running) shutdown(limit time.Duration) {
	r.stop()
	if r.done == nil {
		return
	}
	select {
	case <-r.done:
	case <-time.After(limit):
	}
}

// eventMsg brings what has happened since the last one.
type eventMsg struct {
	events []engine.Event
	more   tea.Cmd
}

// runEndedMsg says that nothing moves any more, or why the run ended.
type runEndedMsg struct {
	err  error
	rest []engine.Event
}

func (r *running) onEvent(m *model, msg eventMsg) tea.Cmd {
	for _, e := range msg.events {
		r.record(e)
	}
	r.look()
	return tea.Batch(msg.more, m.screens[m.at].update(m, msg))
}

func (r *running) record(e engine.Event) {
	switch e.Kind {
	case engine.StepStarted:
		r.busy[e.Step] = e.At
	case engine.StepWaiting:
		r.trouble[e.Step] = e.Failure
	case engine.StepEnded, engine.GateOpen:
		delete(r.trouble, e.Step)
		delete(r.busy, e.Step)
	}
	r.log.reporter.Report(e)
}

func (r *running) onEnd(m *model, msg runEndedMsg) tea.Cmd {
	for _, e := range msg.rest {
		r.record(e)
	}
	r.look()
	clear(r.busy)
	r.active, r.err, r.took = false, msg.err, m.deps.Now().Sub(r.began)
	if m.leaving {
		return tea.Quit
	}
	return m.screens[m.at].update(m, msg)
}

// standing is the status of a step. A step that nobody has begun is to do.
func (r *running) standing(s engine.Step) state.Status {
	if st := r.now[s.ID].Status; st != "" {
		return st
	}
	return state.Todo
}

// underWay tells whether the run is busy with a step right now, and since when.
func (r *running) underWay(s engine.Step) (time.Time, bool) {
	since, busy := r.busy[s.ID]
	return since, busy
}

// with lists the steps that stand at one of the statuses.
func (r *running) with(statuses ...state.Status) []engine.Step {
	var out []engine.Step
	for _, s := range r.steps {
		for _, st := range statuses {
			if _, busy := r.underWay(s); !busy && r.standing(s) == st {
				out = append(out, s)
			}
		}
	}
	return out
}

// finished counts the steps that are done or confirmed, of those that fit.
func (r *running) finished(fits func(engine.Step) bool) (done, all int) {
	for _, s := range r.steps {
		if !fits(s) {
			continue
		}
		all++
		if st := r.standing(s); st == state.Done || st == state.Confirmed {
			done++
		}
	}
	return done, all
}

// inbox takes events from the worker without ever making it wait.
type inbox struct {
	mu     sync.Mutex
	events []engine.Event
	bell   chan struct{}
}

// Report implements engine.Reporter.
func (b *inbox) Report(e engine.Event) {
	b.mu.Lock()
	b.events = append(b.events, e)
	b.mu.Unlock()
	select {
	case b.bell <- struct{}{}:
	default:
	}
}

func (b *inbox) take() []engine.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.events
	b.events = nil
	return out
}

// wait brings the next events. The worker brings the last ones itself.
func (b *inbox) wait(done <-chan struct{}) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-b.bell:
			return eventMsg{b.take(), b.wait(done)}
		case <-done:
			return nil
		}
	}
}

// logbook keeps the run as the lines that the plain mode prints.
type logbook struct {
	reporter engine.Reporter
	text     []byte
}

// logKept bounds the log on the screen; the whole one is in the set-up's folder.
const logKept = 64 << 10

func newLogbook(m *model) *logbook {
	l := &logbook{}
	l.reporter = line.Plain(l, m.words, line.Options{ASCII: m.deps.ASCII, Gate: m.run.runner.Gate})
	return l
}

// Write implements io.Writer.
func (l *logbook) Write(p []byte) (int, error) {
	l.text = append(l.text, p...)
	if len(l.text) > logKept {
		l.text = l.text[len(l.text)-logKept:]
	}
	return len(p), nil
}
