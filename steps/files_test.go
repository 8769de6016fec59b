package steps

import (
	"archive/zip"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"farol/clients/console"
	"farol/state"
	"farol/state/secret"
	"farol/steps/engine"
)

// pair makes a certificate with its key, both PEM.
func pair(t *testing.T) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "org1admin"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	p8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: p8})
}

// enrolled is a session whose administrator is enrolled and whose organization the home console knows.
func enrolled(t *testing.T) (s *Session, g engine.Graph, key []byte) {
	t.Helper()
	cert, key := pair(t)
	c := &scripted{components: map[string]map[string]any{"org1msp": {"id": "org1msp", "type": "msp", "msp_id": "Org1MSP", "display_name": "Org1",
		"root_certs": [][]byte{cert}, "tls_root_certs": [][]byte{cert}}}}
	s, _ = sessionWith(t, c)
	id := owner(t)
	v, err := state.CreateVault(filepath.Join(s.opts.Dir, state.VaultName), id)
	if err != nil {
		t.Fatal(err)
	}
	s.vault, s.opts.Owner = v, id
	s.opts.Instructions = func(h HandOff) []byte { return []byte(h.MSPID + " " + h.Channel + " " + h.Files[HandOffDefinition]) }
	if err := v.PutAll(map[string]secret.Secret{vaultAdmin + "/certificate": secret.New(cert), vaultAdmin + "/key": secret.New(key)}); err != nil {
		t.Fatal(err)
	}
	return s, Graph(s), key
}

// do leads a step of our own files from absent to present.
func do(t *testing.T, g engine.Graph, step string) engine.Observation {
	t.Helper()
	if o := observe(t, g, step); o.Finding != engine.Absent {
		t.Fatalf("%s is found %v before it is done", step, o.Finding)
	}
	s, _ := g.Step(step)
	if err := s.Act(t.Context()); err != nil {
		t.Fatal(err)
	}
	o := observe(t, g, step)
	if o.Finding != engine.Present {
		t.Fatalf("%s is found %v after it was done", step, o.Finding)
	}
	return o
}

func TestTheWalletFileIsInClearOnlyWhileItsGateIsOpen(t *testing.T) {
	t.Parallel()
	s, g, key := enrolled(t)
	do(t, g, "us-east/wallet/file")
	gate, _ := g.Step("us-east/wallet")
	path := s.Gate(gate).Files[0]
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var wallet struct{ Name, Cert, PrivateKey string }
	if err := json.Unmarshal(bytes.ReplaceAll(data, []byte("private_key"), []byte("PrivateKey")), &wallet); err != nil || wallet.Name != "Org1 Admin" || wallet.PrivateKey == "" {
		t.Errorf("the wallet file is %v, %+v", err, wallet.Name)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := s.Closed(gate); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
	if err := s.Closed(gate); err != nil {
		t.Errorf("closing it twice: %v", err)
	}
	_ = key
}

func TestTheExportedIdentityIsSealedForTheVaultsOwner(t *testing.T) {
	t.Parallel()
	s, g, key := enrolled(t)
	do(t, g, "us-south/export/identity")
	sealed, err := os.ReadFile(s.exportPath("identity") + ".age")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("PRIVATE KEY")) || bytes.Contains(sealed, key[40:80]) {
		t.Error("the export has the key in clear")
	}
	if open, err := state.Unseal(s.opts.Owner, sealed); err != nil || !bytes.Contains(open, []byte("Org1 Admin")) {
		t.Errorf("its owner cannot open it: %v", err)
	}
}

func TestTheHandOffPackHasWhatTheOtherPartyNeedsAndNoSecret(t *testing.T) {
	t.Parallel()
	s, g, _ := enrolled(t)
	o := do(t, g, "all/handoff/pack")
	data, err := os.ReadFile(s.HandOffPack())
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	if _, err := console.ParseMSP([]byte(files[HandOffDefinition])); err != nil {
		t.Errorf("the definition cannot be imported: %v", err)
	}
	if want := "Org1MSP trade " + digest([]byte(files[HandOffDefinition])); files["README.txt"] != want {
		t.Errorf("the instructions say %q, want %q", files["README.txt"], want)
	}
	for name, content := range files {
		if strings.Contains(content, "PRIVATE KEY") {
			t.Errorf("%s has a private key", name)
		}
	}
	if o.Evidence["sha256"] != digest(data) {
		t.Errorf("evidence %v", o.Evidence)
	}
	again, err := s.pack(t.Context())
	if err != nil || !bytes.Equal(again, data) {
		t.Errorf("the same content gives other bytes, %v", err)
	}
}

func TestAFileThatSomebodyChangedIsWrittenAgain(t *testing.T) {
	t.Parallel()
	s, g, _ := enrolled(t)
	do(t, g, "all/handoff/pack")
	if err := os.WriteFile(s.HandOffPack(), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, g, "all/handoff/pack")
}

func TestComponentIDsAreWhatEveryConsoleTakes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Org1": "org1", "Harbour Board": "harbourboard", "1st": "c1st", "Ünion": "nion", "": "c",
		strings.Repeat("a", 100): strings.Repeat("a", 64)} {
		if got := ComponentID(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
