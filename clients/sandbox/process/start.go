package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Spec is a process to start.
type Spec struct {
	Name   string
	Region string
	Kind   Kind
	Addr   string   // loopback address it will serve on, for the record
	Exe    string   // path of the program
	Args   []string // without the program
	Env    []string // added to PATH and HOME; nothing else is inherited
	Dir    string   // working folder and HOME
	Log    string   // file that gets everything it prints
}

// Child is a process that this program has started.
type Child struct {
	Record
	folder Folder
	done   chan struct{}
	state  *os.ProcessState // set when done is closed
}

// Start runs a process in a session of its own, so that it survives the terminal and this program, with a clean
// environment: an inherited NO_PROXY would half-break the network. The record is saved before Start returns.
func Start(f Folder, s Spec) (*Child, error) {
	for _, dir := range []string{string(f), s.Dir, filepath.Dir(s.Log)} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("start %s: %w", s.Name, err)
		}
	}
	exe, err := filepath.EvalSymlinks(s.Exe)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", s.Name, err)
	}
	if exe, err = filepath.Abs(exe); err != nil {
		return nil, fmt.Errorf("start %s: %w", s.Name, err)
	}
	log, err := os.OpenFile(s.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", s.Name, err)
	}
	defer log.Close()
	cmd := exec.Command(exe, s.Args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.Dir, log, log
	cmd.Env = append([]string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + s.Dir}, s.Env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", s.Name, err)
	}
	c := &Child{folder: f, done: make(chan struct{}), Record: Record{
		Name: s.Name, Region: s.Region, Kind: s.Kind, Addr: s.Addr, Exe: exe, Args: s.Args, PID: cmd.Process.Pid,
	}}
	now, err := look(c.PID) // not waited for yet, so the pid is still its own
	c.Started = now.started
	if err == nil {
		err = f.Save(c.Record)
	}
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return nil, fmt.Errorf("start %s: %w", s.Name, err)
	}
	go func() {
		_ = cmd.Wait()
		c.state = cmd.ProcessState
		close(c.done)
	}()
	return c, nil
}

// Done closes when the process has ended.
func (c *Child) Done() <-chan struct{} { return c.done }

// Ready asks again and again until the answer is yes; it fails when the process or the context ends.
func (c *Child) Ready(ctx context.Context, ask func(context.Context) bool) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ask(ctx) {
			return nil
		}
		select {
		case <-tick.C:
		case <-c.done:
			return fmt.Errorf("%s ended before it was ready: %s", c.Name, c.state)
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", c.Name, ctx.Err())
		}
	}
}

// Self is the record of this very program.
func Self(name string, kind Kind, addr string) (Record, error) {
	now, err := look(os.Getpid())
	if err != nil {
		return Record{}, fmt.Errorf("own process: %w", err)
	}
	exe, err := os.Executable()
	if err != nil {
		return Record{}, fmt.Errorf("own program: %w", err)
	}
	if exe, err = filepath.EvalSymlinks(exe); err != nil {
		return Record{}, fmt.Errorf("own program: %w", err)
	}
	return Record{Name: name, Kind: kind, Addr: addr, Exe: exe, Args: os.Args[1:], PID: os.Getpid(), Started: now.started}, nil
}
