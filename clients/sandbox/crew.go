package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"farol/clients/sandbox/process"
)

// startLimit is how long a node may take until it answers. Fabric's need a second on a quiet machine.
const startLimit = 90 * time.Second

// node is one process that is meant to run while its region does.
type node struct {
	spec  process.Spec
	ready func(context.Context) bool // whether it serves
}

// crew runs the nodes of the world, and knows which are to come back with their region.
type crew struct {
	run      process.Folder
	log      *slog.Logger
	troubles troubles

	mu     sync.Mutex
	nodes  map[string]node // by name
	down   map[string]bool // regions that were stopped
	ended  bool            // nothing starts any more
	serial sync.Mutex      // one stop or start of a region at a time
}

// troubles are what can come between a node and its life.
type troubles interface {
	held(process.Spec) bool            // it does not start
	doomed(process.Spec) bool          // it starts, and nobody waits until it serves
	born(*process.Child, process.Spec) // it has just started
}

// errEnded means that a node was to start while the world already went down.
var errEnded = errors.New("the world goes down")

func newCrew(run process.Folder, log *slog.Logger, t troubles) *crew {
	return &crew{run: run, log: log, troubles: t, nodes: map[string]node{}, down: map[string]bool{}}
}

// start runs a node and returns once it serves. A node of a stopped region starts with its region.
func (c *crew) start(ctx context.Context, n node) error {
	return c.launch(ctx, n, func() bool { c.nodes[n.spec.Name] = n; return true })
}

// again runs a node that is not running, unless it was removed meanwhile, and waits for one that runs already.
func (c *crew) again(ctx context.Context, n node) error {
	if c.runs(n.spec.Name) && !c.troubles.doomed(n.spec) {
		return c.serves(ctx, n)
	}
	return c.launch(ctx, n, func() bool { _, known := c.nodes[n.spec.Name]; return known && !c.runs(n.spec.Name) })
}

// launch runs a node, if it is wanted at that very moment.
func (c *crew) launch(ctx context.Context, n node, wanted func() bool) error {
	c.mu.Lock()
	if c.ended {
		c.mu.Unlock()
		return errEnded
	}
	if !wanted() || c.down[n.spec.Region] || c.troubles.held(n.spec) {
		c.mu.Unlock()
		return nil
	}
	child, err := process.Start(c.run, n.spec)
	if err == nil {
		c.troubles.born(child, n.spec)
	}
	c.mu.Unlock()
	if err != nil || c.troubles.doomed(n.spec) {
		return err
	}
	return c.await(ctx, n, child)
}

// runs tells whether a node is alive.
func (c *crew) runs(name string) bool {
	records, err := c.run.Records()
	return err == nil && slices.ContainsFunc(records, func(r process.Record) bool { return r.Name == name && r.Alive() })
}

func (c *crew) await(ctx context.Context, n node, child *process.Child) error {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	if err := child.Ready(ctx, n.ready); err != nil {
		return err
	}
	c.log.Info("serves", "process", n.spec.Name, "pid", child.PID, "after", time.Since(began).Round(time.Millisecond))
	return nil
}

// serves waits until a node that somebody else started serves, or is gone.
func (c *crew) serves(ctx context.Context, n node) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !n.ready(ctx) && c.runs(n.spec.Name) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", n.spec.Name, ctx.Err())
		}
	}
	return nil
}

// remove ends a node for good.
func (c *crew) remove(ctx context.Context, name string) error {
	c.mu.Lock()
	delete(c.nodes, name)
	c.mu.Unlock()
	return process.StopAll(ctx, c.run, func(r process.Record) bool { return r.Name == name })
}

// stopRegion ends the nodes of a region, which keep their data.
func (c *crew) stopRegion(ctx context.Context, region string) error {
	c.serial.Lock()
	defer c.serial.Unlock()
	c.mu.Lock()
	c.down[region] = true
	c.mu.Unlock()
	return process.StopAll(ctx, c.run, func(r process.Record) bool { return r.Region == region })
}

// startRegion starts the nodes of a region again, those that others dial first, and returns when they serve.
func (c *crew) startRegion(ctx context.Context, region string) error {
	c.serial.Lock()
	defer c.serial.Unlock()
	c.mu.Lock()
	delete(c.down, region)
	c.mu.Unlock()
	for _, kind := range []process.Kind{process.CA, process.Orderer, process.Contract, process.Peer} {
		if err := c.mendKind(ctx, region, kind); err != nil {
			return err
		}
	}
	return nil
}

// stop ends the nodes of one kind in a region; mend or the region's start brings them back.
func (c *crew) stop(ctx context.Context, region string, kind process.Kind) error {
	c.serial.Lock()
	defer c.serial.Unlock()
	return process.StopAll(ctx, c.run, func(r process.Record) bool { return r.Region == region && r.Kind == kind })
}

// mend starts the nodes of one kind in a region that do not run but should, and returns when they serve.
func (c *crew) mend(ctx context.Context, region string, kind process.Kind) error {
	c.serial.Lock()
	defer c.serial.Unlock()
	return c.mendKind(ctx, region, kind)
}

func (c *crew) mendKind(ctx context.Context, region string, kind process.Kind) error {
	var nodes []node
	c.mu.Lock()
	for _, n := range c.nodes {
		if n.spec.Region == region && n.spec.Kind == kind {
			nodes = append(nodes, n)
		}
	}
	c.mu.Unlock()
	return each(nodes, func(n node) error { return c.again(ctx, n) })
}

// isDown tells whether a region was stopped.
func (c *crew) isDown(region string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.down[region]
}

// end stops everything for good; a node that somebody is about to start does not start.
func (c *crew) end(ctx context.Context) error {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	return process.StopAll(ctx, c.run, func(r process.Record) bool { return r.PID != os.Getpid() })
}

// removeAll ends the nodes that wanted picks for good.
func (c *crew) removeAll(ctx context.Context, wanted func(node) bool) error {
	c.mu.Lock()
	var names []string
	for name, n := range c.nodes {
		if wanted(n) {
			names = append(names, name)
		}
	}
	c.mu.Unlock()
	return each(names, func(name string) error { return c.remove(ctx, name) })
}
