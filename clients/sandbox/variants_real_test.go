package sandbox

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"farol/clients/sandbox/process"
)

// tenRegions are as many as a thin world may have.
var tenRegions = []string{"us-south", "us-east", "ca-tor", "eu-de", "eu-gb", "jp-tok", "br-sao", "au-syd", "eu-es", "in-che"}

func TestTenThinRegionsHaveConsolesAndNoNodesUntilOneIsMade(t *testing.T) {
	t.Parallel()
	o := real(t, tenRegions...)
	o.Thin = true
	w := up(t, o)
	began := map[string]int{}
	for _, p := range status(t, w).Processes {
		began[p.Region]++
	}
	for i, id := range tenRegions {
		want := 0
		if i < 3 {
			want = 1 // its ordering node
		}
		if began[id] != want {
			t.Errorf("%s begins with %d nodes, want %d", id, began[id], want)
		}
		rest(t, w, i, "GET", "/components", nil, http.StatusOK)
	}
	m := newMember(t, w)
	last := m.peer(t, 9)
	m.channel(t, m.admin(t), last) // an ordering node of another region gives it the blocks
	if n := alive(status(t, w).Processes, process.Peer); n != 1 {
		t.Errorf("%d peers run, want 1", n)
	}
	ok(t, w.StopRegion(t.Context(), tenRegions[9]))
	if n := alive(status(t, w).Processes, process.Peer); n != 0 {
		t.Errorf("%d peers run after their region was stopped", n)
	}
}

func TestTheOrderingServiceStandsWhereTheLayoutSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		layout Layout
		want   map[string]int
		alone  bool // whether the channel lives on without the home region
	}{
		{ThreeAtHome, map[string]int{"us-south": 3, "us-east": 1, "ca-tor": 1}, false},
		{OneInAll, map[string]int{"us-south": 1}, false},
		{EachOne, map[string]int{"us-south": 1, "us-east": 1, "ca-tor": 1}, true},
	} {
		t.Run(string(c.layout), func(t *testing.T) {
			t.Parallel()
			o := real(t, threeRegions...)
			o.Orderers, o.Channel = c.layout, "freight"
			w := up(t, o)
			if w.Channel != "freight" {
				t.Errorf("the channel is %s", w.Channel)
			}
			have := map[string]int{}
			for _, p := range status(t, w).Processes {
				if p.Kind == process.Orderer && p.Alive {
					have[p.Region]++
				}
			}
			for _, id := range threeRegions {
				if have[id] != c.want[id] {
					t.Errorf("%d ordering nodes in %s, want %d", have[id], id, c.want[id])
				}
			}
			m := newMember(t, w)
			client := m.admin(t)
			orderers := m.channel(t, client)
			if papers := len(c.layout.places(threeRegions)); len(orderers) != papers {
				t.Errorf("the papers name %d ordering nodes, want %d", len(orderers), papers)
			}
			ok(t, w.StopRegion(t.Context(), threeRegions[0]))
			change := func() error {
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				return m.anchor(ctx, client, orderers, "peer1", threeRegions[1])
			}
			ordered := func() bool { // a change that was accepted without a majority may be ordered later
				config, err := client.Config(t.Context(), orderers, w.Channel)
				if err != nil {
					return false
				}
				own, _ := config.Organization(mspID)
				return len(own.Anchors) == 1 || change() == nil
			}
			if c.alone {
				within(t, 30*time.Second, ordered)
				return
			}
			within(t, 30*time.Second, func() bool { return change() != nil })
			ok(t, w.StartRegion(t.Context(), threeRegions[0]))
			within(t, 30*time.Second, ordered)
		})
	}
}

func TestOnlyTheHomeRegionsConsoleMakesNodesWhenTheOthersCanOnlyImport(t *testing.T) {
	t.Parallel()
	o := real(t, "us-south", "us-east")
	o.Consoles = ImportOnly
	w := up(t, o)
	m := newMember(t, w) // at home
	for i, want := range []bool{false, true} {
		resp, err := console(t, w).Get(w.Regions[i].ConsoleURL + "/ak/api/v3/settings")
		ok(t, err)
		var told struct{ IMPORT_ONLY bool }
		err = json.NewDecoder(resp.Body).Decode(&told)
		resp.Body.Close()
		if err != nil || told.IMPORT_ONLY != want {
			t.Errorf("%s says import only %v (%v), want %v", w.Regions[i].ID, told.IMPORT_ONLY, err, want)
		}
	}
	rest(t, w, 1, "POST", "/kubernetes/components/fabric-peer", object{}, http.StatusServiceUnavailable)
	rest(t, w, 1, "POST", "/components/fabric-ca", object{"id": "org1ca", "display_name": "Org1 CA", "api_url": m.caURL.String(),
		"msp": object{"ca": object{"name": "ca"}, "tlsca": object{"name": "tlsca"}, "component": object{"tls_cert": b64(m.caCert)}}}, http.StatusOK)
}
