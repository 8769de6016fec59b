package steps

import (
	"encoding/hex"
	"testing"

	"farol/steps/engine"
)

// ledgers gives the proof of the ledger over peers of given heights, and the peers.
func ledgers(t *testing.T, south, east, tor uint64) (map[string]*standIn, func() (engine.Observation, error)) {
	t.Helper()
	peers := map[string]*standIn{"us-south": {height: south}, "us-east": {height: east}, "ca-tor": {height: tor}}
	_, g := withPeers(t, peers)
	step, ok := g.Step("all/proof/ledger")
	if !ok {
		t.Fatal("no such step")
	}
	return peers, func() (engine.Observation, error) { return step.Observe(t.Context()) }
}

func TestPeersWithTheSameBlocksHaveOneLedger(t *testing.T) {
	t.Parallel()
	peers, look := ledgers(t, 7, 7, 7)
	o, err := look()
	if err != nil || o.Finding != engine.Present {
		t.Fatalf("%+v, %v", o, err)
	}
	for region, p := range peers {
		if o.Evidence[region+" height"] != "7" || o.Evidence[region+" hash"] != hex.EncodeToString(p.hash(6)) {
			t.Errorf("%s: %v", region, o.Evidence)
		}
	}
}

// Peers are read one after another, and on a channel in use there is a new block each time.
func TestAChannelInUseHasOneLedgerToo(t *testing.T) {
	t.Parallel()
	peers, look := ledgers(t, 9, 10, 11)
	for _, p := range peers {
		p.grow = 1
	}
	var o engine.Observation
	var err error
	for range 3 { // us-south gets at the third look what ca-tor had at the first
		if o, err = look(); err != nil {
			t.Fatal(err)
		}
	}
	if o.Finding != engine.Present || o.Evidence["us-south height"] != "11" || o.Evidence["ca-tor height"] != "13" {
		t.Fatalf("%+v", o)
	}
	for region, p := range peers {
		if o.Evidence[region+" hash"] != hex.EncodeToString(p.hash(10)) {
			t.Errorf("%s: not the hash of the newest block that all have: %v", region, o.Evidence)
		}
	}
}

func TestAPeerThatStaysBehindHasNotTheLedger(t *testing.T) {
	t.Parallel()
	peers, look := ledgers(t, 9, 1, 9)
	peers["us-south"].grow = 3
	for range 4 {
		if o, err := look(); err != nil || o.Finding != engine.Coming || o.Evidence["us-east height"] != "1" {
			t.Fatalf("%+v, %v", o, err)
		}
	}
	peers["us-east"].height = 9 // it has read what was there when the proof began
	if o, err := look(); err != nil || o.Finding != engine.Present {
		t.Errorf("%+v, %v", o, err)
	}
	peers["us-east"].grow = 0
	if o, err := look(); err != nil || o.Finding != engine.Coming { // a new proof begins with what is there now
		t.Errorf("%+v, %v", o, err)
	}
}

func TestAForkIsNamed(t *testing.T) {
	t.Parallel()
	peers, look := ledgers(t, 9, 9, 9)
	peers["ca-tor"].forked = 5
	_, err := look()
	if f := hasCode(t, err, CodeProof); f.Facts["region"] != "ca-tor" || f.Facts["what"] != "ledger" || f.Transient {
		t.Errorf("%+v", f)
	}
}
