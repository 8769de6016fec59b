// Package sandbox is the practice world: regions on this machine, each with a console that speaks the
// real contract and starts real Fabric processes, an ordering service of another company, and a wide-area network
// between them. It lives in a background process of its own and outlasts the program that started it.
package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"farol/clients/sandbox/process"
	"farol/clients/sandbox/relay"
	"farol/state/fault"
	"farol/state/secret"
)

// The faults of the practice world itself; those of its programs are in package binaries.
var (
	NotRunning   = fault.Define("sandbox.not-running")   // dir
	OtherOptions = fault.Define("sandbox.other-options") // dir, regions (that run), wanted
	BadRegions   = fault.Define("sandbox.regions")       // regions: not ids that differ and are fit for names
	NoRegion     = fault.Define("sandbox.no-region")     // region: the world has none of that name
	Failed       = fault.Define("sandbox.failed")        // log: file that tells why the background process ended
	BadPack      = fault.Define("sandbox.pack")          // problem: zip | msp | certificates
	NotAnswering = fault.Define("sandbox.not-answering") // dir: the background process is there but does not answer
)

// Region is one practice region as the operator is told of it.
type Region struct {
	ID         string
	ConsoleURL string
	APIKey     string
	APISecret  secret.Secret
}

// World is a practice world that runs.
type World struct {
	Dir          string
	Regions      []Region // the first is home
	CAFile       string   // PEM that vouches for the consoles
	Proxy        string   // how the operator reaches any name: a CONNECT proxy
	OrderingFile string   // the ordering service as its console exports it
	Channel      string   // that the ordering service has
	Since        time.Time

	control client
}

// record is the content of world.json.
type record struct {
	Control string         `json:"control"`
	Token   string         `json:"token"`
	PID     int            `json:"pid"`
	Since   time.Time      `json:"since"`
	Ready   bool           `json:"ready"`
	Plan    plan           `json:"plan"`
	Regions []regionRecord `json:"regions,omitempty"`
	Proxy   string         `json:"proxy,omitempty"`
	Channel string         `json:"channel"`
}

type regionRecord struct {
	ID         string `json:"id"`
	ConsoleURL string `json:"console_url"`
	APIKey     string `json:"api_key"`
	APISecret  string `json:"api_secret"`
}

// Open attaches to the world in a folder.
func Open(dir string) (*World, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r, _, err := load(folder(dir))
	if err != nil {
		return nil, err
	}
	if !r.Ready {
		return nil, fault.New(NotRunning, "dir", dir).Certain(fault.NotSent).Later()
	}
	return r.world(folder(dir)), nil
}

// load reads world.json, and fails unless the process that wrote it still runs.
func load(dir folder) (record, process.Record, error) {
	notRunning := fault.New(NotRunning, "dir", string(dir)).Certain(fault.NotSent)
	b, err := os.ReadFile(dir.world())
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, process.Record{}, notRunning
	}
	if err != nil {
		return record{}, process.Record{}, fmt.Errorf("world file: %w", err)
	}
	var r record
	if err := json.Unmarshal(b, &r); err != nil {
		return record{}, process.Record{}, fmt.Errorf("world file: %w", err)
	}
	processes, err := dir.run().Records()
	if err != nil {
		return record{}, process.Record{}, err
	}
	for _, p := range processes {
		if p.Kind == process.Daemon && p.PID == r.PID && p.Alive() {
			return r, p, nil
		}
	}
	return record{}, process.Record{}, notRunning
}

func (r record) world(dir folder) *World {
	w := &World{Dir: string(dir), CAFile: dir.consoleCA(), Proxy: r.Proxy, OrderingFile: dir.ordering(), Channel: r.Channel,
		Since: r.Since, control: client{addr: r.Control, token: secret.FromString(r.Token), dir: string(dir)}}
	for _, x := range r.Regions {
		w.Regions = append(w.Regions, Region{ID: x.ID, ConsoleURL: x.ConsoleURL, APIKey: x.APIKey, APISecret: secret.FromString(x.APISecret)})
	}
	return w
}

// Status tells how the world is.
func (w *World) Status(ctx context.Context) (s Status, err error) {
	return s, w.control.call(ctx, "GET", "/status", nil, &s)
}

// Admit plays the ordering service's administrator: it reads a hand-off pack and adds the organization to the
// channel, in one update.
func (w *World) Admit(ctx context.Context, pack string) error {
	b, err := os.ReadFile(pack)
	if err != nil {
		return fault.New(BadPack, "problem", "zip").Certain(fault.NotSent).Because(err)
	}
	return w.control.call(ctx, "POST", "/admit", admitRequest{Pack: b}, nil)
}

// StopRegion ends the processes of a region and its console. Its data stays.
func (w *World) StopRegion(ctx context.Context, region string) error {
	return w.control.call(ctx, "POST", "/stop-region", regionRequest{Region: region}, nil)
}

// StartRegion starts a stopped region with its data, and returns when everything in it serves.
func (w *World) StartRegion(ctx context.Context, region string) error {
	return w.control.call(ctx, "POST", "/start-region", regionRequest{Region: region}, nil)
}

// Unreachable cuts a region off so that new connections are refused after a second, or joins it again.
func (w *World) Unreachable(ctx context.Context, region string, on bool) error {
	return w.mode(ctx, region, relay.Unreachable, on)
}

// BlackHole cuts a region off so that nothing ever answers, or joins it again.
func (w *World) BlackHole(ctx context.Context, region string, on bool) error {
	return w.mode(ctx, region, relay.BlackHole, on)
}

func (w *World) mode(ctx context.Context, region string, m relay.Mode, on bool) error {
	if !on {
		m = relay.Normal
	}
	return w.control.call(ctx, "POST", "/mode", regionRequest{Region: region, Mode: m}, nil)
}

// RenewedCAFile vouches for a console whose certificate was renewed meanwhile.
func (w *World) RenewedCAFile() string { return folder(w.Dir).renewedCA() }

// Down ends the world: no process, port or lock stays. The folder keeps the logs.
func (w *World) Down(ctx context.Context) error { return Down(ctx, w.Dir) }
