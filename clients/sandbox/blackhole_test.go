package sandbox

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"testing"
	"time"

	"farol/clients/ca"
	"farol/clients/fabric"
	"farol/clients/sandbox/relay"
	"farol/clients/wire"
)

// channel makes peers members of the world's channel, and gives the orderers in the order of the regions.
func (m *member) channel(t *testing.T, c *fabric.Client, peers ...fabric.Node) (orderers []fabric.Node) {
	t.Helper()
	var papers []struct {
		URL  string `json:"api_url"`
		Root []byte `json:"tls_ca_root_cert"`
	}
	b, err := os.ReadFile(m.w.OrderingFile)
	ok(t, err)
	ok(t, json.Unmarshal(b, &papers))
	for _, p := range papers {
		u, err := url.Parse(p.URL)
		ok(t, err)
		orderers = append(orderers, fabric.Node{Addr: u.Host, RootsPEM: p.Root})
	}
	ok(t, m.w.Admit(t.Context(), m.handOff(t)))
	genesis, err := c.Genesis(t.Context(), orderers, m.w.Channel)
	ok(t, err)
	for _, p := range peers {
		ok(t, c.Join(t.Context(), p, genesis))
	}
	return orderers
}

// anchor makes a block: it names a peer that others dial.
func (m *member) anchor(ctx context.Context, c *fabric.Client, orderers []fabric.Node, id, region string) error {
	config, err := c.Config(ctx, orderers, m.w.Channel)
	if err != nil {
		return err
	}
	return c.UpdateConfig(ctx, orderers, m.w.Channel, config, fabric.AddAnchor(mspID, nameOf(id, region), peerPort))
}

// from is the network as a node of a region has it.
func from(t *testing.T, w *World, region string) wire.Network {
	t.Helper()
	b, err := os.ReadFile(folder(w.Dir).relay())
	ok(t, err)
	var conf relay.Config
	ok(t, json.Unmarshal(b, &conf))
	return wire.Network{Proxy: &url.URL{Scheme: "http", User: url.User("test"), Host: conf.Listen[region]}}
}

// flowKey tells connections apart.
type flowKey struct {
	who, to string
	since   time.Time
}

func flows(t *testing.T, w *World) map[flowKey]Connection {
	t.Helper()
	all, err := w.Connections(t.Context())
	ok(t, err)
	out := map[flowKey]Connection{}
	for _, c := range all {
		out[flowKey{c.Who, c.To, c.Since}] = c
	}
	return out
}

// silence is how long nothing may pass, and how long a client waits in vain.
const silence = 3 * time.Second

