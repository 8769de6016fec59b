package fabric

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"farol/clients/sandbox/binaries/realfabric"
	"farol/clients/wire"
	"farol/state/fault"
)

// TestRealFabric takes one channel from its first block to a committed transaction on a real orderer and a real peer.
func TestRealFabric(t *testing.T) {
	t.Parallel()
	programs := realfabric.Programs(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	const channel, contract = "trade", "register"
	ordering, trader := newOrg(t, "OrdererMSP"), newOrg(t, "TraderMSP")
	client := func(s *Signer) *Client {
		c := New(wire.Network{}, s)
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	keeper, admin := client(ordering.signer(t, "admin")), client(trader.signer(t, "admin"))
	wants := func(code fault.Code, certainty fault.Certainty, err error) {
		t.Helper()
		f, ok := fault.Of(err)
		if !ok || f.Code != code || f.Certainty != certainty {
			t.Fatalf("got %v, want %s with certainty %d", err, code, certainty)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	// The ordering service.
	at := startOrderer(t, programs, ordering)
	orderers := []Node{at.node}
	genesis, err := ChannelGenesis(GenesisSpec{Channel: channel, Ordering: ordering.spec(), Tick: 100 * time.Millisecond,
		Consenters: []Consenter{{Host: "localhost", Port: at.port, TLSCertPEM: at.tlsCert}}})
	must(err)
	operator := ordering.tls.issue("operator", "admin", "localhost").pair(t)
	trust := wire.Trust{RootsPEM: ordering.tls.PEM}
	join := func() error { return JoinOrderer(ctx, at.adminURL, genesis, trust, operator, wire.Network{}) }
	_, err = keeper.Genesis(ctx, orderers, channel)
	wants(NotFound, fault.Refused, err)
	eventually(t, 10*time.Second, join)
	wants(Exists, fault.Refused, join())

	// A stranger is kept out, also of his own admission.
	var config *Config
	eventually(t, 10*time.Second, func() error { config, err = keeper.Config(ctx, orderers, channel); return err })
	_, err = admin.Genesis(ctx, orderers, channel)
	wants(Forbidden, fault.Refused, err)
	_, err = admin.Config(ctx, orderers, channel)
	wants(Forbidden, fault.Refused, err)
	admit := AdmitOrganization(trader.spec(), Gatekeeper)
	wants(Forbidden, fault.Refused, admin.UpdateConfig(ctx, orderers, channel, config, admit))
	wants(PolicyUnmet, fault.Refused, keeper.UpdateConfig(ctx, orderers, channel, config, admit, admin.signer))

	// Admission.
	eventually(t, 20*time.Second, func() error { return keeper.UpdateConfig(ctx, orderers, channel, config, admit) })
	stale := config
	eventually(t, 10*time.Second, func() error {
		config, err = admin.Config(ctx, orderers, channel)
		return err
	})
	if got := config.Organizations(); !slices.Equal(got, []string{"TraderMSP"}) || config.Sequence != 1 || config.Kind() != "current" {
		t.Fatalf("organizations %v, sequence %d, kind %s", got, config.Sequence, config.Kind())
	}
	wants(ConfigMoved, fault.Refused, keeper.UpdateConfig(ctx, orderers, channel, stale, admit))
	fetched, err := admin.Genesis(ctx, orderers, channel)
	must(err)

	// The peer joins.
	service := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	peer, port := startPeer(t, programs, trader, service)
	_, err = admin.Chain(ctx, peer, channel)
	wants(NotFound, fault.Refused, err)
	must(admin.Join(ctx, peer, fetched))
	wants(Exists, fault.Refused, admin.Join(ctx, peer, fetched))
	wants(Forbidden, fault.Refused, keeper.Join(ctx, peer, fetched))
	channels, err := admin.Channels(ctx, peer)
	must(err)
	if !slices.Equal(channels, []string{channel}) {
		t.Fatalf("channels %v", channels)
	}
	height := func(least uint64) (chain Chain) {
		t.Helper()
		eventually(t, 20*time.Second, func() error {
			if chain, err = admin.Chain(ctx, peer, channel); err == nil && chain.Height < least {
				err = fmt.Errorf("height %d, want %d", chain.Height, least)
			}
			return err
		})
		return chain
	}
	height(2)

	// Anchor, once.
	anchor := AddAnchor(trader.id, "localhost", port)
	must(admin.UpdateConfig(ctx, orderers, channel, config, anchor))
	eventually(t, 10*time.Second, func() error {
		if config, err = admin.Config(ctx, orderers, channel); err == nil && config.Sequence != 2 {
			err = fmt.Errorf("sequence %d", config.Sequence)
		}
		return err
	})
	wants(NoChange, fault.Refused, admin.UpdateConfig(ctx, orderers, channel, config, anchor))
	if org, ok := config.Organization(trader.id); !ok || !slices.Equal(org.Anchors, []string{peer.Addr}) {
		t.Fatalf("anchors %v", org.Anchors)
	}
	height(3)

	// The contract: installed, approved, committed.
	pkg, id, err := PackageSample("register_1")
	must(err)
	got, err := admin.Install(ctx, peer, pkg)
	must(err)
	if got != id {
		t.Fatalf("the peer calls the package %s, we %s", got, id)
	}
	_, err = admin.Install(ctx, peer, pkg)
	wants(Exists, fault.Refused, err)
	installed, err := admin.Installed(ctx, peer)
	must(err)
	if !slices.Equal(installed, []Installed{{PackageID: id, Label: "register_1"}}) {
		t.Fatalf("installed %v", installed)
	}
	for name, look := range map[string]func() (Definition, bool, error){
		"approved":  func() (Definition, bool, error) { return admin.Approved(ctx, peer, channel, contract, 1) },
		"committed": func() (Definition, bool, error) { return admin.Committed(ctx, peer, channel, contract) },
	} {
		if _, ok, err := look(); ok || err != nil {
			t.Fatalf("%s before: %v %v", name, ok, err)
		}
	}
	definition := Definition{Name: contract, Version: "1.0", Sequence: 1, PackageID: id, Policy: "OR('TraderMSP.peer')"}
	eventually(t, 20*time.Second, func() error { return admin.Approve(ctx, peer, channel, definition) })
	wants(Exists, fault.Refused, admin.Approve(ctx, peer, channel, definition))
	must(admin.Commit(ctx, peer, channel, definition))
	wants(SequenceTaken, fault.Refused, admin.Commit(ctx, peer, channel, definition))
	for name, look := range map[string]func() (Definition, bool, error){
		"approved":  func() (Definition, bool, error) { return admin.Approved(ctx, peer, channel, contract, 1) },
		"committed": func() (Definition, bool, error) { return admin.Committed(ctx, peer, channel, contract) },
	} {
		d, ok, err := look()
		must(err)
		if same, err := d.Agrees(definition); !ok || !same || err != nil || (name == "approved" && d.PackageID != id) {
			t.Fatalf("%s: %+v, want %+v (%v)", name, d, definition, err)
		}
	}

	// Transactions.
	_, err = admin.Endorse(ctx, peer, channel, contract, "get", "lighthouse")
	wants(ContractDown, fault.Refused, err)
	startContract(t, service, id)
	receipt, err := admin.Submit(ctx, peer, channel, contract, "put", "lighthouse", "on")
	must(err)
	if receipt.TransactionID == "" || receipt.Block != 5 || string(receipt.Payload) != "on" {
		t.Fatalf("receipt %+v", receipt)
	}
	endorsed, err := admin.Endorse(ctx, peer, channel, contract, "get", "lighthouse")
	must(err)
	if endorsed.Status != 200 || string(endorsed.Payload) != "on" || endorsed.EndorserMSP != trader.id {
		t.Fatalf("endorsement %+v", endorsed)
	}
	refused, err := admin.Endorse(ctx, peer, channel, contract, "dance")
	must(err)
	if refused.Status != 500 || refused.EndorserMSP != "" {
		t.Fatalf("the contract's no: %+v", refused)
	}
	_, err = admin.Endorse(ctx, peer, channel, "nobody", "get")
	wants(Rejected, fault.Refused, err)
	_, err = admin.Submit(ctx, peer, channel, contract, "dance")
	wants(Rejected, fault.Refused, err)

	// What the peers would be compared by.
	chain := height(6)
	hash, err := admin.BlockHash(ctx, peer, channel, chain.Height-1)
	must(err)
	before, err := admin.BlockHash(ctx, peer, channel, chain.Height-2)
	must(err)
	if !bytes.Equal(hash, chain.Hash) || !bytes.Equal(before, chain.Previous) {
		t.Fatalf("hashes %x and %x, the peer says %x and %x", hash, before, chain.Hash, chain.Previous)
	}
	first, err := HeaderHash(genesis.GetHeader())
	must(err)
	if zero, err := admin.BlockHash(ctx, peer, channel, 0); err != nil || !bytes.Equal(zero, first) {
		t.Fatalf("block 0: %x, want %x (%v)", zero, first, err)
	}
}
