package ca

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"
	"testing"
	"time"

	"farol/clients/wire"
	"farol/state/fault"
	"farol/state/secret"
)

// TestARealFabricCA registers and enrolls a peer at both authorities, and hears every refusal that a real server can say.
func TestARealFabricCA(t *testing.T) {
	t.Parallel()
	real := startCA(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	ca, tlsca := real.client(t, "ca"), real.client(t, "tlsca")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	adminSecret, peerSecret := secret.FromString(canary), secret.Random(24)

	// The administrator.
	info, err := ca.Info(ctx)
	must(err)
	tlsInfo, err := tlsca.Info(ctx)
	must(err)
	if info.Name != "ca" || tlsInfo.Name != "tlsca" || bytes.Equal(info.ChainPEM, tlsInfo.ChainPEM) || !strings.HasPrefix(info.Version, "1.5") {
		t.Fatalf("the authorities are %s %s and %s", info.Name, info.Version, tlsInfo.Name)
	}
	registrar := Registrar{Key: newKey(t)}
	enrolled, err := ca.Enroll(ctx, "admin", adminSecret, registrar.Key, "", nil)
	must(err)
	registrar.CertPEM = enrolled.CertPEM
	chains(t, enrolled, info.ChainPEM, "admin")

	// The peer, who is not there yet.
	_, found, err := ca.Identity(ctx, registrar, "peer1")
	must(err)
	if found {
		t.Fatal("the peer is there before it was registered")
	}
	_, err = ca.Enroll(ctx, "peer1", peerSecret, newKey(t), "", nil)
	wantFault(t, err, CodeUnauthorized, fault.Refused, false)
	registration := Registration{ID: "peer1", Secret: peerSecret, Type: "peer", MaxEnrollments: 2}
	must(ca.Register(ctx, registrar, registration))
	f := wantFault(t, ca.Register(ctx, registrar, registration), CodeDuplicate, fault.Refused, false)
	if f.Facts["identity"] != "peer1" || f.Facts["code"] != "74" {
		t.Errorf("facts %v", f.Facts)
	}
	got, found, err := ca.Identity(ctx, registrar, "peer1")
	must(err)
	if want := (IdentityInfo{ID: "peer1", Type: "peer", MaxEnrollments: 2}); !found || got != want {
		t.Errorf("the peer is %+v", got)
	}
	all, err := ca.Identities(ctx, registrar)
	must(err)
	var ids []string
	for _, one := range all {
		ids = append(ids, one.ID)
	}
	slices.Sort(ids)
	if !slices.Equal(ids, []string{"admin", "peer1"}) {
		t.Errorf("listed are %v", ids)
	}
	none, err := ca.Certificates(ctx, registrar, "peer1")
	must(err)
	if len(none) != 0 {
		t.Errorf("%d certificates before it enrolled", len(none))
	}

	// One registration serves both authorities, which share their users (console-api.md 5.5).
	key, tlsKey := newKey(t), newKey(t)
	signing, err := ca.Enroll(ctx, "peer1", peerSecret, key, "", nil)
	must(err)
	chains(t, signing, info.ChainPEM, "peer1")
	serving, err := tlsca.Enroll(ctx, "peer1", peerSecret, tlsKey, "tls", []string{"peer1.example.com", "127.0.0.1"})
	must(err)
	cert := chains(t, serving, tlsInfo.ChainPEM, "peer1")
	if err := cert.VerifyHostname("peer1.example.com"); err != nil {
		t.Error(err)
	}
	if err := cert.VerifyHostname("127.0.0.1"); err != nil {
		t.Error(err)
	}
	if !MatchesKey(signing.CertPEM, key) || MatchesKey(signing.CertPEM, tlsKey) || cert.Subject.OrganizationalUnit[0] != "peer" {
		t.Errorf("certificates of %s", cert.Subject)
	}
	issued, err := ca.Certificates(ctx, registrar, "peer1")
	must(err)
	if !slices.ContainsFunc(issued, func(pem []byte) bool { return bytes.Equal(bytes.TrimSpace(pem), bytes.TrimSpace(signing.CertPEM)) }) {
		t.Errorf("%d certificates are listed, ours is not", len(issued))
	}

	// Refusals. Each looks like the others where the server wants it so (fabric.md 4).
	for name, do := range map[string]func() error{
		"used up":      func() error { _, err := ca.Enroll(ctx, "peer1", peerSecret, key, "", nil); return err },
		"wrong secret": func() error { _, err := ca.Enroll(ctx, "peer1", adminSecret, key, "", nil); return err },
		"wrong token": func() error {
			_, err := ca.Identities(ctx, Registrar{CertPEM: registrar.CertPEM, Key: key})
			return err
		},
		"another authority's certificate": func() error { _, err := tlsca.Identities(ctx, registrar); return err },
		"a stranger's certificate":        func() error { return ca.Register(ctx, newRegistrar(t), registration) },
	} {
		t.Run(name, func(t *testing.T) { wantFault(t, do(), CodeUnauthorized, fault.Refused, false) })
	}
	peer := Registrar{CertPEM: signing.CertPEM, Key: key}
	wantFault(t, ca.Register(ctx, peer, Registration{ID: "x", Type: "peer"}), CodeForbidden, fault.Refused, false)
	if _, err := real.client(t, "nobody").Info(ctx); !fault.Is(err, CodeUnknownName) {
		t.Errorf("an unknown authority: %v", err)
	}
	stranger, _ := selfSigned(t, "stranger")
	_, err = New(real.url, "ca", trusting(t, encodePEM("CERTIFICATE", stranger.Raw))).Info(ctx)
	wantFault(t, err, wire.CodeUntrusted, fault.NotSent, false)

	// Ten wrong secrets lock an identity, which is why none is tried twice.
	must(ca.Register(ctx, registrar, Registration{ID: "peer2", Secret: peerSecret, Type: "peer", MaxEnrollments: -1}))
	for try := 1; ; try++ {
		_, err := ca.Enroll(ctx, "peer2", adminSecret, key, "", nil)
		if fault.Is(err, CodeLocked) {
			break
		}
		if !fault.Is(err, CodeUnauthorized) || try > 15 {
			t.Fatalf("try %d: %v", try, err)
		}
	}
	_, err = ca.Enroll(ctx, "peer2", peerSecret, key, "", nil)
	wantFault(t, err, CodeLocked, fault.Refused, false)
}

// chains checks that a certificate is of an identity, and stands below the authority's.
func chains(t *testing.T, e Enrollment, chainPEM []byte, id string) *x509.Certificate {
	t.Helper()
	if !bytes.Equal(bytes.TrimSpace(e.ChainPEM), bytes.TrimSpace(chainPEM)) {
		t.Error("the chain of the enrollment is not the authority's")
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(chainPEM)
	block, _ := pem.Decode(e.CertPEM)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
		t.Error(err)
	}
	if cert.Subject.CommonName != id {
		t.Errorf("the certificate is of %s", cert.Subject)
	}
	return cert
}