// TestABlackHoleSilencesExactlyItsRegionInBothDirections asks the relay what went over every connection, and asks
// every kind of node from the outside and from the inside.
func TestABlackHoleSilencesExactlyItsRegionInBothDirections(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, threeRegions...))
	m := newMember(t, w)
	peers := []fabric.Node{m.peer(t, 0), m.peer(t, 1), m.peer(t, 2)}
	c := m.admin(t)
	orderers := m.channel(t, c, peers...)
	ok(t, m.anchor(t.Context(), c, orderers, "peer1", threeRegions[0]))
	height := func(p fabric.Node) uint64 {
		chain, err := c.Chain(t.Context(), p, w.Channel)
		if err != nil {
			return 0
		}
		return chain.Height
	}
	known := func(p Purpose, crossing bool) (n int) {
		for _, f := range flows(t, w) {
			if f.Purpose == p && (f.From == threeRegions[0] || f.Region == threeRegions[0]) == crossing {
				n++
			}
		}
		return n
	}
	within(t, 30*time.Second, func() bool {
		return height(peers[0]) == 3 && height(peers[1]) == 3 && height(peers[2]) == 3 &&
			known(Raft, true) > 0 && known(Raft, false) > 0 && known(Gossip, true) > 0 && known(Gossip, false) > 0
	})

	dark := threeRegions[0]
	ok(t, w.Fault(t.Context(), BlackHole, dark))
	time.Sleep(50 * time.Millisecond) // what the relay had begun to write is written
	before := flows(t, w)
	began := time.Now()
	asked := map[string]error{}
	ask := func(name string, n wire.Network, region int) {
		ctx, cancel := context.WithTimeout(t.Context(), silence)
		defer cancel()
		asked[name+" REST"] = restFrom(ctx, t, w, n, region)
		signer := fabric.New(n, m.signer)
		defer signer.Close()
		ctx, cancel = context.WithTimeout(t.Context(), silence)
		defer cancel()
		_, err := signer.Channels(ctx, peers[region])
		asked[name+" gateway"] = err
		if region == 0 {
			h, err := n.HTTP(wire.Trust{RootsPEM: m.caCert})
			ok(t, err)
			defer h.CloseIdleConnections()
			ctx, cancel = context.WithTimeout(t.Context(), silence)
			defer cancel()
			_, err = ca.New(m.caURL.String(), "ca", h).Info(ctx)
			asked[name+" CA"] = err
		}
	}
	ask("outside in:", m.network, 0)
	ask("inside out:", from(t, w, dark), 1)
	silentCalls := len(asked)
	for name, err := range asked {
		if err == nil {
			t.Errorf("%s was answered", name)
		}
	}
	clear(asked)
	ask("inside:", from(t, w, dark), 0)
	ask("elsewhere:", m.network, 1)
	ask("between others:", from(t, w, threeRegions[2]), 1)
	for name, err := range asked {
		if err != nil {
			t.Errorf("%s was not answered: %v", name, err)
		}
	}
	if silentCalls != 5 || len(asked) != 7 {
		t.Errorf("%d and %d questions were asked", silentCalls, len(asked))
	}
	for time.Since(began) < silence { // it took at least four times as long, unless a call was answered
		time.Sleep(10 * time.Millisecond)
	}
	moved := map[Purpose]int{}
	for key, f := range flows(t, w) {
		crossing := (f.From == dark) != (f.Region == dark)
		sent, received := f.Sent-before[key].Sent, f.Received-before[key].Received
		if crossing && (sent > 0 || received > 0 || f.State != relay.FlowSilent) {
			t.Errorf("%s of %s -> %s carried %d and %d bytes into and out of the black hole", f.Who, f.From, f.To, sent, received)
		}
		if !crossing && sent+received > 0 {
			moved[f.Purpose]++
		}
	}
	if moved[Raft] == 0 || moved[Gossip] == 0 || moved[Gateway] == 0 || moved[Console] == 0 {
		t.Errorf("among the others only %v moved", moved)
	}

	// The others go on: a block is ordered and delivered, and the dark peer does not get it before it is back.
	within(t, time.Minute, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		return m.anchor(ctx, c, orderers[1:], "peer2", threeRegions[1]) == nil
	})
	within(t, 30*time.Second, func() bool { return height(peers[1]) == 4 && height(peers[2]) == 4 })
	island := fabric.New(from(t, w, dark), m.signer)
	defer island.Close()
	if chain, err := island.Chain(t.Context(), peers[0], w.Channel); err != nil || chain.Height != 3 {
		t.Errorf("the dark peer is at %d, %v: want 3", chain.Height, err)
	}
	ok(t, w.Back(t.Context(), ""))
	within(t, time.Minute, func() bool { return height(peers[0]) == 4 })
	whole(t, w)
}

// restFrom asks a console from somewhere.
func restFrom(ctx context.Context, t *testing.T, w *World, n wire.Network, region int) error {
	t.Helper()
	client := consoleFrom(t, w, n)
	if end, limited := ctx.Deadline(); limited {
		client.Timeout = time.Until(end)
	}
	return askBy(t, client, w.Regions[region], "GET", "/components", nil).err
}
