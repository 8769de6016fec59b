package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"farol/clients/fabric"
	"farol/clients/sandbox"
	"farol/clients/sandbox/binaries/realfabric"
	"farol/state"
	"farol/ui/text"
)

// own is what an operator has answered for real regions; its addresses and files are nowhere near.
const own = `
organization: {name: Acme, msp_id: AcmeMSP}
channel: {name: freight}
ordering: {file: nowhere.json}
contract: {name: cargo, version: "2.1", package: cargo.tar.gz}
mirror: home
regions:
  - id: us-south
    console: {url: "https://console.us-south.example.com", api_key: k1, api_secret: {env: NOT_SET}}
  - id: eu-de
    home: true
    peer: lighthouse1
    console: {url: "https://console.eu-de.example.com", api_key: k2}
`

func ownAnswers(t *testing.T, content string) (path string, pkg []byte) {
	t.Helper()
	dir := t.TempDir()
	pkg, _, err := fabric.PackageSample("freighter_9")
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "answers.yaml")
	for file, b := range map[string][]byte{path: []byte(content), filepath.Join(dir, "cargo.tar.gz"): pkg} {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path, pkg
}

func TestARehearsalMakesTheOperatorsOwnSetUp(t *testing.T) {
	t.Parallel()
	realfabric.Programs(t)
	dir := t.TempDir()
	t.Cleanup(func() { down(t, dir) })
	answers, pkg := ownAnswers(t, own)
	run := func(file string, more ...string) (int, string) {
		return farol(t, append([]string{"sandbox", "--yes", "--keep", "--latency", "off", "--dir", dir, "--like", file}, more...)...)
	}
	code, out := run(answers, "--orderers", "one")
	says(t, code, out, 0, "The proof holds", "freight", "cargo", "lighthouse1")
	f, err := state.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := f.Setup
	if s.Name != "Acme on freight" || s.HomeRegion().ID != "eu-de" || s.Mirror != state.HomeOnly || !s.Practice || s.Organization.MSPID != "AcmeMSP" {
		t.Errorf("made %+v", s)
	}
	w, err := sandbox.Open(filepath.Join(dir, "regions"))
	if err != nil {
		t.Fatal(err)
	}
	if w.Channel != "freight" || w.Regions[0].ID != "eu-de" {
		t.Errorf("the world has the channel %s and the home region %s", w.Channel, w.Regions[0].ID)
	}
	o := newOracle(t, w)
	known, deployed := o.components(t.Context(), "eu-de")
	if strings.Join(deployed, " ") != "acmeca lighthouse1" || known["acmeussouthpeer1"].ID == "" {
		t.Errorf("the home region runs %v and knows %v", deployed, known)
	}
	if known, _ := o.components(t.Context(), "us-south"); known["lighthouse1"].ID != "" {
		t.Error("the home region's peer is mirrored, although the answers mirror into home only")
	}
	if n := len(o.orderers()); n != 1 {
		t.Errorf("%d ordering nodes", n)
	}
	sum := sha256.Sum256(pkg)
	b, err := os.ReadFile(filepath.Join(dir, "contract", "cargo.tar.gz"))
	if err != nil || sha256.Sum256(b) != sum {
		t.Errorf("the package is not the operator's %s: %v", hex.EncodeToString(sum[:]), err)
	}

	code, out = run(answers)
	says(t, code, out, 0, "The proof holds")
	other, _ := ownAnswers(t, strings.Replace(own, "name: Acme,", "name: Bolt,", 1))
	code, out = run(other)
	says(t, code, out, 2, "other answers", other)
	other, _ = ownAnswers(t, strings.Replace(own, "freight", "trade", 1))
	code, out = run(other)
	says(t, code, out, 3, "Other practice regions run already", "freight", "trade")
	code, out = farol(t, "sandbox", "--yes", "--keep", "--latency", "off", "--dir", dir)
	says(t, code, out, 0, "The proof holds")
}

func TestAContractThatPracticePeersCannotRunIsReplaced(t *testing.T) {
	t.Parallel()
	answers, _ := ownAnswers(t, own)
	file := filepath.Join(filepath.Dir(answers), "cargo.tar.gz")
	for _, c := range []struct {
		kind  string
		stays bool
	}{{"ccaas", true}, {"golang", false}} {
		if c.kind != "ccaas" {
			archive(t, file, "metadata.json", `{"type":"`+c.kind+`","label":"cargo_9"}`, "code.tar.gz", "code")
		}
		p := practice{app: &app{words: &text.English}, like: answers}
		if err := p.rehearse(); err != nil {
			t.Fatal(err)
		}
		k := p.rehearsal.Setup.Contract
		if (k.Package == file) != c.stays || (p.standIn == "") != c.stays || k.Name != "cargo" || k.Version != "2.1" {
			t.Errorf("%s: %+v, said %q", c.kind, k, p.standIn)
		}
		if !c.stays && (!strings.Contains(p.standIn, file) || k.Package != state.SamplePackage) {
			t.Errorf("%s: %+v, said %q", c.kind, k, p.standIn)
		}
	}
}

func TestTheWizardOnARehearsalIsFilledWithTheOperatorsOwnAnswers(t *testing.T) {
	t.Parallel()
	realfabric.Programs(t)
	dir := t.TempDir()
	t.Cleanup(func() { down(t, dir) })
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	answers, _ := ownAnswers(t, own)
	first := open(t, command(t, "sandbox", "--dir", dir, "--latency", "off", "--like", answers), false)
	first.see(ctx, "Welcome")
	first.pressUntil(ctx, "\r", "AcmeMSP")
	first.pressUntil(ctx, "\r", "freight")
	first.pressUntil(ctx, "\r", "create certificate authority")
	first.pressUntil(ctx, "\r", "lives in 2 regions")
	first.see(ctx, "The proof holds: every check passed")
	_ = first.cmd.Process.Kill()
	<-first.ended
	f, err := state.Read(dir)
	if err != nil || f.Setup.Name != "Acme on freight" || f.Setup.HomeRegion().Peer != "lighthouse1" {
		t.Errorf("made %+v, %v", f, err)
	}
}

// archive writes a .tar.gz with files: their names and contents in turn.
func archive(t *testing.T, path string, files ...string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for pair := range slices.Chunk(files, 2) {
		if err := w.WriteHeader(&tar.Header{Name: pair[0], Mode: 0o644, Size: int64(len(pair[1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close(), os.WriteFile(path, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}
