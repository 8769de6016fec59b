package ui

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"farol/state"
	"farol/steps"
	"farol/ui/text"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

func TestMain(m *testing.M) {
	lipgloss.SetColorProfile(termenv.Ascii)
	time.Local = time.UTC
	os.Exit(m.Run())
}

// robot presses keys and looks at the screen, as a person would. Time stands still unless it waits.
type robot struct {
	t    *testing.T
	m    *model
	msgs chan tea.Msg
	gone bool // the program has ended
}

// with runs a test with a wizard on a screen of 80x24.
func with(t *testing.T, d Deps, test func(r *robot)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer time.Sleep(time.Minute) // lets clocks that nobody reads any more run out
		defer cancel()
		if d.Now == nil {
			d.Now = time.Now
		}
		r := &robot{t: t, m: newModel(ctx, d, &text.English), msgs: make(chan tea.Msg, 10000)}
		r.run(r.m.Init())
		r.resize(80, 24)
		test(r)
	})
}

func (r *robot) run(cmds ...tea.Cmd) {
	go func() {
		for _, c := range cmds {
			if c != nil {
				r.msgs <- c()
			}
		}
	}()
}

// settle handles messages until every command is done or waits.
func (r *robot) settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-r.msgs:
			r.handle(msg)
		default:
			return
		}
	}
}

func (r *robot) handle(msg tea.Msg) {
	if cmds, ok := several(msg); ok {
		if _, batch := msg.(tea.BatchMsg); !batch {
			r.run(cmds...)
			return
		}
		for _, c := range cmds {
			r.run(c)
		}
		return
	}
	switch msg.(type) {
	case nil:
	case tea.QuitMsg:
		r.gone = true
	default:
		_, cmd := r.m.Update(msg)
		r.run(cmd)
	}
}

func (r *robot) resize(w, h int) {
	r.handle(tea.WindowSizeMsg{Width: w, Height: h})
	r.settle()
}

// wait lets time pass, tick by tick.
func (r *robot) wait(d time.Duration) {
	for range d / (tickEvery / 2) {
		time.Sleep(tickEvery / 2)
		r.settle()
	}
}

var keys = map[string]tea.KeyMsg{
	"enter": {Type: tea.KeyEnter}, "esc": {Type: tea.KeyEsc}, "ctrl+c": {Type: tea.KeyCtrlC}, "down": {Type: tea.KeyDown},
	"up": {Type: tea.KeyUp}, "left": {Type: tea.KeyLeft}, "right": {Type: tea.KeyRight}, "backspace": {Type: tea.KeyBackspace},
	"space": {Type: tea.KeySpace, Runes: []rune(" ")},
}

// press presses keys, each when the screen has settled.
func (r *robot) press(names ...string) {
	r.t.Helper()
	for _, name := range names {
		k, ok := keys[name]
		if !ok {
			k = tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
		}
		r.handle(k)
		r.settle()
	}
}

// through presses Enter, as often as a patient person would, until the screen says something.
func (r *robot) through(words string) {
	r.t.Helper()
	for range 200 {
		if strings.Contains(r.screen(), words) {
			r.wait(2 * grace)
			return
		}
		r.press("enter")
		r.wait(500 * time.Millisecond)
	}
	r.t.Fatalf("Enter does not lead to %q:\n%s", words, r.screen())
}

// clear empties the field that has the focus.
func (r *robot) clear() {
	for range 40 {
		r.press("backspace")
	}
}

func (r *robot) screen() string { return r.m.View() }

// sees fails unless the screen shows all the words. Line breaks count as spaces.
func (r *robot) sees(words ...string) {
	r.t.Helper()
	screen := strings.Join(strings.Fields(r.screen()), " ")
	for _, w := range words {
		if !strings.Contains(screen, w) {
			r.t.Errorf("the screen does not show %q:\n%s", w, r.screen())
		}
	}
}

// draft is what a new set-up starts from, with an ordering service's file as another company sent it.
func draft() *steps.Draft {
	d := steps.NewDraft()
	d.Setup.Ordering.File, d.Setup.Contract.Package = "../steps/testdata/ordering-service.json", state.SamplePackage
	return d
}
