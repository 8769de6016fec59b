package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"farol/clients/sandbox"
	"farol/state"
	"farol/state/fault"
	"farol/steps"
	"farol/steps/region"
	"farol/ui"
)

// practice runs the procedure on regions of this machine. It is also what the wizard sees of them.
type practice struct {
	app     *app
	regions []string
	latency string
	slow    time.Duration
	bin     string
	keep    bool
	given   bool // a person named the folder

	like      string // the answers file of the operator's own set-up
	orderers  string
	consoles  string
	thin      bool
	rehearsal *steps.Draft // what the answers file says; nil: none was named
	standIn   string       // what to tell of the contract that stands in for the operator's

	mu    sync.Mutex
	seen  sandbox.Progress
	since time.Time
	world *sandbox.World
	err   error
	ready chan struct{} // closed when the world is up or has failed
}

// folder is where practice set-ups live: --dir, or the user's state directory.
func (p *practice) folder() (string, error) {
	if p.app.dir != "" {
		return filepath.Abs(p.app.dir)
	}
	base := os.Getenv("XDG_STATE_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		base = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(base, "farol", "sandbox"), nil
}

// worldFolder keeps the regions apart from the set-up that is made on them.
func (p *practice) worldFolder() (string, error) {
	dir, err := p.folder()
	return filepath.Join(dir, "regions"), err
}

func (p *practice) options() (sandbox.Options, error) {
	dir, err := p.worldFolder()
	if err != nil {
		return sandbox.Options{}, err
	}
	if err := state.Probe(dir); err != nil {
		return sandbox.Options{}, err
	}
	if err := p.rehearse(); err != nil {
		return sandbox.Options{}, err
	}
	if len(p.regions) == 0 {
		p.regions = p.earlier(dir)
		p.thin = p.thin || len(p.regions) > sandbox.MaxRegions
	}
	o := sandbox.Options{Dir: dir, Regions: p.regions, Slow: p.slow, Bin: p.bin}
	for _, r := range p.regions {
		if _, ok := region.Find(r); !ok {
			return o, fault.New(steps.CodeUnknownRegion, "region", r)
		}
	}
	if err := p.variants(&o); err != nil {
		return o, err
	}
	if err := o.Check(); err != nil {
		return o, err
	}
	if err := errors.Join(p.app.oneOf("--latency", p.latency, "on", "off"), p.app.oneOf("--output", p.app.output, "", "json")); err != nil {
		return o, err
	}
	if p.slow < 0 {
		return o, p.app.oneOf("--slow", p.slow.String(), "30s")
	}
	if p.latency == "on" {
		o.RTT = roundTrips(p.regions)
	}
	return o, nil
}

// earlier are the regions to go on with when nobody names any: those that run, or the usual three.
func (p *practice) earlier(dir string) []string {
	w, err := sandbox.Open(dir)
	if err != nil {
		return []string{"us-south", "us-east", "ca-tor"}
	}
	var out []string
	for _, r := range w.Regions {
		out = append(out, r.ID)
	}
	return out
}

// renew stops the regions and starts fresh ones, because a new set-up on the old ones would find its names taken.
func (p *practice) renew(ctx context.Context, o sandbox.Options) error {
	<-p.ready
	if err := sandbox.Down(ctx, o.Dir); err != nil {
		return err
	}
	p.mu.Lock()
	p.world, p.err, p.seen = nil, nil, sandbox.Progress{}
	p.mu.Unlock()
	p.start(ctx, o, func(sandbox.Progress) {})
	return nil
}

// roundTrips takes the published table. The operator sits near the home region (fabric-wan.md 2).
func roundTrips(regions []string) map[[2]string]time.Duration {
	out := map[[2]string]time.Duration{}
	for i, a := range regions {
		out[[2]string{a, a}] = time.Millisecond
		for _, b := range regions[:i] {
			out[[2]string{a, b}], _ = region.RTT(a, b)
		}
		near := 12 * time.Millisecond
		if i > 0 {
			far, _ := region.RTT(regions[0], a)
			near += far * 4 / 5
		}
		out[[2]string{sandbox.Operator, a}] = near
	}
	return out
}

// start brings the regions up in the background; Progress and Wait tell how far they are.
func (p *practice) start(ctx context.Context, o sandbox.Options, also func(sandbox.Progress)) {
	ready := make(chan struct{})
	p.mu.Lock()
	p.ready, p.since = ready, time.Now()
	p.mu.Unlock()
	go func() {
		w, err := sandbox.Up(ctx, o, func(pr sandbox.Progress) {
			p.mu.Lock()
			if pr.Phase != p.seen.Phase {
				p.since = time.Now()
			}
			p.seen = pr
			p.mu.Unlock()
			also(pr)
		})
		p.mu.Lock()
		p.world, p.err = w, err
		p.mu.Unlock()
		close(ready)
	}()
}

// Progress implements ui.Practice.
func (p *practice) Progress() ui.PracticeProgress {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := ui.PracticeProgress{Phase: string(p.seen.Phase), Item: p.seen.Item, Index: p.seen.Index, Total: p.seen.Total, Since: time.Since(p.since)}
	switch {
	case p.err != nil:
		out.Phase, out.Err = "failed", p.err
	case p.world != nil:
		out.Phase = "ready"
	}
	return out
}

// Wait implements ui.Practice.
func (p *practice) Wait(ctx context.Context, d *steps.Draft) error {
	p.mu.Lock()
	ready := p.ready
	p.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-ready:
	}
	p.mu.Lock()
	err := cmp.Or(ctx.Err(), p.err)
	p.mu.Unlock()
	if err != nil {
		return err
	}
	p.fill(d)
	return nil
}

// fill answers what the practice regions know: addresses, keys, files.
func (p *practice) fill(d *steps.Draft) {
	w := p.world
	d.Setup.Practice, d.Setup.Proxy, d.Setup.Channel.Name = true, w.Proxy, w.Channel
	d.Setup.Ordering.File = w.OrderingFile
	d.Sources["ordering.file"], d.Sources["channel.name"] = steps.FromDetected, steps.FromDetected
	for _, r := range w.Regions {
		for i := range d.Setup.Regions {
			if d.Setup.Regions[i].ID != r.ID {
				continue
			}
			d.Setup.Regions[i].Console = state.Console{URL: r.ConsoleURL, APIKey: r.APIKey, CAFile: w.CAFile}
			d.Secrets[steps.ConsoleSecret(r.ID)] = r.APISecret
			for _, q := range []string{"url", "api_key", "api_secret", "ca_file"} {
				d.Sources["consoles."+q+"@"+r.ID] = steps.FromDetected
			}
		}
	}
	steps.Derive(d)
}

// PlayAdministrator implements ui.Practice.
func (p *practice) PlayAdministrator(ctx context.Context, pack string) error {
	return p.world.Admit(ctx, pack)
}
