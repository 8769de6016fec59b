package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"farol/clients/sandbox"
	"farol/clients/sandbox/binaries/realfabric"
	"farol/clients/sandbox/process"
)

// The practice regions are to be ready within ten seconds, and to take less than 450 MiB when nothing is made in them
// yet. How long it takes is printed only, for a busy machine is no mistake; memory does not depend on who else is
// there. It is no parallel test: it is to be alone on the machine.
const (
	soon  = 10 * time.Second
	small = 450 << 20
)

func TestThreePracticeRegionsAreReadySoonAndSmall(t *testing.T) {
	realfabric.Programs(t)
	dir := t.TempDir()
	t.Cleanup(func() { down(t, dir) })
	began := time.Now()
	code, out := farol(t, "sandbox", "up", "--dir", dir)
	took := time.Since(began)
	says(t, code, out, 0, "practice regions are up")
	w, err := sandbox.Open(filepath.Join(dir, "regions"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("ready after %.1f s, wanted within %s", took.Seconds(), soon)
	all := memory(t, w, "after up")
	if all > small {
		t.Errorf("%d MiB after up, want at most %d", all>>20, small>>20)
	}

	began = time.Now()
	code, out = farol(t, "sandbox", "--yes", "--keep", "--dir", dir)
	says(t, code, out, 0, "The proof holds")
	t.Logf("the whole set-up took %.1f s", time.Since(began).Seconds())
	memory(t, w, "with a CA, three peers and their contracts")
}

// memory prints how much of it each kind of process takes, and gives the sum.
func memory(t *testing.T, w *sandbox.World, when string) (sum int64) {
	t.Helper()
	s, err := w.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	count, bytes := map[process.Kind]int{}, map[process.Kind]int64{}
	for _, p := range s.Processes {
		if !p.Alive || p.RSS == 0 {
			t.Errorf("%s: alive %v, %d bytes", p.Name, p.Alive, p.RSS)
		}
		count[p.Kind]++
		bytes[p.Kind] += p.RSS
		sum += p.RSS
	}
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%d %s %d", count[kind], kind, bytes[kind]>>20))
	}
	t.Logf("%d MiB resident %s: %s", sum>>20, when, strings.Join(parts, ", "))
	return sum
}
