package sandbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"farol/clients/sandbox/contract"
	"farol/clients/sandbox/process"
)

// contracts runs the sample contract beside each peer, for every package installed there that leaves its address
// open. A peer saves a package before it runs the builder, and the builder waits for the address.
type contracts struct {
	d *daemon

	mu    sync.Mutex
	peers map[string]*host // by process name
}

// host is a peer as its contracts know it.
type host struct {
	id, region string
	dir        folder
	seen       map[string]bool // packages that were looked at, by file
}

func newContracts(d *daemon) *contracts { return &contracts{d: d, peers: map[string]*host{}} }

func (h *host) addresses() contract.Addresses { return contract.Addresses(h.dir.in("contracts.json")) }

// add begins to watch a peer.
func (c *contracts) add(id, region string, dir folder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.peers[id] = &host{id: id, region: region, dir: dir, seen: map[string]bool{}}
}

// remove ends a peer's contracts.
func (c *contracts) remove(ctx context.Context, id string) error {
	c.mu.Lock()
	delete(c.peers, id)
	c.mu.Unlock()
	return c.d.crew.removeAll(ctx, func(n node) bool {
		return n.spec.Kind == process.Contract && strings.HasPrefix(n.spec.Name, id+contractSeparator)
	})
}

// contractSeparator stands between the peer and the package in a contract's process name. Ids have no dot.
const contractSeparator = "."

// watch looks for new packages until the context ends.
func (c *contracts) watch(ctx context.Context) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		c.mu.Lock()
		hosts := make([]*host, 0, len(c.peers))
		for _, h := range c.peers {
			hosts = append(hosts, h)
		}
		c.mu.Unlock()
		for _, h := range hosts {
			c.look(h)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look starts contracts for the packages that have come to a peer.
func (c *contracts) look(h *host) {
	files, _ := filepath.Glob(h.dir.in("data", "lifecycle", "chaincodes", "*.tar.gz"))
	for _, file := range files {
		if h.seen[file] {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			continue // the build failed and the peer took it away
		}
		p, err := contract.Read(b)
		if err == nil && strings.ReplaceAll(p.ID, ":", ".")+".tar.gz" != filepath.Base(file) {
			continue // not written to its end
		}
		h.seen[file] = true
		if err != nil || !p.Local {
			continue // nothing for the sandbox to run
		}
		c.d.background(func(ctx context.Context) {
			if err := c.run(ctx, h, p.ID); err != nil {
				c.d.log.Error("contract", "peer", h.id, "package", p.ID, "error", err)
			}
		})
	}
}

// run starts one contract and tells the builder where it listens.
func (c *contracts) run(ctx context.Context, h *host, packageID string) error {
	addr, err := c.d.ports.take()
	if err != nil {
		return err
	}
	label, hash, _ := strings.Cut(packageID, ":")
	name := h.id + contractSeparator + label + "-" + hash[:8]
	err = c.d.crew.start(ctx, node{
		spec: process.Spec{Name: name, Region: h.region, Kind: process.Contract, Addr: addr, Exe: c.d.dir.program(),
			Args: []string{Role, roleContract, packageID, addr}, Dir: h.dir.in("contract"), Log: c.d.dir.log(name)},
		ready: listens(addr),
	})
	if err != nil {
		return err
	}
	c.mu.Lock() // one writer of the file
	defer c.mu.Unlock()
	return h.addresses().Add(packageID, addr)
}

// writeBuilder makes the three programs that Fabric calls an external builder. They are this program again.
func (d *daemon) writeBuilder() error {
	quoted := "'" + strings.ReplaceAll(d.dir.program(), "'", `'\''`) + "'"
	for _, step := range contract.Steps {
		path := filepath.Join(d.dir.builder(), "bin", step)
		script := fmt.Sprintf("#!/bin/sh\nexec %s %s %s %s \"$@\"\n", quoted, Role, roleBuilder, step)
		if err := write(path, []byte(script)); err != nil {
			return err
		}
		if err := os.Chmod(path, 0o700); err != nil {
			return err
		}
	}
	return nil
}

// Runs tells whether practice peers can run the contract of a package: a service that leaves its address open. What
// runs is the sample, whatever the package says.
func Runs(pkg []byte) bool {
	p, err := contract.Read(pkg)
	return err == nil && p.Local
}
