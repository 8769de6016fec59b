package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"farol/clients/sandbox/consoles"
	"farol/clients/sandbox/process"
)

// deployer is what a console stands on: it starts authorities and peers in one region. A hosted console has a
// Kubernetes operator there.
type deployer struct {
	d      *daemon
	region string
	client *http.Client // for the console's questions to nodes

	mu    sync.Mutex
	parts map[string]*part // by component id
}

func newDeployer(d *daemon, region string) *deployer {
	return &deployer{d: d, region: region, parts: map[string]*part{}, client: &http.Client{Transport: &http.Transport{
		Proxy:             http.ProxyURL(d.network.proxy(region, "console")),
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, // what real consoles do (console-api.md 8)
		DisableKeepAlives: true,
	}}}
}

// part is one component that was accepted.
type part struct {
	id   string
	kind string // as consoles call it
	name string // in the world
	dir  folder
	node consoles.Node

	locks lockable // of an authority
}

// The kinds of parts in the console's words, and what a hosted console's cluster calls them.
const (
	kindCA   = "fabric-ca"
	kindPeer = "fabric-peer"
)

var resources = map[string]string{kindCA: "ibpcas.ibp.com", kindPeer: "ibppeers.ibp.com"}

// process is the component's name among the processes of the world. Two consoles may give the same id.
func (r *deployer) process(id string) string { return id + "." + r.region }

// accept makes room for a component: its folder, its name. It refuses an id that is taken, also by the
// console itself or an orderer.
func (r *deployer) accept(id, kind string) (*part, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &part{id: id, kind: kind, name: nameOf(id, r.region), dir: folder(r.d.dir.node(r.process(id)))}
	if r.parts[id] != nil || r.d.network.knows(p.name) {
		return nil, &consoles.DeployError{Status: http.StatusConflict, Message: fmt.Sprintf("%s %q already exists", resources[kind], id)}
	}
	r.parts[id] = p
	return p, nil
}

// complete makes an accepted component show in the list.
func (r *deployer) complete(p *part, made consoles.Node) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p.node = made
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
		if !r.has(p) {
			return // deleted meanwhile
		}
		err := r.d.crew.start(ctx, n)
		if !r.has(p) {
			err = r.d.crew.remove(ctx, n.spec.Name) // deleted while it started
		}
		if err != nil && ctx.Err() == nil {
			r.d.log.Error("component", "id", p.id, "region", r.region, "error", err)
		}
	})
}

func (r *deployer) has(p *part) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.parts[p.id] == p
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

// Delete implements consoles.Deployer.
func (r *deployer) Delete(ctx context.Context, kind, id string) error {
	r.mu.Lock()
	p := r.parts[id]
	r.mu.Unlock()
	if p == nil || p.kind != kind {
		return &consoles.DeployError{Status: http.StatusNotFound, Message: fmt.Sprintf("%s %q not found", resources[kind], id)}
	}
	return r.remove(context.WithoutCancel(ctx), p)
}

// Act implements consoles.Actor: a node is restarted in the background, with the data that it has. Nothing else is
// done to practice nodes.
func (r *deployer) Act(_ context.Context, kind, id string, actions []string) error {
	if len(actions) != 1 || actions[0] != "restart" {
		return &consoles.DeployError{Status: http.StatusBadRequest, Message: "only restart is available here"}
	}
	r.mu.Lock()
	p := r.parts[id]
	r.mu.Unlock()
	if p == nil || p.kind != kind {
		return &consoles.DeployError{Status: http.StatusNotFound, Message: fmt.Sprintf("%s %q not found", resources[kind], id)}
	}
	r.d.background(func(ctx context.Context) {
		if err := r.restart(ctx, r.process(id)); err != nil && ctx.Err() == nil {
			r.d.log.Error("restart", "id", id, "region", r.region, "error", err)
		}
	})
	return nil
}

// restart ends a process and starts it again, but not while its region stops or starts.
func (r *deployer) restart(ctx context.Context, name string) error {
	c := r.d.crew
	c.serial.Lock()
	defer c.serial.Unlock()
	if err := process.StopAll(ctx, c.run, func(r process.Record) bool { return r.Name == name }); err != nil {
		return err
	}
	c.mu.Lock()
	n, known := c.nodes[name]
	c.mu.Unlock()
	if !known {
		return nil // it has not started yet, or was deleted meanwhile
	}
	return c.again(ctx, n)
}

// List implements consoles.Deployer.
func (r *deployer) List(context.Context) ([]consoles.Node, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []consoles.Node
	for _, id := range slices.Sorted(maps.Keys(r.parts)) {
		if made := r.parts[id].node; made.ID != "" {
			out = append(out, made)
		}
	}
	return out, nil
}

// Healthy implements consoles.Deployer.
func (r *deployer) Healthy(ctx context.Context, url string) error {
	_, err := r.Tell(ctx, url)
	return err
}

// maxTold bounds what a node may say of itself.
const maxTold = 1 << 20

// Tell implements consoles.Teller. The question goes through the region's relay, as everything does that leaves
// a console, and no certificate is verified, as consoles have it.
func (r *deployer) Tell(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, errors.New(resp.Status)
	}
	said, err := io.ReadAll(io.LimitReader(resp.Body, maxTold+1))
	if err == nil && len(said) > maxTold {
		err = fmt.Errorf("%s says more than %d bytes", url, maxTold)
	}
	return said, err
}
