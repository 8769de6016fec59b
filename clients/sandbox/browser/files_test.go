package browser_test

import (
	"archive/zip"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"farol/state/secret"
)

type object = map[string]any

// pair is a certificate with its key, as PEM.
type pair struct{ cert, key, sec1 []byte }

func newPair(t *testing.T) pair {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "boss"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, b []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}) }
	return pair{block("CERTIFICATE", der), block("PRIVATE KEY", pkcs8), block("EC PRIVATE KEY", sec1)}
}

func (p pair) der(t *testing.T) []byte {
	t.Helper()
	b, _ := pem.Decode(p.cert)
	return b.Bytes
}

func (p pair) secret() secret.Secret { return secret.New(p.key) }

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// identity is a wallet file's object, with changes; a change to nil takes the field away.
func (p pair) identity(name string, changes ...any) object {
	o := object{"name": name, "type": "identity", "cert": b64(p.cert), "private_key": b64(p.key)}
	for i := 0; i < len(changes); i += 2 {
		key := changes[i].(string)
		if o[key] = changes[i+1]; o[key] == nil {
			delete(o, key)
		}
	}
	return o
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// entry is a file of a zip.
type entry struct {
	name    string
	content []byte
}

func zipped(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := z.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
