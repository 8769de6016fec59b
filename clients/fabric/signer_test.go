package fabric

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"farol/state/fault"
	"farol/state/secret"
)

func TestSignerSignsWhatItsCertificateVerifies(t *testing.T) {
	t.Parallel()
	o := newOrg(t, "TestMSP")
	s := o.signer(t, "admin")
	signature, err := s.Sign([]byte("message"))
	if err != nil {
		t.Fatal(err)
	}
	cert, err := parseCertificate(s.Credentials())
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("message"))
	if !ecdsa.VerifyASN1(cert.PublicKey.(*ecdsa.PublicKey), digest[:], signature) {
		t.Fatal("the certificate does not verify the signature")
	}
	if bytes.Equal(s.header().GetNonce(), s.header().GetNonce()) {
		t.Fatal("two headers have the same nonce")
	}
}

func TestSignerTakesBothKeyFormats(t *testing.T) {
	t.Parallel()
	i := newOrg(t, "TestMSP").ca.issue("admin", "admin")
	key, err := parseKey(i.keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	old := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
	if _, err := NewSigner("TestMSP", i.certPEM, secret.New(old)); err != nil {
		t.Fatal(err)
	}
}

func TestSignerRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	o := newOrg(t, "TestMSP")
	mine, other := o.ca.issue("a", "admin"), o.ca.issue("b", "admin")
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	edwards := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	for problem, try := range map[string]struct {
		msp       string
		cert, key []byte
	}{
		"organization": {"", mine.certPEM, mine.keyPEM},
		"certificate":  {"TestMSP", []byte("nothing"), mine.keyPEM},
		"key":          {"TestMSP", mine.certPEM, edwards},
		"mismatch":     {"TestMSP", mine.certPEM, other.keyPEM},
	} {
		_, err := NewSigner(try.msp, try.cert, secret.New(try.key))
		if f, ok := fault.Of(err); !ok || f.Code != BadIdentity || f.Facts["problem"] != problem {
			t.Errorf("%s: got %v", problem, err)
		}
	}
}

func TestSignerNeverShowsItsKey(t *testing.T) {
	t.Parallel()
	o := newOrg(t, "TestMSP")
	i := o.ca.issue("admin", "admin")
	s, err := NewSigner("TestMSP", i.certPEM, secret.New(i.keyPEM))
	if err != nil {
		t.Fatal(err)
	}
	key, err := parseKey(i.keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	//lint:ignore SA9005 that it encodes to nothing is the point
	asJSON, _ := json.Marshal(s)
	shown := fmt.Sprintf("%v %+v %#v %s", s, *s, s, asJSON)
	for _, form := range []string{fmt.Sprintf("%x", raw), fmt.Sprint(raw), new(big.Int).SetBytes(raw).String(), strings.Split(string(i.keyPEM), "\n")[1]} {
		if strings.Contains(shown, form) {
			t.Fatalf("printing shows the key: %s", shown)
		}
	}
}
