package ca

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"farol/clients/wire"
	"farol/state/fault"
	"farol/state/secret"
)

// canary is a secret that can be searched for.
const canary = "Canary-8e02-of-the-ca"

// asked is one request that a server saw.
type asked struct {
	method, uri string
	header      http.Header
	body        map[string]any
	raw         []byte
}

// server is a CA server that answers as told. What it is asked is kept.
type server struct {
	*httptest.Server
	t    *testing.T
	root *x509.Certificate
	key  *ecdsa.PrivateKey

	mu   sync.Mutex
	seen []asked
}

// serve starts a server.
func serve(t *testing.T, answer func(s *server, a asked, w http.ResponseWriter)) *server {
	t.Helper()
	s := &server{t: t}
	s.root, s.key = selfSigned(t, "authority")
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := asked{method: r.Method, uri: r.RequestURI, header: r.Header}
		a.raw, _ = io.ReadAll(r.Body)
		if len(a.raw) > 0 {
			if err := json.Unmarshal(a.raw, &a.body); err != nil {
				t.Errorf("%s %s: %v", a.method, a.uri, err)
			}
		}
		s.mu.Lock()
		s.seen = append(s.seen, a)
		s.mu.Unlock()
		answer(s, a, w)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// says makes a server that always answers the same.
func says(t *testing.T, status int, body string) *server {
	t.Helper()
	return serve(t, func(_ *server, _ asked, w http.ResponseWriter) { w.WriteHeader(status); _, _ = io.WriteString(w, body) })
}

// result is a successful answer.
func result(w http.ResponseWriter, status int, v any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"result": v, "errors": []any{}, "messages": []any{}, "success": true})
}

// refused is an answer with an error, as fabric-ca 1.5.15 writes it: the result is an empty string.
func refused(number int, message string) string {
	return fmt.Sprintf(`{"result":"","errors":[{"code":%d,"message":%q}],"messages":[],"success":false}`, number, message)
}

func (s *server) requests() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

// trusting makes an HTTP client that trusts these certificates.
func trusting(t *testing.T, rootsPEM []byte) *http.Client {
	t.Helper()
	h, err := wire.Network{}.HTTP(wire.Trust{RootsPEM: rootsPEM})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.CloseIdleConnections)
	return h
}

// client speaks to one of the server's authorities.
func (s *server) client(name string) *Client {
	s.t.Helper()
	return New(s.URL, name, trusting(s.t, encodePEM("CERTIFICATE", s.Certificate().Raw)))
}

func (s *server) host() string { return strings.TrimPrefix(s.URL, "https://") }

// issue signs a request for a certificate, as an authority does.
func (s *server) issue(csrPEM string) (cert []byte, csr *x509.CertificateRequest) {
	s.t.Helper()
	block, _ := pem.Decode([]byte(csrPEM))
	if block == nil {
		s.t.Errorf("no request in %q", csrPEM)
		return nil, nil
	}
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err == nil {
		err = csr.CheckSignature()
	}
	if err != nil {
		s.t.Error(err)
		return nil, nil
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: csr.Subject, DNSNames: csr.DNSNames, IPAddresses: csr.IPAddresses,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, s.root, csr.PublicKey, s.key)
	if err != nil {
		s.t.Error(err)
	}
	return encodePEM("CERTIFICATE", der), csr
}

// token checks the token of a request as fabric-ca does (util.VerifyToken): over method, path, body and certificate,
// with the lower value of S.
func (a asked) token(certPEM []byte) error {
	cert, sig, ok := strings.Cut(a.header.Get("Authorization"), ".")
	if !ok || cert != base64.StdEncoding.EncodeToString(certPEM) {
		return fmt.Errorf("token %q has not our certificate", a.header.Get("Authorization"))
	}
	raw, err := base64.StdEncoding.DecodeString(sig)
	if err != nil {
		return err
	}
	var n struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(raw, &n); err != nil || len(rest) != 0 {
		return fmt.Errorf("signature: %v, %d bytes too many", err, len(rest))
	}
	if n.S.Cmp(new(big.Int).Rsh(elliptic.P256().Params().N, 1)) > 0 {
		return fmt.Errorf("the higher S")
	}
	b64 := base64.StdEncoding.EncodeToString
	digest := sha256.Sum256([]byte(a.method + "." + b64([]byte(a.uri)) + "." + b64(a.raw) + "." + cert))
	block, _ := pem.Decode(certPEM)
	own, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	if !ecdsa.VerifyASN1(own.PublicKey.(*ecdsa.PublicKey), digest[:], raw) {
		return fmt.Errorf("wrong signature on %s %s", a.method, a.uri)
	}
	return nil
}

func encodePEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func selfSigned(t *testing.T, name string) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// newRegistrar is an identity that may register others.
func newRegistrar(t *testing.T) Registrar {
	t.Helper()
	cert, key := selfSigned(t, "admin")
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return Registrar{CertPEM: encodePEM("CERTIFICATE", cert.Raw), Key: secret.New(encodePEM("PRIVATE KEY", der))}
}

func newKey(t *testing.T) secret.Secret {
	t.Helper()
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// wantFault checks code and certainty, and that nothing secret stands in the error.
func wantFault(t *testing.T, err error, code fault.Code, certainty fault.Certainty, transient bool) *fault.Fault {
	t.Helper()
	f, ok := fault.Of(err)
	if !ok {
		t.Fatalf("got %v, want %s", err, code)
	}
	if f.Code != code || f.Certainty != certainty || f.Transient != transient {
		t.Errorf("got %v with certainty %d, transient %v; want %s with %d, %v", f, f.Certainty, f.Transient, code, certainty, transient)
	}
	for _, form := range [][]byte{[]byte(canary), []byte(base64.StdEncoding.EncodeToString([]byte("peer1:" + canary))), []byte("PRIVATE KEY")} {
		if bytes.Contains([]byte(err.Error()), form) {
			t.Errorf("something secret stands in %v", err)
		}
	}
	return f
}
