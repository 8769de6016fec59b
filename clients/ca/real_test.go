package ca

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	randv2 "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"farol/clients/wire"
	"farol/state/fault"
	"farol/state/secret"
)

// caProgram gives the real fabric-ca-server, or skips the test.
func caProgram(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: no real Fabric CA")
	}
	dir := os.Getenv("FAROL_FABRIC_BIN")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(cache, "farol", "fabric-2.5.9-ca-1.5.15-"+runtime.GOOS+"-"+runtime.GOARCH)
	}
	program := filepath.Join(dir, "fabric-ca-server")
	if _, err := os.Stat(program); err != nil {
		why := "no " + program + " (farol sandbox builds it; FAROL_FABRIC_BIN names another folder)"
		if os.Getenv("FAROL_REQUIRE_FABRIC") != "" {
			t.Fatal(why)
		}
		t.Skip("SKIPPED, a real Fabric CA is not tested: " + why)
	}
	return program
}

// realCA is a running fabric-ca-server with the two authorities that a hosted console makes.
type realCA struct {
	url     string
	rootPEM []byte // of its TLS
}

func (r realCA) client(t *testing.T, name string) *Client {
	return New(r.url, name, trusting(t, r.rootPEM))
}

func freePort(t *testing.T) int {
	t.Helper()
	for range 200 {
		port := 20000 + randv2.IntN(12000) // below the ports that outgoing connections take
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// startCA starts a server whose administrator has the canary as its secret.
func startCA(t *testing.T) realCA {
	t.Helper()
	program, dir, port := caProgram(t), t.TempDir(), freePort(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	r := realCA{url: fmt.Sprintf("https://127.0.0.1:%d", port), rootPEM: encodePEM("CERTIFICATE", der)}
	write(t, dir+"/https.pem", r.rootPEM)
	write(t, dir+"/https-key.pem", encodePEM("PRIVATE KEY", pkcs8))
	authority := func(name string) string {
		return fmt.Sprintf(`ca: {name: %s}
csr: {cn: test-%[1]s, hosts: [localhost]}
registry:
  maxenrollments: -1
  identities:
    - {name: admin, pass: %[2]s, type: client, affiliation: "", attrs: {hf.Registrar.Roles: "*", hf.Registrar.DelegateRoles: "*", hf.Registrar.Attributes: "*", hf.Revoker: true, hf.AffiliationMgr: true}}
affiliations: {}
db: {type: sqlite3, datasource: %[3]s/users.db}
signing:
  default: {usage: [digital signature], expiry: 8760h}
  profiles:
    tls: {usage: [signing, key encipherment, server auth, client auth, key agreement], expiry: 8760h}
`, name, canary, dir)
	}
	write(t, dir+"/fabric-ca-server-config.yaml", fmt.Appendf(nil, `address: 127.0.0.1
port: %d
tls: {enabled: true, certfile: https.pem, keyfile: https-key.pem}
cafiles: [tlsca/fabric-ca-server-config.yaml]
operations: {listenAddress: "127.0.0.1:%d"}
%s`, port, freePort(t), authority("ca")))
	write(t, dir+"/tlsca/fabric-ca-server-config.yaml", []byte(authority("tlsca")))

	var log bytes.Buffer
	cmd := exec.Command(program, "start", "--home", dir)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env, cmd.WaitDelay = dir, &log, &log, []string{"PATH=/usr/bin:/bin", "HOME=" + dir}, time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("log of the CA:\n%s", strings.ReplaceAll(log.String(), canary, secret.Mask))
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		_, err := r.client(t, "ca").Info(ctx)
		if err == nil {
			return r
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the CA ended: %v", err)
		case <-ctx.Done():
			t.Fatalf("the CA is not ready: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

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
