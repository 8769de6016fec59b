package engine

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"farol/state"
	"farol/state/fault"
)

var (
	codeRefused = fault.Define("test.refused")
	codeLost    = fault.Define("test.lost")
	codeFlaky   = fault.Define("test.flaky")
)

// memory is a store without a disk.
type memory struct {
	mu    sync.Mutex
	file  state.File
	fails error
	saves []state.File
}

func (m *memory) File() state.File {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.file
	f.Steps = slices.Clone(f.Steps)
	return f
}

func (m *memory) Update(change func(*state.File)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails != nil {
		return m.fails
	}
	change(&m.file)
	f := m.file
	f.Steps = slices.Clone(f.Steps)
	m.saves = append(m.saves, f)
	return nil
}

func (m *memory) status(id string) state.Status {
	for _, c := range m.File().Steps {
		if c.ID == id {
			return c.Status
		}
	}
	return ""
}

// thing is one object of a pretended far side.
type thing struct {
	mu      sync.Mutex
	there   int
	acts    int
	act     func(*thing) error // what a mutation does; nil: makes the thing
	observe func(*thing) (Observation, error)
}

func (t *thing) step(id string, needs ...string) Step {
	return Step{ID: id, Row: "1", Stage: "s", Kind: Change, Op: "make", Target: id, Needs: needs, Settle: 3 * time.Second,
		Observe: func(context.Context) (Observation, error) {
			t.mu.Lock()
			defer t.mu.Unlock()
			if t.observe != nil {
				return t.observe(t)
			}
			if t.there > 0 {
				return Observation{Finding: Present}, nil
			}
			return Observation{}, nil
		},
		Act: func(context.Context) error {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.acts++
			if t.act != nil {
				return t.act(t)
			}
			t.there++
			return nil
		}}
}

func run(t *testing.T, m *memory, g Graph) error {
	t.Helper()
	r, err := New(g, m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Go(t.Context(), nil)
}
