package sandbox

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"farol/clients/fabric"
	"farol/clients/sandbox/process"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestThePracticeWorldTransactsAlsoWithoutOneRegion takes an organization from nothing to a transaction, by the calls
// that a person's browser and command line would make, and then takes a region away.
func TestThePracticeWorldTransactsAlsoWithoutOneRegion(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, threeRegions...))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	m := newMember(t, w)
	peers := []fabric.Node{m.peer(t, 0), m.peer(t, 1)}
	m.register(t, "boss", "admin")
	cert, key := m.enroll(t, "boss")
	signer, err := fabric.NewSigner(mspID, cert, key)
	ok(t, err)
	c := fabric.New(m.network, signer)
	defer c.Close()

	var orderers []fabric.Node
	var papers []struct {
		URL  string `json:"api_url"`
		Root []byte `json:"tls_ca_root_cert"`
	}
	b, err := os.ReadFile(w.OrderingFile)
	ok(t, err)
	ok(t, json.Unmarshal(b, &papers))
	for _, p := range papers {
		u, err := url.Parse(p.URL)
		ok(t, err)
		orderers = append(orderers, fabric.Node{Addr: u.Host, RootsPEM: p.Root})
	}
	if _, err := c.Config(ctx, orderers, w.Channel); err == nil {
		t.Fatal("a stranger reads the channel")
	}
	file := m.handOff(t)
	ok(t, w.Admit(ctx, file))
	ok(t, w.Admit(ctx, file)) // once more changes nothing
	config, err := c.Config(ctx, orderers, w.Channel)
	ok(t, err)
	if config.Sequence != 1 {
		t.Errorf("the config is at %d, want 1: one update, once", config.Sequence)
	}

	// Without an anchor peer the peers do not find each other, and the second waits ten seconds for the approval's
	// private data before it commits that block.
	ok(t, c.UpdateConfig(ctx, orderers, w.Channel, config, fabric.AddAnchor(mspID, nameOf("peer1", threeRegions[0]), peerPort)))

	genesis, err := c.Genesis(ctx, orderers, w.Channel)
	ok(t, err)
	sample, id, err := fabric.PackageSample("kv_1")
	ok(t, err)
	other, _, err := fabric.PackageSample("kv_2") // two packages on one peer, each with a contract of its own
	ok(t, err)
	for _, p := range peers {
		ok(t, c.Join(ctx, p, genesis))
		_, err := c.Install(ctx, p, sample)
		ok(t, err)
	}
	_, err = c.Install(ctx, peers[0], other)
	ok(t, err)
	if n := alive(status(t, w).Processes, process.Contract); n != 3 {
		t.Errorf("%d contracts run, want 3", n)
	}
	definition := fabric.Definition{Name: "kv", Version: "1", Sequence: 1, PackageID: id}
	within(t, 30*time.Second, func() bool { return c.Approve(ctx, peers[0], w.Channel, definition) == nil })
	within(t, 30*time.Second, func() bool { return c.Commit(ctx, peers[0], w.Channel, definition) == nil })
	within(t, 30*time.Second, func() bool {
		_, err := c.Submit(ctx, peers[0], w.Channel, "kv", "put", "ship", "home")
		return err == nil
	})
	reads := func(p fabric.Node, key, want string) func() bool {
		return func() bool {
			e, err := c.Endorse(ctx, p, w.Channel, "kv", "get", key)
			return err == nil && string(e.Payload) == want
		}
	}
	within(t, 30*time.Second, reads(peers[1], "ship", "home"))

	ok(t, w.StopRegion(ctx, threeRegions[0]))
	within(t, time.Minute, func() bool {
		_, err := c.Submit(ctx, peers[1], w.Channel, "kv", "put", "ship", "away")
		return err == nil
	})
	ok(t, w.StartRegion(ctx, threeRegions[0]))
	within(t, 30*time.Second, reads(peers[0], "ship", "away"))
	if n := alive(status(t, w).Processes, process.Contract); n != 3 {
		t.Errorf("%d contracts run after the region came back, want 3", n)
	}

	rest(t, w, 1, "DELETE", "/kubernetes/components/peer2", nil, http.StatusOK)
	if n := alive(status(t, w).Processes, process.Peer); n != 1 {
		t.Errorf("%d peers run after one was deleted, want 1", n)
	}
	if reads(peers[1], "ship", "away")() {
		t.Error("the deleted peer answers")
	}
}

func TestAPeerIsRefusedAtOnceAndStartsSlowly(t *testing.T) {
	t.Parallel()
	o := real(t, "us-south", "us-east")
	o.Slow = 1500 * time.Millisecond
	w := up(t, o)
	m := newMember(t, w)
	m.register(t, "peer1", "peer")
	e := object{"host": m.caURL.Hostname(), "port": caPort, "name": "ca", "tls_cert": base64.StdEncoding.EncodeToString(m.caCert),
		"enroll_id": "peer1", "enroll_secret": "wrong"}
	body := object{"id": "peer1", "display_name": "peer1", "msp_id": mspID, "state_db": "leveldb",
		"crypto": object{"enrollment": object{"component": object{}, "ca": e, "tlsca": e}}}
	rest(t, w, 0, "POST", "/kubernetes/components/fabric-peer", body, http.StatusInternalServerError)
	e["enroll_secret"] = "peer1pw"
	tls := object{}
	for k, v := range e {
		tls[k] = v
	}
	tls["name"] = "tlsca"
	body["crypto"].(object)["enrollment"].(object)["tlsca"] = tls
	rest(t, w, 0, "POST", "/kubernetes/components/fabric-peer", body, http.StatusOK) // the id is free again
	answered := time.Now()
	if n := alive(status(t, w).Processes, process.Peer); n != 0 {
		t.Error("the answer waited for the slow process")
	}
	healthy(t, w, 0, "peer1")
	if took := time.Since(answered); took < o.Slow {
		t.Errorf("the peer started after %s, not slowed down by %s", took, o.Slow)
	}
	body["id"] = "console" // the name of the console itself
	rest(t, w, 0, "POST", "/kubernetes/components/fabric-peer", body, http.StatusConflict)
	body["id"], body["state_db"] = "peer2", "couchdb"
	rest(t, w, 0, "POST", "/kubernetes/components/fabric-peer", body, http.StatusBadRequest)
}
