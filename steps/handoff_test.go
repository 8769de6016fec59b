package steps

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"io"
	"os"
	"testing"
	"time"

	"farol/clients/console"
	"farol/steps/engine"
)

// opened reads a pack's files, by name.
func opened(t *testing.T, path string) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	must(t, err)
	defer z.Close()
	out := map[string][]byte{}
	for _, f := range z.File {
		if !f.Modified.Equal(time.Unix(0, 0)) {
			t.Errorf("%s tells when it was packed: %v", f.Name, f.Modified)
		}
		r, err := f.Open()
		must(t, err)
		out[f.Name], err = io.ReadAll(r)
		must(t, err)
	}
	return out
}

func TestThePackDefinesTheOrganization(t *testing.T) {
	t.Parallel()
	s, g, key := enrolled(t)
	var told HandOff
	s.opts.Instructions = func(h HandOff) []byte { told = h; return []byte("README " + h.Files[HandOffDefinition]) }
	do(t, g, "all/handoff/pack")
	files := opened(t, s.HandOffPack())
	if len(files) != 2 {
		t.Errorf("%d files", len(files))
	}
	msp, err := console.ParseMSP(files["msp.json"])
	must(t, err)
	if msp.MSPID != "Org1MSP" || msp.DisplayName != "Org1" || len(msp.RootCerts) != 1 || len(msp.TLSRootCerts) != 1 {
		t.Errorf("%+v", msp)
	}
	if told.Organization != "Org1" || told.MSPID != "Org1MSP" || told.Channel != "trade" || told.Files["msp.json"] != digest(files["msp.json"]) ||
		len(told.Roots) != 1 || told.Roots[0] != fingerprint(msp.RootCerts[0]) {
		t.Errorf("the instructions are told %+v", told)
	}
	if string(files["README.txt"]) != "README "+digest(files["msp.json"]) {
		t.Errorf("README.txt is %q", files["README.txt"])
	}
	block, _ := pem.Decode(key)
	encoded := base64.StdEncoding.EncodeToString(key) // as every PEM stands in an export
	for name, content := range files {
		if bytes.Contains(content, block.Bytes) || bytes.Contains(content, []byte("PRIVATE KEY")) || bytes.Contains(content, []byte(encoded[:40])) {
			t.Errorf("%s has a private key", name)
		}
	}
}

func TestAnotherRootMakesAnotherPack(t *testing.T) {
	t.Parallel()
	s, g, _ := enrolled(t)
	do(t, g, "all/handoff/pack")
	before, err := os.ReadFile(s.HandOffPack())
	must(t, err)
	other, _ := pair(t)
	c, err := s.part(t.Context(), "us-south", "org1msp")
	must(t, err)
	changed := *c
	changed.RootCerts = [][]byte{other}
	s.keep("us-south", &changed)
	if o := observe(t, g, "all/handoff/pack"); o.Finding != engine.Absent {
		t.Fatalf("a pack with the old root is found %v", o.Finding)
	}
	s.keep("us-south", c)
	if o := observe(t, g, "all/handoff/pack"); o.Finding != engine.Present || o.Evidence["sha256"] != digest(before) {
		t.Errorf("the same organization gives another pack: %+v", o)
	}
}

func TestCertificatesAreComparedByWhatIsInThem(t *testing.T) {
	t.Parallel()
	a, _ := pair(t)
	b, _ := pair(t)
	crlf := bytes.ReplaceAll(a, []byte("\n"), []byte("\r\n"))
	for _, tt := range []struct {
		name string
		a, b [][]byte
		want bool
	}{
		{"the same", [][]byte{a, b}, [][]byte{a, b}, true},
		{"in another order", [][]byte{a, b}, [][]byte{b, a}, true},
		{"with other line ends", [][]byte{a}, [][]byte{crlf}, true},
		{"another one", [][]byte{a}, [][]byte{b}, false},
		{"one too few", [][]byte{a}, [][]byte{a, b}, false},
		{"one too many", [][]byte{a, b}, [][]byte{a}, false},
		{"one twice instead of another", [][]byte{a, a}, [][]byte{a, b}, false},
		{"one twice", [][]byte{a, a}, [][]byte{a}, true},
		{"none", nil, nil, false},
	} {
		for range 2 {
			if got := sameCertificates(tt.a, tt.b); got != tt.want {
				t.Errorf("%s: %v", tt.name, got)
			}
			tt.a, tt.b = tt.b, tt.a
		}
	}
}
