package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"farol/clients/sandbox/binaries"
	"farol/state/fault"
)

// Up starts the practice world of a folder, or attaches to the one that runs there, and returns when it is ready.
// It builds Fabric's programs first when the cache has none. A cancelled context ends the waiting and a build, but
// not a world that has begun to start. What a killed world left is stopped and thrown away.
func Up(ctx context.Context, o Options, tell func(Progress)) (*World, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	l := launch{dir: folder(dir), options: o, began: time.Now(), tell: tell}
	w, err := l.run(ctx)
	return w, failed(l.dir, err)
}

// launch is one call of Up.
type launch struct {
	dir     folder
	options Options
	began   time.Time
	tell    func(Progress)
	child   <-chan error // ends when the daemon that this program started does; nil: none
}

// run starts and waits, until there is a world or a reason why not.
func (l *launch) run(ctx context.Context) (*World, error) {
	if err := l.options.Check(); err != nil {
		return nil, err
	}
	for {
		if err := l.begin(ctx); err != nil {
			return nil, err
		}
		r, err := l.await(ctx)
		if errors.Is(err, errTaken) {
			continue // another program was faster: look at what it started
		}
		if err != nil {
			return nil, err
		}
		l.say(Ready, "", r.Plan.toStart(), r.Plan.toStart())
		return r.world(l.dir), nil
	}
}

func (l *launch) say(phase, item string, index, total int) {
	if l.tell != nil {
		l.tell(Progress{phase, item, index, total, time.Since(l.began)})
	}
}

// begin starts the daemon, unless one runs already.
func (l *launch) begin(ctx context.Context) error {
	l.child = nil
	if r, _, err := load(l.dir); err == nil {
		return l.options.fits(string(l.dir), r.Plan)
	} else if !fault.Is(err, NotRunning) {
		return err
	}
	bin, err := l.programs(ctx)
	if err != nil {
		return err
	}
	self := l.options.Executable
	if self == "" {
		if self, err = os.Executable(); err != nil {
			return fmt.Errorf("own program: %w", err)
		}
	}
	if err := copyProgram(self, l.dir.program()); err != nil {
		return err
	}
	return l.spawn(l.options.plan(bin))
}

// programs finds or builds Fabric's.
func (l *launch) programs(ctx context.Context) (string, error) {
	cache, err := binaries.Cache()
	if err != nil {
		return "", err
	}
	return binaries.Finder{Bin: l.options.Bin, Cache: cache, Machine: binaries.ThisMachine(),
		Building: func(program string, i, of int) { l.say(Building, program, i, of) }}.Find(ctx)
}

// spawn starts the daemon in a session of its own, so that neither this program's end nor a closed terminal takes
// it along.
func (l *launch) spawn(p plan) error {
	arg, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if err := write(l.dir.log("daemon"), nil); err != nil {
		return err
	}
	log, err := os.OpenFile(l.dir.log("daemon"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(l.dir.program(), Role, roleDaemon, string(l.dir), string(arg))
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = string(l.dir), log, log, inherited(os.Environ())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the daemon: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	l.child = ended
	return nil
}

// inherited is what the daemon gets of an environment: where things are, and Farol's and Go's own settings. A proxy
// of the user's would catch the practice world's connections.
func inherited(environment []string) []string {
	var out []string
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		if name == "PATH" || name == "HOME" || name == "XDG_CACHE_HOME" || name == "TMPDIR" ||
			strings.HasPrefix(name, "FAROL_") || strings.HasPrefix(name, "GO") {
			out = append(out, entry)
		}
	}
	return out
}

// await returns when the world is ready, telling what has started meanwhile.
func (l *launch) await(ctx context.Context) (record, error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	told := 0
	for {
		r, _, err := load(l.dir)
		if err == nil {
			if s, err := r.world(l.dir).Status(ctx); err == nil {
				toStart := r.Plan.toStart()
				for ; told < min(len(s.Started), toStart); told++ {
					l.say(Starting, s.Started[told], told+1, toStart)
				}
			}
			if r.Ready {
				return r, nil
			}
		} else if !fault.Is(err, NotRunning) {
			return r, err
		} else if l.child == nil {
			return r, errTaken // the daemon of another program is gone again
		}
		select {
		case <-ctx.Done():
			return r, ctx.Err()
		case err := <-l.child:
			var exit *exec.ExitError
			if errors.As(err, &exit) && exit.ExitCode() == exitTaken {
				return r, l.followOther(ctx)
			}
			return r, readFailure(l.dir)
		case <-tick.C:
		}
	}
}

// followOther waits until the daemon that holds the folder can be found, or is gone.
func (l *launch) followOther(ctx context.Context) error {
	for {
		if _, _, err := load(l.dir); err == nil {
			return errTaken
		}
		if free(ctx, l.dir, 20*time.Millisecond) {
			return errTaken
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}
