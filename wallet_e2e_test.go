package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"farol/clients/sandbox"
	"farol/clients/sandbox/browser"
	"farol/clients/wire"
	"farol/state/fault"

	"github.com/google/go-cmp/cmp"
)

// TestTheWalletFilesOfARunAreTakenByEveryConsolesUI runs the procedure until its wallet gates are open, and plays
// the person who uploads the files.
func TestTheWalletFilesOfARunAreTakenByEveryConsolesUI(t *testing.T) {
	t.Parallel()
	w, dir := world(t)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	setup := filepath.Join(dir, "setup")
	farol := command(t, "run", "--yes", "--dir", setup, "--answers", writeAnswers(t, dir, w, w.Proxy), "--vault-identity", filepath.Join(setup, identityFile))
	if err := farol.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the rest of the procedure does not matter here
		_ = farol.Process.Kill()
		_ = farol.Wait()
	})
	file := func(region string) string { return filepath.Join(setup, "wallet", region, "Org1_identity.json") }
	for _, r := range w.Regions {
		for exists(file(r.ID)) != nil {
			select {
			case <-ctx.Done():
				t.Fatalf("no wallet file for %s", r.ID)
			case <-time.After(50 * time.Millisecond):
			}
		}
		if err := w.AddToWallet(ctx, r.ID, file(r.ID)); err != nil {
			t.Fatalf("%s refuses the file: %v", r.ID, err)
		}
	}

	again, err := sandbox.Open(w.Dir) // whoever opens the world later sees the same wallets
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	root, _ := newOracle(t, w).components(ctx, w.Regions[0].ID)
	for _, c := range root {
		for _, p := range c.RootCerts {
			roots.AppendCertsFromPEM(p)
		}
	}
	for _, r := range again.Regions {
		wallet, err := again.Wallet(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"Org1 Admin"}, wallet.Names()); diff != "" {
			t.Errorf("%s: %s", r.ID, diff)
			continue
		}
		leaf := keyOf(t, wallet, "Org1 Admin")
		if !slices.Contains(leaf.Subject.OrganizationalUnit, "admin") {
			t.Errorf("%s: the identity is %s, no administrator", r.ID, leaf.Subject)
		}
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
			t.Errorf("%s: the UI would not offer the identity for the organization: %v", r.ID, err)
		}
	}

	for _, r := range w.Regions {
		lines := 0
		for _, line := range notifications(t, w, r) {
			if line == browser.Added {
				lines++
			}
		}
		if lines != 1 {
			t.Errorf("%s: %d lines about the wallet, want one", r.ID, lines)
		}
	}

	home, lost := w.Regions[0].ID, w.Regions[1].ID
	if err := w.AddToWallet(ctx, home, file(home)); !fault.Is(err, browser.Taken) {
		t.Errorf("a second upload: %v", err)
	}
	if err := w.AddToWallet(ctx, "nowhere", file(home)); !fault.Is(err, sandbox.NoRegion) {
		t.Errorf("an unknown region: %v", err)
	}
	if err := w.StopRegion(ctx, lost); err != nil {
		t.Fatal(err)
	}
	if err := w.AddToWallet(ctx, lost, file(lost)); !fault.Is(err, sandbox.NotOpened) {
		t.Errorf("a console that is away: %v", err)
	}
}

// notifications are the lines in a console's own trail.
func notifications(t *testing.T, w *sandbox.World, r sandbox.Region) (lines []string) {
	t.Helper()
	proxy, err := url.Parse(w.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	roots, err := os.ReadFile(w.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	h, err := wire.Network{Proxy: proxy}.HTTP(wire.Trust{RootsPEM: roots})
	if err != nil {
		t.Fatal(err)
	}
	defer h.CloseIdleConnections()
	q, err := http.NewRequestWithContext(t.Context(), "GET", r.ConsoleURL+"/ak/api/v3/notifications", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.SetBasicAuth(r.APIKey, r.APISecret.Expose())
	resp, err := h.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var all struct {
		Notifications []struct{ Log string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&all); err != nil {
		t.Fatal(err)
	}
	for _, n := range all.Notifications {
		lines = append(lines, n.Log)
	}
	return lines
}

func exists(path string) error {
	_, err := os.Stat(path)
	return err
}

// keyOf proves that an identity's key fits its certificate, and gives the certificate.
func keyOf(t *testing.T, w *browser.Wallet, name string) *x509.Certificate {
	t.Helper()
	id, _ := w.Identity(name)
	cert, err := base64.StdEncoding.DecodeString(id.Cert)
	if err != nil {
		t.Fatal(err)
	}
	key, err := base64.StdEncoding.DecodeString(id.PrivateKey.Expose())
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := pem.Decode(key); b == nil || b.Type != "PRIVATE KEY" {
		t.Error("the key is no PKCS#8")
	}
	both, err := tls.X509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return both.Leaf
}
