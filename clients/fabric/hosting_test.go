package fabric

import (
	"testing"

	"farol/clients/wire"
	"farol/state/fault"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"google.golang.org/protobuf/proto"
)

// Since Fabric 2.3 each ordering node hosts its own selection of channels. One that does not host ours says that
// there is no such channel, which is only half of the truth. The order of asking is random, so each case runs often.
const often = 8

func TestANodeThatDoesNotHostTheChannelIsPassedOver(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	genesis, _ := genesisOf(t, nil)
	elsewhere := n.orderer(&fakeOrderer{})
	hosts := n.orderer(&fakeOrderer{blocks: map[uint64]*common.Block{0: genesis}})
	for range often {
		block, err := n.client().Genesis(t.Context(), []Node{elsewhere, hosts, elsewhere}, "trade")
		if err != nil || !proto.Equal(block, genesis) {
			t.Fatalf("got %v, %v", block.GetHeader(), err)
		}
	}
}

func TestTheChannelIsUnknownOnlyWhenEveryNodeSaysSo(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	elsewhere := n.orderer(&fakeOrderer{})
	other := n.orderer(&fakeOrderer{})
	denied := n.orderer(&fakeOrderer{deny: common.Status_FORBIDDEN})
	busy := n.orderer(&fakeOrderer{deny: common.Status_SERVICE_UNAVAILABLE})
	stranger := Node{Addr: busy.Addr, RootsPEM: newOrg(t, "Other").tls.PEM}
	for name, try := range map[string]struct {
		nodes     []Node
		code      fault.Code
		transient bool
	}{
		"all say so":                  {[]Node{elsewhere, other}, NotFound, false},
		"one forbids":                 {[]Node{elsewhere, denied, other}, Forbidden, false},
		"one forbids, one is down":    {[]Node{elsewhere, denied, n.nobody()}, Forbidden, false},
		"one is down":                 {[]Node{elsewhere, n.nobody(), other}, wire.CodeUnreachable, true},
		"one cannot serve":            {[]Node{elsewhere, busy, other}, Unavailable, true},
		"one is busy, another down":   {[]Node{elsewhere, busy, n.nobody()}, Unavailable, true},
		"one is down, another wrong":  {[]Node{elsewhere, stranger, n.nobody()}, wire.CodeUnreachable, true},
		"one that nobody vouches for": {[]Node{elsewhere, stranger, other}, wire.CodeUntrusted, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range often {
				_, err := n.client().Config(t.Context(), try.nodes, "trade")
				f, ok := fault.Of(err)
				if !ok || f.Code != try.code || f.Transient != try.transient || f.Facts["channel"] != "trade" {
					t.Fatalf("got %v, want %s", err, try.code)
				}
			}
		})
	}
}

// unknowing is an ordering node that hosts another channel: in two dialects.
func unknowing(code common.Status, words string) *fakeOrderer {
	return &fakeOrderer{receive: func(int) (common.Status, string, bool) { return code, words, true }}
}

func TestAnUpdateFindsTheNodeThatHostsTheChannel(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	_, config := genesisOf(t, nil)
	for range often {
		a := unknowing(common.Status_BAD_REQUEST, "channel creation request not allowed because the orderer system channel is not defined")
		b := unknowing(common.Status_NOT_FOUND, "channel does not exist")
		willing := &fakeOrderer{receive: func(int) (common.Status, string, bool) { return common.Status_SUCCESS, "", true }}
		nodes := []Node{n.orderer(a), n.orderer(b), n.orderer(willing)}
		if err := n.client().UpdateConfig(t.Context(), nodes, "trade", config, touch); err != nil {
			t.Fatal(err)
		}
		if got := len(willing.offers()); got != 1 {
			t.Fatalf("offered %d times", got)
		}
	}
}

func TestAnUpdateIsRefusedAsUnknownOnlyByAllNodes(t *testing.T) {
	t.Parallel()
	_, config := genesisOf(t, nil)
	gone := func() *fakeOrderer { return unknowing(common.Status_NOT_FOUND, "channel does not exist") }
	for name, try := range map[string]struct {
		beside    func(network) Node
		code      fault.Code
		certainty fault.Certainty
		transient bool
	}{
		"all":     {func(n network) Node { return n.orderer(gone()) }, NotFound, fault.Refused, false},
		"down":    {func(n network) Node { return n.nobody() }, wire.CodeUnreachable, fault.NotSent, true},
		"busy":    {func(n network) Node { return n.orderer(unknowing(common.Status_SERVICE_UNAVAILABLE, "no Raft leader")) }, Unavailable, fault.Refused, true},
		"forbids": {func(n network) Node { return n.orderer(unknowing(common.Status_FORBIDDEN, "")) }, Forbidden, fault.Refused, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			f := gone()
			err := n.client().UpdateConfig(t.Context(), []Node{n.orderer(f), try.beside(n)}, "trade", config, touch)
			g, ok := fault.Of(err)
			if !ok || g.Code != try.code || g.Certainty != try.certainty || g.Transient != try.transient {
				t.Errorf("got %v (%+v), want %s", err, g, try.code)
			}
			if got := len(f.offers()); got > 1 {
				t.Errorf("a node that does not host the channel was offered it %d times", got)
			}
		})
	}
}
