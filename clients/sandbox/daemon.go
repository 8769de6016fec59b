package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"farol/clients/sandbox/binaries"
	"farol/clients/sandbox/process"
	"farol/state/secret"
)

// errTaken means that another daemon runs this world.
var errTaken = errors.New("another process runs this world")

// daemon is the background process that keeps one practice world.
type daemon struct {
	dir   folder
	plan  plan
	log   *slog.Logger
	began time.Time
	token string
	end   context.CancelFunc // of the whole daemon

	background func(func(context.Context)) // runs on until the daemon ends

	ports     *ports
	network   *network
	crew      *crew
	ordering  *ordering
	regions   []*region
	contracts *contracts
	control   string // address of the control port
	faults    *faults
	requests  *requestLog

	mu      sync.Mutex
	touched time.Time // the last request
	started []string  // what serves already, in order
	ready   bool
}

// runDaemon keeps the world until somebody asks it down, nobody wants it any more, or the process is told to end.
func runDaemon(ctx context.Context, dir folder, p plan, log *slog.Logger) (err error) {
	lock := flock.New(dir.lock())
	if got, err := lock.TryLock(); err != nil || !got {
		return errors.Join(errTaken, err)
	}
	defer lock.Close()
	defer func() {
		if err != nil {
			err = errors.Join(err, saveFailure(dir, err))
		}
	}()
	if err := clean(ctx, dir); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d := &daemon{dir: dir, plan: p, log: log, began: time.Now(), token: secret.Random(32).Expose(), end: cancel,
		touched: time.Now()}
	d.faults = newFaults(d)
	d.crew = newCrew(dir.run(), log, d.faults)
	var running sync.WaitGroup
	d.background = func(work func(context.Context)) { running.Go(func() { work(ctx) }) }
	defer func() {
		cancel()
		running.Wait()
		err = errors.Join(err, d.takeDown())
	}()
	if err := d.bringUp(ctx); err != nil {
		return err
	}
	log.Info("ready", "after", time.Since(d.began).Round(time.Millisecond))
	d.background(d.contracts.watch)
	d.keep(ctx)
	return nil
}

// clean stops what a daemon that was killed left behind, and throws its world away.
func clean(ctx context.Context, dir folder) error {
	err := process.StopAll(ctx, dir.run(), func(r process.Record) bool { return r.PID != os.Getpid() })
	return errors.Join(err, dir.forget())
}

// bringUp starts everything that is there before the operator does anything.
func (d *daemon) bringUp(ctx context.Context) (err error) {
	cache, err := binaries.Cache()
	if err != nil {
		return err
	}
	if d.ports, err = claimPorts(cache); err != nil {
		return err
	}
	if d.requests, err = newRequestLog(d.dir.requests(), d.log); err != nil {
		return err
	}
	if err := d.openControl(ctx); err != nil {
		return err
	}
	self, err := process.Self("daemon", process.Daemon, d.control)
	if err != nil {
		return err
	}
	if err := errors.Join(os.MkdirAll(string(d.dir.run()), 0o700), d.dir.run().Save(self), d.publish()); err != nil {
		return err
	}
	if d.network, err = newNetwork(d.dir, d.plan, d.ports); err != nil {
		return err
	}
	d.network.bend = d.faults.bend
	if err := d.writeBuilder(); err != nil {
		return err
	}
	if d.ordering, err = newOrdering(d); err != nil {
		return err
	}
	if err := d.openRegions(); err != nil {
		return err
	}
	papers, err := d.ordering.export()
	if err != nil {
		return err
	}
	if err := errors.Join(replace(d.dir.ordering(), papers), d.launch(ctx, d.network.process(d.dir))); err != nil {
		return err
	}
	if err := d.ordering.start(ctx, d); err != nil {
		return err
	}
	d.mu.Lock()
	d.ready = true
	d.mu.Unlock()
	return d.publish()
}

// launch starts a node and notes that it serves.
func (d *daemon) launch(ctx context.Context, n node) error {
	if err := d.crew.start(ctx, n); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.started = append(d.started, n.spec.Name)
	return nil
}

// toStart is how many processes there are before the operator does anything: the relay and the orderers.
func (p plan) toStart() int { return 1 + len(p.Orderers.places(p.Regions)) }

// program is the path of one of Fabric's programs.
func (d *daemon) program(name string) string { return filepath.Join(d.plan.Bin, name) }

// touch notes that somebody wants the world.
func (d *daemon) touch() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.touched = time.Now()
}

// keep waits until the world is to end.
func (d *daemon) keep(ctx context.Context) {
	for {
		d.mu.Lock()
		left := d.plan.Idle - time.Since(d.touched)
		d.mu.Unlock()
		left = max(left, d.plan.Idle-d.network.quiet(ctx))
		if left <= 0 {
			d.log.Info("nobody wants this world any more", "idle", d.plan.Idle)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(left):
		}
	}
}

// takeDown ends every process and gives back what the world held.
func (d *daemon) takeDown() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, r := range d.regions {
		r.close()
	}
	err := d.crew.end(ctx)
	if d.ports != nil {
		d.ports.release()
	}
	if d.requests != nil {
		err = errors.Join(err, d.requests.file.Close())
	}
	for _, path := range []string{d.dir.world(), d.dir.relay()} {
		err = errors.Join(err, os.RemoveAll(path)) // they tell how to reach what is gone
	}
	return errors.Join(err, d.dir.run().Forget("daemon"))
}

// publish writes how to reach the world. It holds the keys of the practice consoles: 0600.
func (d *daemon) publish() error {
	d.mu.Lock()
	r := record{Control: d.control, Token: d.token, PID: os.Getpid(), Since: d.began, Ready: d.ready, Plan: d.plan, Channel: d.plan.Channel}
	d.mu.Unlock()
	if r.Ready {
		r.Proxy = d.network.proxy(Operator, Operator).String()
		for _, region := range d.regions {
			r.Regions = append(r.Regions, region.record())
		}
	}
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	if err := replace(d.dir.world(), b); err != nil {
		return fmt.Errorf("world file: %w", err)
	}
	return nil
}
