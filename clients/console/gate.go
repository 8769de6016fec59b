package console

import (
	"context"
	"sync"
	"time"

	"farol/clients/wire"
	"farol/state/fault"
)

// lockOut is how long a console refuses everybody from here after five wrong tries. Each try in that time begins
// it anew (console-api.md 0.9).
const lockOut = 2 * time.Minute

// gate keeps wrong credentials from being sent twice, because steps ask side by side. Until the console has taken
// the credentials, one call goes at a time; after a refusal none does.
type gate struct {
	turn chan struct{} // holds one token until the credentials are judged, then it is closed

	mu     sync.Mutex
	judged bool
	wrong  bool
	until  time.Time // of a lock-out
}

func newGate() *gate {
	g := &gate{turn: make(chan struct{}, 1)}
	g.turn <- struct{}{}
	return g
}

// enter returns when a call may take the credentials along. That call must leave again.
func (g *gate) enter(ctx context.Context, host string) error {
	select {
	case <-g.turn:
	case <-ctx.Done():
		return wire.Classify(ctx.Err(), host).Certain(fault.NotSent)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	wait := time.Until(g.until)
	if !g.wrong && wait <= 0 {
		return nil
	}
	g.next()
	if g.wrong {
		return fault.New(CodeUnauthorized, "host", host).Certain(fault.NotSent)
	}
	return fault.New(CodeLockedOut, "host", host, "wait", wait.Round(time.Second).String()).Certain(fault.NotSent)
}

// leave learns from what came of a call. A change may be refused for want of a role by a console that knows the
// key; a read may not, because every role may read.
func (g *gate) leave(read bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case err == nil:
		g.judge()
	case fault.Is(err, CodeUnauthorized) && (read || !g.judged):
		g.wrong = true
		g.judge()
	case fault.Is(err, CodeLockedOut):
		g.until = time.Now().Add(lockOut)
	}
	g.next()
}

// judge lets everybody in, to go on or to be told.
func (g *gate) judge() {
	if !g.judged {
		g.judged = true
		close(g.turn)
	}
}

// next lets the next call in.
func (g *gate) next() {
	if !g.judged {
		g.turn <- struct{}{}
	}
}
