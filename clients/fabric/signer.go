package fabric

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"farol/state/fault"
	"farol/state/secret"

	"github.com/hyperledger/fabric-gateway/pkg/identity"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/msp"
	"google.golang.org/protobuf/proto"
)

// Signer is an identity that can sign. Its key sits in a closure, so that printing the signer cannot show it.
type Signer struct {
	mspID   string
	certPEM []byte
	creator []byte // marshalled SerializedIdentity, what Fabric calls the creator
	sign    identity.Sign
}

// NewSigner makes a signer of the organization mspID from a certificate and its private key, both PEM.
// The key must be an ECDSA key, the only kind that Fabric 1.4 to 2.5 accept, and belong to the certificate.
func NewSigner(mspID string, certPEM []byte, key secret.Secret) (*Signer, error) {
	bad := func(what string, err error) error {
		return fault.New(BadIdentity, "organization", mspID, "problem", what).Because(err).Certain(fault.NotSent)
	}
	if mspID == "" {
		return nil, bad("organization", errors.New("the organization's MSP id is empty"))
	}
	cert, err := parseCertificate(certPEM)
	if err != nil {
		return nil, bad("certificate", err)
	}
	var private *ecdsa.PrivateKey
	key.Reveal(func(b []byte) { private, err = parseKey(b) })
	if err != nil {
		return nil, bad("key", err)
	}
	if !private.PublicKey.Equal(cert.PublicKey) {
		return nil, bad("mismatch", errors.New("the private key does not belong to the certificate"))
	}
	sign, err := identity.NewPrivateKeySign(private)
	if err != nil {
		return nil, bad("key", err)
	}
	clean := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	creator, err := proto.Marshal(&msp.SerializedIdentity{Mspid: mspID, IdBytes: clean})
	if err != nil {
		return nil, bad("certificate", err)
	}
	return &Signer{mspID: mspID, certPEM: clean, creator: creator, sign: sign}, nil
}

// MspID gives the organization that the signer speaks for. The gateway library wants this name.
func (s *Signer) MspID() string { return s.mspID }

// Credentials gives the certificate as PEM. The gateway library wants this name.
func (s *Signer) Credentials() []byte { return s.certPEM }

// Sign signs a message as Fabric wants it: ECDSA over SHA-256, with a low S.
func (s *Signer) Sign(message []byte) ([]byte, error) {
	digest := sha256.Sum256(message)
	return s.sign(digest[:])
}

// header makes a fresh signature header: who signs, and a nonce against replays.
func (s *Signer) header() *common.SignatureHeader {
	nonce := make([]byte, 24)
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return &common.SignatureHeader{Creator: s.creator, Nonce: nonce}
}

// parseCertificate reads the first certificate of a PEM text.
func parseCertificate(text []byte) (*x509.Certificate, error) {
	certs, err := parseCertificates(text)
	if err != nil {
		return nil, err
	}
	return certs[0], nil
}

// parseCertificates reads every certificate of a PEM text and wants at least one.
func parseCertificates(text []byte) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read certificate: %w", err)
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, errors.New("no certificate in the PEM text")
	}
	return certs, nil
}

// parseKey reads a private key in PKCS #8 or SEC 1. Its errors never quote the text.
func parseKey(text []byte) (*ecdsa.PrivateKey, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "EC PRIVATE KEY":
			return x509.ParseECPrivateKey(block.Bytes)
		case "PRIVATE KEY":
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, err
			}
			if ec, ok := key.(*ecdsa.PrivateKey); ok {
				return ec, nil
			}
			return nil, fmt.Errorf("the private key is not ECDSA but %T", key)
		}
	}
	return nil, errors.New("no private key in the PEM text")
}
