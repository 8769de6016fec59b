package sandbox

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"farol/clients/sandbox/process"
)

// deployer is what a console stands on: it starts authorities and peers in one region. A hosted console has a
// Kubernetes operator there.
type deployer struct {
	d      *daemon
	region string

	mu    sync.Mutex
	parts map[string]*part // by component id
}

// part is one component that was accepted.
type part struct {
	id     string
	kind   process.Kind
	name   string // in the world
	dir    folder
	failed error // why it does not run
}

// process is the component's name among the processes of the world. Two consoles may give the same id.
func (r *deployer) process(id string) string { return id + "." + r.region }

// accept makes room for a component: its folder, its name. It fails when the id is taken.
func (r *deployer) accept(id string, kind process.Kind) (*part, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.parts[id] != nil {
		return nil, fmt.Errorf("%s exists", id)
	}
	p := &part{id: id, kind: kind, name: nameOf(id, r.region), dir: folder(r.d.dir.node(r.process(id)))}
	r.parts[id] = p
	return p, os.MkdirAll(string(p.dir), 0o700)
}

// withdraw undoes accept.
func (r *deployer) withdraw(p *part) {
	r.mu.Lock()
	delete(r.parts, p.id)
	r.mu.Unlock()
	_ = os.RemoveAll(string(p.dir))
}

// begin starts a component's process in the background, as slowly as the options want: the console's answer does not
// wait for it.
func (r *deployer) begin(p *part, n node) {
	r.d.background(func(ctx context.Context) {
		select {
		case <-time.After(r.d.plan.Slow):
		case <-ctx.Done():
			return
		}
		r.mu.Lock()
		wanted := r.parts[p.id] == p
		r.mu.Unlock()
		if !wanted {
			return // deleted meanwhile
		}
		err := r.d.crew.start(ctx, n)
		r.mu.Lock()
		p.failed = err
		r.mu.Unlock()
		if err != nil && ctx.Err() == nil {
			r.d.log.Error("component", "id", p.id, "region", r.region, "error", err)
		}
	})
}

// part finds a component.
func (r *deployer) part(id string) (*part, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.parts[id]
	return p, p != nil
}

// remove ends a component and throws its data away.
func (r *deployer) remove(ctx context.Context, p *part) error {
	r.mu.Lock()
	delete(r.parts, p.id)
	r.mu.Unlock()
	if err := r.d.contracts.remove(ctx, r.process(p.id)); err != nil {
		return err
	}
	if err := r.d.crew.remove(ctx, r.process(p.id)); err != nil {
		return err
	}
	if err := r.d.network.forget(p.name); err != nil {
		return err
	}
	return os.RemoveAll(string(p.dir))
}
