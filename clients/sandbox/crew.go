package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"os"
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
	run process.Folder
	log *slog.Logger

	mu     sync.Mutex
	nodes  map[string]node // by name
	down   map[string]bool // regions that were stopped
	ended  bool            // nothing starts any more
	serial sync.Mutex      // one stop or start of a region at a time
}

// errEnded means that a node was to start while the world already went down.
var errEnded = errors.New("the world goes down")

func newCrew(run process.Folder, log *slog.Logger) *crew {
	return &crew{run: run, log: log, nodes: map[string]node{}, down: map[string]bool{}}
}

// start runs a node and returns once it serves. A node of a stopped region starts with its region.
func (c *crew) start(ctx context.Context, n node) error {
	c.mu.Lock()
	if c.ended {
		c.mu.Unlock()
		return errEnded
	}
	c.nodes[n.spec.Name] = n
	if c.down[n.spec.Region] {
		c.mu.Unlock()
		return nil
	}
	child, err := process.Start(c.run, n.spec)
	c.mu.Unlock()
	if err != nil {
		return err
	}
	return c.await(ctx, n, child)
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
	byKind := map[process.Kind][]node{}
	for _, n := range c.nodes {
		if n.spec.Region == region {
			byKind[n.spec.Kind] = append(byKind[n.spec.Kind], n)
		}
	}
	c.mu.Unlock()
	for _, kind := range []process.Kind{process.CA, process.Orderer, process.Contract, process.Peer} {
		if err := each(byKind[kind], func(n node) error { return c.start(ctx, n) }); err != nil {
			return err
		}
	}
	return nil
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
