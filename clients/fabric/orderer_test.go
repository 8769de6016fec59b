package fabric

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"farol/clients/wire"
	"farol/state/fault"

	"github.com/hyperledger/fabric-config/configtx"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"google.golang.org/protobuf/proto"
)

// chainOf makes three blocks of which the second, number 1, is the newest config. How the third says so varies.
func chainOf(t *testing.T, pointer func(m *marshaller) [][]byte) map[uint64]*common.Block {
	t.Helper()
	genesis, _ := genesisOf(t, nil)
	newer := proto.Clone(genesis).(*common.Block)
	newer.Header.Number = 1
	m := &marshaller{}
	newest := &common.Block{Header: &common.BlockHeader{Number: 2}, Metadata: &common.BlockMetadata{Metadata: pointer(m)}}
	if m.err != nil {
		t.Fatal(m.err)
	}
	return map[uint64]*common.Block{0: genesis, 1: newer, 2: newest}
}

func TestConfigFollowsThePointerOfTheNewestBlock(t *testing.T) {
	t.Parallel()
	for name, pointer := range map[string]func(m *marshaller) [][]byte{
		"signed with the block": func(m *marshaller) [][]byte {
			return [][]byte{m.bytes(&common.Metadata{Value: m.bytes(&common.OrdererBlockMetadata{LastConfig: &common.LastConfig{Index: 1}})}), nil}
		},
		"before 1.4.3": func(m *marshaller) [][]byte {
			return [][]byte{nil, m.bytes(&common.Metadata{Value: m.bytes(&common.LastConfig{Index: 1})})}
		},
	} {
		n := newNetwork(t)
		at := n.orderer(&fakeOrderer{blocks: chainOf(t, pointer)})
		config, err := n.client().Config(t.Context(), []Node{at}, "trade")
		if err != nil || config.Block != 1 {
			t.Errorf("%s: %+v, %v", name, config, err)
		}
	}
}

func TestReadingGoesOnToTheNextOrderer(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	genesis, _ := genesisOf(t, nil)
	good := n.orderer(&fakeOrderer{blocks: map[uint64]*common.Block{0: genesis}})
	behind := n.orderer(&fakeOrderer{deny: common.Status_SERVICE_UNAVAILABLE})
	for range 8 { // the order is random
		block, err := n.client().Genesis(t.Context(), []Node{n.nobody(), behind, good}, "trade")
		if err != nil || !proto.Equal(block, genesis) {
			t.Fatalf("got %v, %v", block.GetHeader(), err)
		}
	}
}

func TestReadingSaysWhyItFailed(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	c := n.client()
	denied := n.orderer(&fakeOrderer{deny: common.Status_FORBIDDEN})
	for range 8 { // the order is random
		if _, err := c.Config(t.Context(), []Node{n.nobody(), denied}, "trade"); !fault.Is(err, Forbidden) {
			t.Fatalf("got %v, but a definite no tells more than a node that is down", err)
		}
	}
	unknown := n.orderer(&fakeOrderer{})
	if _, err := c.Genesis(t.Context(), []Node{unknown}, "trade"); !fault.Is(err, NotFound) {
		t.Errorf("unknown channel: %v", err)
	}
	if _, err := c.Genesis(t.Context(), nil, "trade"); !fault.Is(err, Unavailable) {
		t.Errorf("no orderer: %v", err)
	}
	other := n.orderer(&fakeOrderer{blocks: map[uint64]*common.Block{0: {Header: &common.BlockHeader{Number: 5}}}})
	if _, err := c.Genesis(t.Context(), []Node{other}, "trade"); !fault.Is(err, Garbled) {
		t.Errorf("another block: %v", err)
	}
	if _, err := c.Genesis(t.Context(), []Node{{Addr: denied.Addr, RootsPEM: newOrg(t, "Other").tls.PEM}}, "trade"); !fault.Is(err, wire.CodeUntrusted) && !fault.Is(err, wire.CodeTLS) {
		t.Errorf("an orderer that nobody vouches for: %v", err)
	}
}

// touch is an edit that changes something.
func touch(c *configtx.ConfigTx) error { return c.Channel().AddCapability("V3_0") }

func TestUpdateIsSignedByTheSignersAndSentByTheClient(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	_, config := genesisOf(t, nil)
	f := &fakeOrderer{receive: func(int) (common.Status, string, bool) { return common.Status_SUCCESS, "", true }}
	at, other := n.orderer(f), newOrg(t, "OtherMSP").signer(t, "admin")
	c := n.client()
	if err := c.UpdateConfig(t.Context(), []Node{at}, "trade", config, touch, c.signer, other); err != nil {
		t.Fatal(err)
	}
	var payload common.Payload
	var update common.ConfigUpdateEnvelope
	var sender common.SignatureHeader
	if err := errors.Join(proto.Unmarshal(f.offers()[0].GetPayload(), &payload), proto.Unmarshal(payload.GetData(), &update),
		proto.Unmarshal(payload.GetHeader().GetSignatureHeader(), &sender)); err != nil {
		t.Fatal(err)
	}
	if len(update.GetSignatures()) != 2 || string(sender.GetCreator()) != string(c.signer.creator) {
		t.Errorf("%d signatures, sent by %q", len(update.GetSignatures()), sender.GetCreator())
	}
}

