package relay

import (
	"context"
	"sync"
	"time"
)

// Mode is the state of a region's links to everywhere else. What stays inside a region is never touched,
// so that a cut region goes on like a real island.
type Mode string

const (
	// Normal forwards.
	Normal Mode = "normal"
	// Unreachable stops open connections and refuses new ones after a second, as a router does.
	Unreachable Mode = "unreachable"
	// BlackHole stops open connections, and takes new ones without ever answering, as a firewall that drops.
	BlackHole Mode = "black-hole"
	// Slow forwards late, as an overloaded line does.
	Slow Mode = "slow"
)

// SlowBy is how much longer a round trip to or from a slow region takes.
const SlowBy = time.Second

// Valid tells whether the mode is one of the four.
func (m Mode) Valid() bool { return m == Normal || m == Unreachable || m == BlackHole || m == Slow }

// wan holds the mode of every region and wakes those who wait for a link.
type wan struct {
	mu      sync.Mutex
	modes   map[string]Mode
	changed chan struct{} // closed and replaced with each change
}

func newWAN() *wan { return &wan{modes: map[string]Mode{}, changed: make(chan struct{})} }

func (w *wan) set(region string, m Mode) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.modes[region] = m
	close(w.changed)
	w.changed = make(chan struct{})
}

// between is the mode of the link from a to b, and a channel that closes when it may have changed.
func (w *wan) between(a, b string) (Mode, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a != b {
		for _, end := range []string{b, a} {
			if m := w.modes[end]; m == Unreachable || m == BlackHole {
				return m, w.changed
			}
		}
	}
	return Normal, w.changed
}

// extra is how much longer a round trip between two places takes than their distance.
func (w *wan) extra(a, b string) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a != b && (w.modes[a] == Slow || w.modes[b] == Slow) {
		return SlowBy
	}
	return 0
}

// await returns once the link carries traffic, or with the context's error.
func (w *wan) await(ctx context.Context, a, b string) error {
	for {
		m, changed := w.between(a, b)
		if m == Normal {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
