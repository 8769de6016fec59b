package relay

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Flow is one connection that goes through the relay, as it is now.
type Flow struct {
	Who      string    `json:"who"`    // that dials
	From     string    `json:"from"`   // its place
	To       string    `json:"to"`     // name:port, as dialed
	Region   string    `json:"region"` // of To
	Since    time.Time `json:"since"`
	State    FlowState `json:"state"`
	Sent     int64     `json:"sent"`     // bytes that reached To
	Received int64     `json:"received"` // bytes that came back
}

// FlowState is what the link does to a connection.
type FlowState string

// The states of connections.
const (
	FlowOpen    FlowState = "open"
	FlowSlow    FlowState = "slow"
	FlowSilent  FlowState = "silent"  // nothing passes, and nobody is told
	FlowRefused FlowState = "refused" // is about to be refused, as by a router
)

// flows are the connections of now.
type flows struct {
	mu  sync.Mutex
	all map[*connection]struct{}
}

func (f *flows) add(c *connection) (remove func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all = map[*connection]struct{}{}
	}
	f.all[c] = struct{}{}
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.all, c)
	}
}

// traffic counts what was delivered over one connection.
type traffic struct{ sent, received atomic.Int64 }

// state says what the link does to a connection now.
func (c *connection) state() FlowState {
	switch mode, _ := c.relay.wan.between(c.from, c.to.Region); {
	case mode == Unreachable && !c.through.Load():
		return FlowRefused
	case mode != Normal:
		return FlowSilent
	case c.relay.wan.extra(c.from, c.to.Region) > 0:
		return FlowSlow
	}
	return FlowOpen
}

// table lists the connections in the order of places and names.
func (f *flows) table() []Flow {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make([]Flow, 0, len(f.all))
	for c := range f.all {
		out = append(out, Flow{Who: c.who, From: c.from, To: c.host, Region: c.to.Region, Since: c.since, State: c.state(),
			Sent: c.bytes.sent.Load(), Received: c.bytes.received.Load()})
	}
	slices.SortFunc(out, func(a, b Flow) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.Who, b.Who), strings.Compare(a.To, b.To), a.Since.Compare(b.Since))
	})
	return out
}

func (r *relay) showFlows(w http.ResponseWriter, _ *http.Request) {
	_ = json.NewEncoder(w).Encode(r.flows.table())
}

// Flows asks who is connected to whom.
func (c Client) Flows(ctx context.Context) (all []Flow, err error) {
	return all, c.call(ctx, http.MethodGet, "/flows", nil, &all)
}