func TestUpdateGoesOnOnlyWhenNothingWasDone(t *testing.T) {
	t.Parallel()
	_, config := genesisOf(t, nil)
	for name, try := range map[string]struct {
		receive   func(n int) (common.Status, string, bool)
		code      fault.Code // empty: done
		certainty fault.Certainty
		transient bool
		offers    int
	}{
		"leader elected meanwhile": {func(n int) (common.Status, string, bool) {
			if n < 3 {
				return common.Status_SERVICE_UNAVAILABLE, "no Raft leader", true
			}
			return common.Status_SUCCESS, "", true
		}, "", 0, false, 3},
		"no leader": {func(int) (common.Status, string, bool) {
			return common.Status_SERVICE_UNAVAILABLE, "no Raft leader", true
		}, Unavailable, fault.Refused, true, broadcastRounds},
		"leader may have it": {func(int) (common.Status, string, bool) {
			return common.Status_SERVICE_UNAVAILABLE, "timed out (1s) waiting on forwarding to 2", true
		}, Unavailable, fault.Unsure, true, 1},
		"hung up after it took it": {func(int) (common.Status, string, bool) { return 0, "", false }, wire.CodeInterrupted, fault.Unsure, true, 1},
		"forbidden": {func(int) (common.Status, string, bool) {
			return common.Status_FORBIDDEN, "implicit policy evaluation failed - 0 sub-policies were satisfied", true
		}, Forbidden, fault.Refused, false, 1},
		"channel unknown to the one that answers": {func(int) (common.Status, string, bool) {
			return common.Status_BAD_REQUEST, "channel creation request not allowed because the orderer system channel is not defined", true
		}, wire.CodeUnreachable, fault.NotSent, true, 1},
		"policy": {func(int) (common.Status, string, bool) {
			return common.Status_BAD_REQUEST, "error authorizing update: error validating DeltaSet: policy for [Group] /Channel/Application not satisfied", true
		}, PolicyUnmet, fault.Refused, false, 1},
		"moved": {func(int) (common.Status, string, bool) {
			return common.Status_BAD_REQUEST, "attempt to set key [Value] /Channel/x to version 1, but key is at version 1", true
		}, ConfigMoved, fault.Refused, true, 1},
		"moved below": {func(int) (common.Status, string, bool) {
			return common.Status_BAD_REQUEST, "proposed update requires that key [Group] /Channel be at version 0, but it is currently at version 1", true
		}, ConfigMoved, fault.Refused, true, 1},
		"anything else": {func(int) (common.Status, string, bool) {
			return common.Status_BAD_REQUEST, "the weather is\tbad\x1b[31m", true
		}, Rejected, fault.Refused, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			f := &fakeOrderer{receive: try.receive}
			err := n.client().UpdateConfig(t.Context(), []Node{n.nobody(), n.orderer(f)}, "trade", config, touch)
			if got := len(f.offers()); got != try.offers {
				t.Errorf("offered %d times, want %d", got, try.offers)
			}
			if try.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			g, ok := fault.Of(err)
			if !ok || g.Code != try.code || g.Certainty != try.certainty || g.Transient != try.transient || g.Facts["channel"] != "trade" {
				t.Errorf("got %v (%+v), want %s", err, g, try.code)
			}
			if ok && strings.ContainsAny(g.Facts["detail"], "\t\x1b") {
				t.Errorf("unprintable detail %q", g.Facts["detail"])
			}
		})
	}
}

func TestUpdateThatReachesNobodyWasNotSent(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	_, config := genesisOf(t, nil)
	err := n.client().UpdateConfig(t.Context(), []Node{n.nobody(), n.nobody()}, "trade", config, touch)
	if f, ok := fault.Of(err); !ok || f.Code != wire.CodeUnreachable || f.Certainty != fault.NotSent {
		t.Errorf("got %v", err)
	}
}

func TestEditsThatFailSendNothing(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	_, config := genesisOf(t, nil)
	f := &fakeOrderer{}
	at, c, broken := n.orderer(f), n.client(), fmt.Errorf("broken")
	if err := c.UpdateConfig(t.Context(), []Node{at}, "trade", config, func(*configtx.ConfigTx) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := c.UpdateConfig(t.Context(), []Node{at}, "trade", config, func(*configtx.ConfigTx) error { return nil }); !fault.Is(err, NoChange) {
		t.Errorf("got %v", err)
	}
	if len(f.offers()) != 0 {
		t.Error("something was sent")
	}
}
