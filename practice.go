package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"farol/clients/sandbox"
	"farol/state"
	"farol/state/fault"
	"farol/steps"
	"farol/steps/engine"
	"farol/steps/region"
	"farol/ui"
	"farol/ui/text"
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
	if len(p.regions) == 0 {
		p.regions = []string{"us-south", "us-east", "ca-tor"}
	}
	o := sandbox.Options{Dir: dir, Regions: p.regions, Slow: p.slow, Bin: p.bin}
	for _, r := range p.regions {
		if _, ok := region.Find(r); !ok {
			return o, fault.New(steps.CodeUnknownRegion, "region", r)
		}
	}
	if n := len(p.regions); n < 2 || n > 5 {
		return o, fault.New(steps.CodeRegionsCount, "have", strconv.Itoa(n), "min", "2", "max", "5")
	}
	switch p.latency {
	case "on":
		o.RTT = roundTrips(p.regions)
	case "off":
	default:
		return o, fault.New(steps.CodeChoice, "value", p.latency, "options", "on, off")
	}
	return o, nil
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
	p.ready, p.since = make(chan struct{}), time.Now()
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
		close(p.ready)
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
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-p.ready:
	}
	if p.err != nil {
		return p.err
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

// all is farol sandbox: the wizard, or everything without a question.
func (p *practice) all(ctx context.Context) error {
	dir, err := p.folder()
	if err != nil {
		return err
	}
	p.given, p.app.dir = p.app.dir != "", dir
	o, err := p.options()
	if err != nil {
		return err
	}
	d := steps.NewDraft()
	steps.SetRegions(d, p.regions)
	d.Setup.Practice = true
	p.app.draft = d
	if p.app.interactive() {
		return p.app.practiceWizard(ctx, p, o)
	}
	return p.headless(ctx, o, d)
}

// next are the commands that fit a practice set-up, with the folder where they need it.
func (p *practice) next(left bool) []string {
	dir := " --dir " + quoted(p.app.dir)
	out := []string{"status" + dir}
	if !p.given {
		dir = ""
	}
	if left {
		out = append(out, "sandbox"+dir, "sandbox down"+dir)
	}
	return out
}

// quoted makes a path one word of a shell.
func quoted(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool {
		return !strings.ContainsRune("/._-+:@", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

// headless runs the whole practice without a question and stops the regions at the end.
func (p *practice) headless(ctx context.Context, o sandbox.Options, d *steps.Draft) error {
	began := time.Now()
	p.start(ctx, o, p.lines())
	if err := p.Wait(ctx, d); err != nil {
		return err
	}
	project, err := p.project(d)
	if err != nil {
		return err
	}
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	p.app.next = p.next(p.keep)
	err = p.app.drive(running, project, began, func(e engine.Event) {
		if e.Kind == engine.GateOpen && e.Op == "handoff.admitted" {
			go p.admit(running, project, e.Step, stop)
		}
	})
	if p.keep || ctx.Err() != nil {
		p.say(p.app.words.Commands.Left, nil)
		return err
	}
	if down := p.world.Down(context.WithoutCancel(ctx)); down != nil && err == nil {
		return down
	}
	p.say(p.app.words.Commands.Gone, nil)
	return err
}

// admit plays the ordering administrator. When that fails nobody else will, so the run stops.
func (p *practice) admit(ctx context.Context, project *steps.Project, gate string, stop context.CancelCauseFunc) {
	if err := p.world.Admit(ctx, project.Gate(gate).Files[0]); err != nil && ctx.Err() == nil {
		stop(err)
	}
	project.Nudge()
}

// project resumes the set-up on these very regions, or begins one. A set-up on earlier regions, which are
// gone, is moved aside.
func (p *practice) project(d *steps.Draft) (*steps.Project, error) {
	dir := p.app.folder()
	if state.Exists(dir) {
		if p.same(dir) {
			return p.app.resume()
		}
		if err := p.aside(dir); err != nil {
			return nil, err
		}
	}
	return p.app.begin(d)
}

// same tells whether the set-up in the folder was made on the regions that run now: API keys are never
// made twice.
func (p *practice) same(dir string) bool {
	f, err := state.Read(dir)
	if err != nil {
		return true // opening it will say what is wrong
	}
	for _, r := range p.world.Regions {
		have, ok := f.Setup.Region(r.ID)
		if !ok || have.Console.APIKey != r.APIKey {
			return false
		}
	}
	return len(f.Setup.Regions) == len(p.world.Regions)
}

func (p *practice) aside(dir string) error {
	moved, err := state.MoveAside(dir, p.app.options("farol sandbox"))
	if err == nil {
		p.say(p.app.words.Commands.Aside, map[string]string{"path": moved})
	}
	return err
}

func (p *practice) say(line string, facts map[string]string) {
	if p.app.output != "json" {
		fmt.Println(text.Fill(line, facts))
	}
}

// lines prints the progress of the regions, one line a change.
func (p *practice) lines() func(sandbox.Progress) {
	var last sandbox.Progress
	return func(pr sandbox.Progress) {
		if pr.Phase == last.Phase && pr.Item == last.Item {
			return
		}
		last = pr
		words := p.app.words.Commands
		facts := map[string]string{"item": pr.Item, "index": strconv.Itoa(pr.Index), "total": strconv.Itoa(pr.Total),
			"elapsed": pr.Elapsed.Round(time.Second).String()}
		switch pr.Phase {
		case sandbox.Building:
			p.say(words.Building, facts)
		case sandbox.Starting:
			p.say(words.Starting, facts)
		}
	}
}

func (p *practice) up(ctx context.Context) error {
	o, err := p.options()
	if err != nil {
		return err
	}
	p.start(ctx, o, p.lines())
	<-p.ready
	if p.err != nil {
		return p.err
	}
	p.say(p.app.words.Commands.Attached, map[string]string{"dir": o.Dir})
	return p.status(ctx)
}

func (p *practice) down(ctx context.Context) error {
	dir, err := p.worldFolder()
	if err != nil {
		return err
	}
	if err := sandbox.Down(ctx, dir); err != nil {
		return err
	}
	p.say(p.app.words.Commands.Gone, nil)
	return nil
}

func (p *practice) status(ctx context.Context) error {
	dir, err := p.worldFolder()
	if err != nil {
		return err
	}
	w, err := sandbox.Open(dir)
	if err != nil {
		return err
	}
	st, err := w.Status(ctx)
	if err != nil {
		return err
	}
	if p.app.output == "json" {
		return json.NewEncoder(os.Stdout).Encode(st)
	}
	for _, r := range w.Regions {
		n, memory := 0, int64(0)
		for _, c := range st.Processes {
			if c.Region == r.ID && c.Alive {
				n, memory = n+1, memory+c.RSS
			}
		}
		p.say(p.app.words.Commands.Regions, map[string]string{"region": r.ID, "url": r.ConsoleURL,
			"processes": strconv.Itoa(n), "memory": strconv.FormatInt(memory>>20, 10)})
	}
	return nil
}
