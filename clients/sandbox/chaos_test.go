package sandbox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"farol/clients/sandbox/process"
	"farol/state/fault"
)

// How long the sequences may take together, and how many there are.
const (
	chaosLimit = 4 * time.Minute
	sequences  = 20
)

// TestWhateverHappensToAWorldNothingIsLeftOfIt lives through random lives of a world: up, troubles, the sudden death
// of its daemon, perhaps in the middle of a trouble's beginning, up again, and down.
func TestWhateverHappensToAWorldNothingIsLeftOfIt(t *testing.T) {
	t.Parallel()
	o := real(t, threeRegions...)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	end := time.Now().Add(chaosLimit)
	done := 0
	for i := range sequences {
		if time.Now().After(end) {
			break
		}
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			o := o
			o.Dir, o.Regions = t.TempDir(), threeRegions[:2+r.IntN(2)]
			live(t, o, r)
		})
		done++
	}
	t.Logf("%d of %d sequences in %s", done, sequences, time.Since(end.Add(-chaosLimit)).Round(time.Second))
}

// live is one life of a world.
func live(t *testing.T, o Options, r *rand.Rand) {
	w := up(t, o)
	var story []string
	defer func() {
		if t.Failed() {
			t.Log(strings.Join(story, "; "))
		}
	}()
	if r.IntN(3) == 0 {
		newMember(t, w).peer(t, 0) // something that troubles can hurt
		story = append(story, "a peer")
	}
	for range 1 + r.IntN(3) {
		story = append(story, trouble(t, w, r))
	}
	_, daemon, err := load(folder(o.Dir))
	ok(t, err)
	last, midway := Faults()[r.IntN(len(Faults()))], make(chan struct{})
	go func() { // the daemon may die in the middle of it
		defer close(midway)
		_ = w.Fault(context.Background(), last, o.Regions[0])
	}()
	time.Sleep(time.Duration(r.IntN(200)) * time.Millisecond)
	ok(t, daemon.Signal(syscall.SIGKILL))
	<-midway
	story = append(story, "kill during "+string(last))
	if !process.Gone(t.Context(), daemon, 10*time.Second) {
		t.Fatal("the daemon outlives SIGKILL")
	}
	w, err = Up(t.Context(), o, nil)
	if err != nil {
		t.Fatalf("up after kill: %v", err)
	}
	whole(t, w)
	if r.IntN(2) == 0 {
		story = append(story, trouble(t, w, r))
	}
	ok(t, w.Down(t.Context()))
	nothingLeft(t, o.Dir)
	left, err := os.ReadDir(o.Dir)
	ok(t, err)
	for _, e := range left {
		if !slices.Contains([]string{"bin", "log", "daemon.lock"}, e.Name()) {
			t.Errorf("%s is left", e.Name())
		}
	}
	ok(t, os.RemoveAll(o.Dir))
}

// trouble brings a random one over a random region, or ends all, and tells which.
func trouble(t *testing.T, w *World, r *rand.Rand) string {
	region := w.Regions[r.IntN(len(w.Regions))].ID
	if r.IntN(5) == 0 {
		ok(t, w.EndFaults(t.Context(), region))
		return "end in " + region
	}
	f := Faults()[r.IntN(len(Faults()))]
	if err := w.Fault(t.Context(), f, region); err != nil && !fault.Is(err, NothingThere) {
		t.Errorf("%s in %s: %v", f, region, err)
	}
	return string(f) + " in " + region
}

// livesIn lists the processes that work in a folder or were started with its name. Ports and locks go with them.
func livesIn(dir string) (out []string) {
	procs, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range procs {
		args, _ := os.ReadFile(filepath.Join(p, "cmdline"))
		cwd, _ := os.Readlink(filepath.Join(p, "cwd"))
		if strings.Contains(string(args), dir) || cwd == dir || strings.HasPrefix(cwd, dir+"/") {
			out = append(out, fmt.Sprintf("%s in %s: %q", p, cwd, args))
		}
	}
	return out
}
