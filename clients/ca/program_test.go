package ca

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	randv2 "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"farol/clients/sandbox/binaries"
	"farol/clients/sandbox/binaries/realfabric"
	"farol/state/secret"
)

// caProgram gives the real fabric-ca-server. Where it is not there yet the test is skipped, unless real Fabric is
// required: then it is built.
func caProgram(t *testing.T) string {
	t.Helper()
	if os.Getenv("FAROL_FABRIC_BIN") == "" && os.Getenv("FAROL_REQUIRE_FABRIC") == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		built := filepath.Join(cache, "farol", "fabric-2.5.9-ca-1.5.15-"+runtime.GOOS+"-"+runtime.GOARCH, binaries.CAServer)
		if _, err := os.Stat(built); err != nil {
			t.Skip("SKIPPED, a real Fabric CA is not tested: no " + built + " (farol sandbox builds it; FAROL_FABRIC_BIN names another folder)")
		}
	}
	return filepath.Join(realfabric.Programs(t), binaries.CAServer)
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
