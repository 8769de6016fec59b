package sandbox

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"farol/clients/sandbox/binaries"
	"farol/clients/sandbox/process"
	"farol/clients/wire"
	"farol/state/fault"
)

var threeRegions = []string{"us-south", "us-east", "ca-tor"}

// real gives the options of a world with the real programs, or skips. They are built when the cache has none.
func real(t *testing.T, regions ...string) Options {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: no real Fabric")
	}
	cache, err := binaries.Cache()
	if err != nil {
		t.Fatal(err)
	}
	bin, err := binaries.Finder{Bin: os.Getenv("FAROL_FABRIC_BIN"), Cache: cache, Machine: binaries.ThisMachine()}.Find(t.Context())
	if err != nil {
		skip(t, err.Error())
	}
	o := Options{Dir: t.TempDir(), Regions: regions, Bin: bin, RTT: map[[2]string]time.Duration{}}
	for i, a := range regions {
		o.RTT[[2]string{Operator, a}] = 5 * time.Millisecond
		for _, b := range regions[:i] {
			o.RTT[[2]string{a, b}] = 10 * time.Millisecond
		}
	}
	return o
}

// up starts a world that the test's end takes down.
func up(t *testing.T, o Options) *World {
	t.Helper()
	w, err := Up(t.Context(), o, nil)
	t.Cleanup(func() {
		if err := Down(context.Background(), o.Dir); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		log, _ := os.ReadFile(folder(o.Dir).log("daemon"))
		t.Fatalf("%v\n%s", err, log)
	}
	return w
}

// console is a client that trusts the world's consoles and goes out through the operator's relay.
func console(t *testing.T, w *World) *http.Client {
	t.Helper()
	proxy, err := url.Parse(w.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	return consoleFrom(t, w, wire.Network{Proxy: proxy})
}

// consoleFrom is such a client somewhere in the world.
func consoleFrom(t *testing.T, w *World, n wire.Network) *http.Client {
	t.Helper()
	roots, err := os.ReadFile(w.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	c, err := n.HTTP(wire.Trust{RootsPEM: roots})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func status(t *testing.T, w *World) Status {
	t.Helper()
	s, err := w.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGoesFromNothingToReadyAndBackToNothing(t *testing.T) {
	t.Parallel()
	o := real(t, threeRegions...)
	var told []Progress
	began := time.Now()
	w, err := Up(t.Context(), o, func(p Progress) { told = append(told, p) })
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("ready after %s", time.Since(began))
	if last := told[len(told)-1]; last.Phase != Ready || len(told) != 1+orderers+1 || told[0].Item != "relay" || last.Elapsed == 0 {
		t.Errorf("told %v", told)
	}
	s := status(t, w)
	if alive(s.Processes, process.Orderer) != orderers || alive(s.Processes, process.Relay) != 1 || len(s.Regions) != 3 {
		t.Errorf("status %+v", s)
	}
	var papers []struct {
		URL     string `json:"api_url"`
		Cluster string `json:"cluster_name"`
	}
	b, err := os.ReadFile(w.OrderingFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &papers); err != nil || len(papers) != orderers || papers[0].Cluster != "Acme Ordering" {
		t.Errorf("ordering service %s %v", b, err)
	}
	for i, region := range threeRegions {
		if !strings.Contains(papers[i].URL, region) {
			t.Errorf("orderer %d is %s, not in %s", i+1, papers[i].URL, region)
		}
	}
	info, err := os.Stat(folder(o.Dir).world())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("world.json: %v %v", info, err)
	}
	if err := w.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, o.Dir)
	if err := w.Down(t.Context()); err != nil {
		t.Errorf("down again: %v", err)
	}
}

func TestASecondUpAttaches(t *testing.T) {
	t.Parallel()
	o := real(t, "us-south", "us-east")
	type result struct {
		w   *World
		err error
	}
	results := make(chan result, 3)
	for range 3 {
		go func() {
			w, err := Up(t.Context(), o, nil)
			results <- result{w, err}
		}()
	}
	t.Cleanup(func() { _ = Down(context.Background(), o.Dir) })
	keys := map[string]bool{}
	for range 3 {
		r := <-results
		if r.err != nil {
			t.Fatal(r.err)
		}
		keys[r.w.Regions[0].APIKey] = true
	}
	if len(keys) != 1 {
		t.Errorf("three callers got %d worlds", len(keys))
	}
	o.Regions = []string{"us-south", "ca-tor"}
	if _, err := Up(t.Context(), o, nil); !fault.Is(err, OtherOptions) {
		t.Errorf("other regions: %v", err)
	}
}

func TestCleansUpAfterADaemonThatWasKilled(t *testing.T) {
	t.Parallel()
	o := real(t, "us-south", "us-east")
	first := up(t, o)
	before := status(t, first)
	records, err := folder(o.Dir).run().Records()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(before.Processes, func(p Process) bool { return p.Kind == process.Daemon })
	if err := syscall.Kill(before.Processes[i].PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	within(t, 5*time.Second, func() bool { _, err := Open(o.Dir); return fault.Is(err, NotRunning) })
	second := up(t, o)
	if second.Regions[0].APIKey == first.Regions[0].APIKey {
		t.Error("the new world has the keys of the old one")
	}
	for _, r := range records {
		if r.Alive() {
			t.Errorf("%s of the killed world still runs", r.Name)
		}
	}
	if s := status(t, second); alive(s.Processes, process.Orderer) != orderers || len(s.Processes) != len(before.Processes) {
		t.Errorf("processes %+v", s.Processes)
	}
}

func TestDownCleansUpAfterADaemonThatWasKilled(t *testing.T) {
	t.Parallel()
	o := real(t, "us-south", "us-east")
	w := up(t, o)
	s := status(t, w)
	i := slices.IndexFunc(s.Processes, func(p Process) bool { return p.Kind == process.Daemon })
	if err := syscall.Kill(s.Processes[i].PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := Down(t.Context(), o.Dir); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, o.Dir)
}

func TestTwoWorldsLiveSideBySide(t *testing.T) {
	t.Parallel()
	a, b := up(t, real(t, "us-south", "us-east")), up(t, real(t, "us-south", "us-east"))
	addrs := map[string]bool{}
	for _, w := range []*World{a, b} {
		s := status(t, w)
		if alive(s.Processes, process.Orderer) != orderers {
			t.Errorf("orderers of %s: %+v", w.Dir, s.Processes)
		}
		for _, p := range s.Processes {
			if addrs[p.Addr] {
				t.Errorf("%s is used twice", p.Addr)
			}
			addrs[p.Addr] = true
		}
	}
	if err := a.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := status(t, b); alive(s.Processes, process.Orderer) != orderers {
		t.Error("the end of one world hurt the other")
	}
}

func TestEndsByItselfWhenNobodyWantsIt(t *testing.T) {
	t.Parallel()
	o := real(t, "us-south", "us-east")
	o.Idle = time.Second
	up(t, o)
	_, daemon, err := load(folder(o.Dir))
	if err != nil {
		t.Fatal(err)
	}
	if !process.Gone(t.Context(), daemon, 15*time.Second) {
		t.Fatal("it still runs")
	}
	nothingLeft(t, o.Dir)
}

func TestARegionStopsAndComesBack(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, threeRegions...))
	client := console(t, w)
	answers := func(region int) bool {
		resp, err := client.Get(w.Regions[region].ConsoleURL + "/ak/api/v3/components")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return true
	}
	if !answers(0) || !answers(1) {
		t.Fatal("the consoles do not answer")
	}
	if err := w.StopRegion(t.Context(), "us-south"); err != nil {
		t.Fatal(err)
	}
	s := status(t, w)
	if alive(s.Processes, process.Orderer) != orderers-1 || !s.Regions[0].Stopped || answers(0) || !answers(1) {
		t.Errorf("the stopped region is not gone, or others are: %+v", s)
	}
	if err := w.StartRegion(t.Context(), "us-south"); err != nil {
		t.Fatal(err)
	}
	if s := status(t, w); alive(s.Processes, process.Orderer) != orderers || s.Regions[0].Stopped || !answers(0) {
		t.Errorf("the region is not back: %+v", s)
	}
	if err := w.StopRegion(t.Context(), "mars"); !fault.Is(err, NoRegion) {
		t.Errorf("stop of a region that is not there: %v", err)
	}
}

func TestACutRegionIsRefused(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	if err := w.Unreachable(t.Context(), "us-east", true); err != nil {
		t.Fatal(err)
	}
	if s := status(t, w); s.Regions[1].Mode != "unreachable" || s.Regions[0].Mode != "normal" {
		t.Errorf("modes %+v", s.Regions)
	}
	if resp, err := console(t, w).Get(w.Regions[1].ConsoleURL); err == nil {
		resp.Body.Close()
		t.Error("the console of the cut region answered")
	}
	if err := w.Unreachable(t.Context(), "us-east", false); err != nil {
		t.Fatal(err)
	}
	resp, err := console(t, w).Get(w.Regions[1].ConsoleURL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}
