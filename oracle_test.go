package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"farol/clients/ca"
	"farol/clients/console"
	"farol/clients/fabric"
	"farol/clients/sandbox"
	"farol/clients/wire"
	"farol/state"
	"farol/state/secret"
)

// oracle looks at the far side only: consoles, CA, ledgers, the channel's config. From Farol it takes nothing
// but the administrator's key, because peers answer to nobody else.
type oracle struct {
	t     *testing.T
	world *sandbox.World
	net   wire.Network
	ca    []byte // PEM of the consoles' root
}

func newOracle(t *testing.T, w *sandbox.World) *oracle {
	t.Helper()
	proxy, err := url.Parse(w.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(w.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	return &oracle{t: t, world: w, net: wire.Network{Proxy: proxy}, ca: pem}
}

func (o *oracle) console(region string) *console.Client {
	o.t.Helper()
	h, err := o.net.HTTP(wire.Trust{RootsPEM: o.ca})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, r := range o.world.Regions {
		if r.ID == region {
			c, err := console.New(r.ConsoleURL, console.Login{Key: r.APIKey, Secret: r.APISecret}, h)
			if err != nil {
				o.t.Fatal(err)
			}
			return c
		}
	}
	o.t.Fatalf("no region %s", region)
	return nil
}

// components lists what a console knows, and what its cluster runs, by id.
func (o *oracle) components(ctx context.Context, region string) (known map[string]console.Component, deployed []string) {
	o.t.Helper()
	c := o.console(region)
	list, err := c.Components(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	known = map[string]console.Component{}
	for _, one := range list {
		known[one.ID] = one
	}
	running, err := c.Deployed(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, one := range running {
		deployed = append(deployed, one.Deployment)
	}
	slices.Sort(deployed)
	return known, deployed
}

// vault opens what Farol sealed in a set-up's folder.
func (o *oracle) vault(dir string) *state.Vault {
	o.t.Helper()
	id, err := state.ReadIdentityFile(filepath.Join(dir, identityFile))
	if err != nil {
		o.t.Fatal(err)
	}
	v, err := state.OpenVault(filepath.Join(dir, state.VaultName), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return v
}

func (o *oracle) ledger(dir string) *fabric.Client {
	o.t.Helper()
	v := o.vault(dir)
	cert, _ := v.Get("organization/admin/certificate")
	key, _ := v.Get("organization/admin/key")
	s, err := fabric.NewSigner("Org1MSP", []byte(cert.Expose()), key)
	if err != nil {
		o.t.Fatal(err)
	}
	c := fabric.New(o.net, s)
	o.t.Cleanup(func() { _ = c.Close() })
	return c
}

func (o *oracle) orderers() []fabric.Node {
	o.t.Helper()
	data, err := os.ReadFile(o.world.OrderingFile)
	if err != nil {
		o.t.Fatal(err)
	}
	nodes, err := console.ParseOrderers(data)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []fabric.Node
	for _, n := range nodes {
		out = append(out, fabric.Node{Addr: strings.TrimPrefix(n.APIURL, "grpcs://"), RootsPEM: n.MSP.TLSCA.RootCerts[0]})
	}
	return out
}

// peers are the created peers by region, as their own consoles describe them.
func (o *oracle) peers(ctx context.Context) map[string]fabric.Node {
	o.t.Helper()
	out := map[string]fabric.Node{}
	for _, r := range o.world.Regions {
		known, _ := o.components(ctx, r.ID)
		for _, c := range known {
			if c.Type == console.KindPeer && !c.Imported {
				out[r.ID] = fabric.Node{Addr: strings.TrimPrefix(c.APIURL, "grpcs://"), RootsPEM: c.MSP.TLSCA.RootCerts[0]}
			}
		}
	}
	return out
}

// identities asks the CA for everybody who is registered, as "id type".
func (o *oracle) identities(ctx context.Context, dir string) []string {
	o.t.Helper()
	known, _ := o.components(ctx, o.world.Regions[0].ID)
	c := known["org1ca"]
	h, err := o.net.HTTP(wire.Trust{RootsPEM: c.MSP.Component.TLSCert})
	if err != nil {
		o.t.Fatal(err)
	}
	v := o.vault(dir)
	cert, _ := v.Get("ca/registrar/certificate")
	key, _ := v.Get("ca/registrar/key")
	all, err := ca.New(c.APIURL, "ca", h).Identities(ctx, ca.Registrar{CertPEM: []byte(cert.Expose()), Key: key})
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, i := range all {
		out = append(out, i.ID+" "+i.Type)
	}
	slices.Sort(out)
	return out
}

// contractCalls are the blocks of a set-up: genesis, admission, an anchor each, approve, commit.
func (o *oracle) wantHeight() uint64 { return uint64(4 + len(o.world.Regions)) }

// once proves that every remote object of a finished set-up is there, and there once.
func (o *oracle) once(ctx context.Context, dir string) {
	t := o.t
	t.Helper()
	peers := o.peers(ctx)
	var ids []string
	for _, r := range o.world.Regions {
		ids = append(ids, "org1"+strings.ReplaceAll(r.ID, "-", "")+"peer1")
	}
	for i, r := range o.world.Regions {
		known, deployed := o.components(ctx, r.ID)
		want := append([]string{"org1ca", "org1msp"}, ids...)
		for _, n := range o.orderers() {
			name, _, _ := strings.Cut(n.Addr, ".")
			want = append(want, name)
		}
		var have []string
		for id := range known {
			have = append(have, id)
		}
		if got, expected := len(have), len(want); got != expected {
			t.Errorf("console of %s knows %d components (%v), want %d (%v)", r.ID, got, have, expected, want)
		}
		for _, id := range append([]string{"org1ca", "org1msp"}, ids...) {
			if _, ok := known[id]; !ok {
				t.Errorf("console of %s does not know %s", r.ID, id)
			}
		}
		made := []string{ids[i]}
		if i == 0 {
			made = append(made, "org1ca")
			slices.Sort(made)
		}
		if !slices.Equal(deployed, made) {
			t.Errorf("the cluster of %s runs %v, want %v", r.ID, deployed, made)
		}
	}
	who := []string{"org1admin admin", "registrar client"}
	for _, id := range ids {
		who = append(who, id+" peer")
	}
	slices.Sort(who)
	if have := o.identities(ctx, dir); !slices.Equal(have, who) {
		t.Errorf("the CA knows %v, want %v", have, who)
	}
	ledger := o.ledger(dir)
	cfg, err := ledger.Config(ctx, o.orderers(), o.world.Channel)
	if err != nil {
		t.Fatal(err)
	}
	org, ok := cfg.Organization("Org1MSP")
	var addresses []string
	for _, p := range peers {
		addresses = append(addresses, p.Addr)
	}
	slices.Sort(addresses)
	slices.Sort(org.Anchors)
	if !ok || len(cfg.Organizations()) != 1 || !slices.Equal(org.Anchors, addresses) {
		t.Errorf("config: organizations %v, anchors %v, want one and %v", cfg.Organizations(), org.Anchors, addresses)
	}
	if want := uint64(1 + len(ids)); cfg.Sequence != want {
		t.Errorf("the config was changed %d times, want %d: one admission, one anchor a peer", cfg.Sequence, want)
	}
	packages := map[string]bool{}
	for r, p := range peers {
		installed, err := ledger.Installed(ctx, p)
		if err != nil || len(installed) != 1 {
			t.Errorf("%s: installed %v, %v; want one package", r, installed, err)
			continue
		}
		packages[installed[0].PackageID] = true
		d, found, err := ledger.Committed(ctx, p, o.world.Channel, "basic")
		if err != nil || !found || d.Sequence != 1 {
			t.Errorf("%s: committed %+v %v %v, want sequence 1", r, d, found, err)
		}
	}
	if len(packages) != 1 {
		t.Errorf("package ids differ: %v", packages)
	}
	if h := o.agree(ctx, ledger, peers); h != o.wantHeight() {
		t.Errorf("the ledger has %d blocks, want %d: something was written twice", h, o.wantHeight())
	}
}

// agree waits until all peers have the same height and newest block hash, and gives the height.
func (o *oracle) agree(ctx context.Context, ledger *fabric.Client, peers map[string]fabric.Node) uint64 {
	o.t.Helper()
	var last string
	for {
		seen := map[string]bool{}
		var height uint64
		for r, p := range peers {
			c, err := ledger.Chain(ctx, p, o.world.Channel)
			if err != nil {
				last = r + ": " + err.Error()
				seen[last] = true
				continue
			}
			height = c.Height
			seen[fmt.Sprint(c.Height, hex.EncodeToString(c.Hash))] = true
		}
		if len(seen) == 1 && height > 0 {
			return height
		}
		select {
		case <-ctx.Done():
			o.t.Fatalf("peers do not agree: %v %s", seen, last)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// holdsSecret looks for a secret in every file below a folder, but not in the wallet files that are meant to
// hold the administrator's key while their gates are open.
func holdsSecret(t *testing.T, dir string, s secret.Secret) {
	t.Helper()
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.IsDir() && (d.Name() == "wallet" || d.Name() == "regions") {
				return filepath.SkipDir
			}
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(b), s.Expose()) {
			t.Errorf("%s holds a secret in clear", path)
		}
		return nil
	})
}
