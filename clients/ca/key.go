package ca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"

	"farol/state/secret"
)

// NewKey makes a P-256 key as PKCS#8 PEM: the only form that consoles' wallets take (console-api.md 0.12).
func NewKey() (secret.Secret, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return secret.Secret{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return secret.Secret{}, err
	}
	defer clear(der)
	return secret.New(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

var errKey = errors.New("not an ECDSA key in PKCS#8 PEM")

func parseKey(s secret.Secret) (key *ecdsa.PrivateKey, err error) {
	s.Reveal(func(b []byte) {
		block, _ := pem.Decode(b)
		if block == nil {
			err = errKey
			return
		}
		parsed, parseErr := x509.ParsePKCS8PrivateKey(block.Bytes)
		var ok bool
		if key, ok = parsed.(*ecdsa.PrivateKey); parseErr != nil || !ok {
			err = errKey
		}
	})
	return key, err
}

// MatchesKey tells whether a certificate was issued for a key.
func MatchesKey(certPEM []byte, key secret.Secret) bool {
	block, _ := pem.Decode(certPEM)
	if block == nil {
		return false
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return false
	}
	own, err := parseKey(key)
	return err == nil && own.PublicKey.Equal(cert.PublicKey)
}

// Registrar is an enrolled identity that may register others. A certificate of one authority is refused by
// another.
type Registrar struct {
	CertPEM []byte
	Key     secret.Secret
}

// sign puts the CA's token on a request: the certificate, and an ECDSA signature with the lower of the two
// possible values of S over method, path with query, body and certificate (fabric-ca util.CreateToken).
func (r Registrar) sign(q *http.Request, body []byte) error {
	key, err := parseKey(r.Key)
	if err != nil {
		return err
	}
	cert := encode(r.CertPEM)
	digest := sha256.Sum256([]byte(q.Method + "." + encode([]byte(q.URL.RequestURI())) + "." + encode(body) + "." + cert))
	x, y, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		return err
	}
	order := key.Params().N
	if y.Cmp(new(big.Int).Rsh(order, 1)) > 0 {
		y.Sub(order, y)
	}
	signature, err := asn1.Marshal(struct{ R, S *big.Int }{x, y})
	if err != nil {
		return err
	}
	q.Header.Set("Authorization", cert+"."+encode(signature))
	return nil
}
