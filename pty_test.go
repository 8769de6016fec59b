package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"farol/clients/sandbox/binaries/realfabric"
	"farol/state"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// terminal is a real pseudo-terminal with Farol in it. It shows what a person sees.
type terminal struct {
	t       *testing.T
	cmd     *exec.Cmd
	master  *os.File
	screen  vt10x.Terminal
	raw     bytes.Buffer
	mu      sync.Mutex
	changed chan struct{}
	ended   chan struct{}
}

// open starts a command on a terminal of 80x24. A deaf terminal never answers what programs ask it.
func open(t *testing.T, cmd *exec.Cmd, deaf bool) *terminal {
	t.Helper()
	cmd.Env = append(cmd.Environ(), "TERM=xterm-256color", "LANG=C.UTF-8", "NO_COLOR=")
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 80, Rows: 24})
	if err != nil {
		t.Fatal(err)
	}
	answers := io.Writer(master)
	if deaf {
		answers = io.Discard
	}
	term := &terminal{t: t, cmd: cmd, master: master, screen: vt10x.New(vt10x.WithSize(80, 24), vt10x.WithWriter(answers)),
		changed: make(chan struct{}, 1), ended: make(chan struct{})}
	go term.read()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-term.ended; master.Close() })
	return term
}

func (s *terminal) read() {
	defer close(s.ended)
	buf := make([]byte, 32<<10)
	for {
		n, err := s.master.Read(buf)
		s.mu.Lock()
		s.raw.Write(buf[:n])
		s.mu.Unlock()
		_, _ = s.screen.Write(buf[:n])
		select {
		case s.changed <- struct{}{}:
		default:
		}
		if err != nil { // the program has closed its side
			_ = s.cmd.Wait()
			return
		}
	}
}

func (s *terminal) written() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.String()
}

func (s *terminal) press(keys string) {
	if _, err := io.WriteString(s.master, keys); err != nil {
		s.t.Fatal(err)
	}
}

// see waits until the screen shows the words.
func (s *terminal) see(ctx context.Context, words string) {
	s.t.Helper()
	s.pressUntil(ctx, "", words)
}

// pressUntil presses a key again and again, as an impatient person would, until the screen shows the words.
func (s *terminal) pressUntil(ctx context.Context, key, words string) {
	s.t.Helper()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for !strings.Contains(s.screen.String(), words) {
		select {
		case <-s.changed:
		case <-again.C:
			s.press(key)
		case <-ctx.Done():
			s.t.Fatalf("the screen never shows %q:\n%s", words, s.screen.String())
		case <-s.ended:
			if !strings.Contains(s.written(), words) {
				s.t.Fatalf("the program ended before it showed %q:\n%s", words, s.screen.String())
			}
			return
		}
	}
}

func TestVersionAnswersAtOnceOnATerminalThatNeverAnswers(t *testing.T) {
	t.Parallel()
	farol := filepath.Join(t.TempDir(), "farol")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", farol, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var best time.Duration
	for range 5 {
		began := time.Now()
		term := open(t, exec.CommandContext(t.Context(), farol, "version"), true)
		<-term.ended
		if took := time.Since(began); best == 0 || took < best {
			best = took
		}
		if out := term.written(); strings.Contains(out, "\x1b") || !strings.HasPrefix(out, "farol ") {
			t.Errorf("it wrote %q: the terminal was asked something, which can stall every command for 5 s", out)
		}
	}
	t.Logf("farol version on a terminal that never answers: %v (best of 5)", best.Round(time.Millisecond))
}

func TestEnterAloneLeadsFromNothingToThePeersOnARealTerminal(t *testing.T) {
	t.Parallel()
	realfabric.Programs(t)
	dir := t.TempDir()
	t.Cleanup(func() { down(t, dir) })
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()

	first := open(t, command(t, "sandbox", "--dir", dir, "--slow", "2s"), false)
	first.see(ctx, "Welcome")
	first.pressUntil(ctx, "\r", "create certificate authority")
	first.pressUntil(ctx, "\r", "of 67 steps")
	first.see(ctx, "Gate") // something is done, something is under way
	_ = first.cmd.Process.Kill()
	<-first.ended

	second := open(t, command(t, "sandbox", "--dir", dir), false)
	second.see(ctx, "Welcome back")
	second.see(ctx, "Go on from here")
	second.pressUntil(ctx, "\r", "lives in 3 regions")
	second.see(ctx, "The proof holds: every check passed")
	second.pressUntil(ctx, "\r", "farol status --dir")
	<-second.ended
	if code := second.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit %d", code)
	}
	if out := second.written(); !strings.HasSuffix(strings.TrimSpace(out), "until farol sandbox down.") {
		t.Errorf("the summary does not stay on the normal screen: %q", out[max(0, len(out)-300):])
	}
	f, err := state.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range f.Steps {
		if c.Status != state.Done && !(c.Status == state.Waiting && strings.HasSuffix(c.ID, "/wallet")) {
			t.Errorf("%s is %s", c.ID, c.Status)
		}
	}
}
