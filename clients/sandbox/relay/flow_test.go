package relay

import (
	"testing"
	"time"
)

// flow gives the one flow from a place, or fails.
func (x *lab) flow(t *testing.T, from string) Flow {
	t.Helper()
	all, err := x.control.Flows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.From == from {
			return f
		}
	}
	t.Fatalf("nobody of %s is in the table %+v", from, all)
	return Flow{}
}

func TestTellsWhoIsConnectedToWhomAndWhatWentThrough(t *testing.T) {
	t.Parallel()
	x := start(t)
	_, _, c := x.connect(t, east, "echo:1")
	ping(t, c)
	within(t, func() bool { return x.flow(t, east).Received == 1 })
	f := x.flow(t, east)
	if f.Who != "peer2" || f.To != "echo:1" || f.Region != west || f.Sent != 1 || f.State != FlowOpen || time.Since(f.Since) > time.Minute {
		t.Errorf("the table shows %+v", f)
	}
	c.Close()
	within(t, func() bool { all, err := x.control.Flows(t.Context()); return err == nil && len(all) == 0 })
}

func TestTheTableShowsWhatACutLinkDoesToAConnection(t *testing.T) {
	t.Parallel()
	x := start(t)
	_, _, before := x.connect(t, east, "echo:1")
	ping(t, before)
	if err := x.control.SetMode(t.Context(), west, BlackHole); err != nil {
		t.Fatal(err)
	}
	silent(t, before)
	if f := x.flow(t, east); f.State != FlowSilent || f.Sent != 1 || f.Received != 1 {
		t.Errorf("bytes pass a black hole: %+v", f)
	}
	_, _, swallowed := x.connect(t, Operator, "echo:1")
	silent(t, swallowed)
	if f := x.flow(t, Operator); f.State != FlowSilent || f.Sent != 0 {
		t.Errorf("a connection into a black hole is %+v", f)
	}
	_, _, inside := x.connect(t, west, "echo:1")
	ping(t, inside)
	if f := x.flow(t, west); f.State != FlowOpen {
		t.Errorf("the region is silent to itself: %+v", f)
	}
}

func TestASlowRegionAnswersLateAlsoOnOpenConnectionsAndIsQuickAgain(t *testing.T) {
	t.Parallel()
	x := start(t, Link{east, west, 10 * time.Millisecond})
	_, _, c := x.connect(t, east, "echo:1")
	ping(t, c)
	if err := x.control.SetMode(t.Context(), west, Slow); err != nil {
		t.Fatal(err)
	}
	if took := ping(t, c); took < SlowBy || took > 2*SlowBy {
		t.Errorf("a round trip to a slow region took %s, want about %s more than 10 ms", took, SlowBy)
	}
	if f := x.flow(t, east); f.State != FlowSlow {
		t.Errorf("the table shows %+v", f)
	}
	if _, handshake, _ := x.connect(t, Operator, "echo:1"); handshake < SlowBy {
		t.Errorf("a new connection took only %s", handshake)
	}
	if _, _, inside := x.connect(t, west, "echo:1"); ping(t, inside) > SlowBy/2 {
		t.Error("the region is slow to itself")
	}
	if err := x.control.SetMode(t.Context(), west, Normal); err != nil {
		t.Fatal(err)
	}
	if took := ping(t, c); took > SlowBy/2 {
		t.Errorf("a round trip took %s after the region came back", took)
	}
}
