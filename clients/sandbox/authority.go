package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// lifetime of the practice world's own certificates. A world is thrown away long before.
const lifetime = 365 * 24 * time.Hour

// authority issues certificates inside this process: for the ordering organization, which is another company
// whose way of doing so is not the lesson, and for the consoles' HTTPS.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte // the certificate
}

// credential is a certificate with its key, both PEM.
type credential struct {
	cert []byte
	key  []byte // PKCS #8
}

func newAuthority(commonName, organization string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	c := blank(pkix.Name{CommonName: commonName, Organization: []string{organization}})
	c.IsCA, c.BasicConstraintsValid = true, true
	c.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("authority %s: %w", commonName, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &authority{cert: cert, key: key, pem: encode("CERTIFICATE", der)}, nil
}

// issue makes a certificate. The unit is the role in Fabric's sense; hosts make it fit for TLS, both ways.
func (a *authority) issue(commonName, unit string, hosts ...string) (credential, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return credential{}, err
	}
	name := pkix.Name{CommonName: commonName, Organization: a.cert.Subject.Organization}
	if unit != "" {
		name.OrganizationalUnit = []string{unit}
	}
	c := blank(name)
	c.KeyUsage, c.DNSNames = x509.KeyUsageDigitalSignature, hosts
	if len(hosts) > 0 {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return credential{}, fmt.Errorf("certificate of %s: %w", commonName, err)
	}
	return pair(der, key)
}

// selfSigned makes a certificate that vouches for itself, as a hosted console gives its authorities for HTTPS.
func selfSigned(host string) (credential, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return credential{}, err
	}
	c := blank(pkix.Name{CommonName: host})
	c.KeyUsage, c.DNSNames = x509.KeyUsageDigitalSignature, []string{host}
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		return credential{}, fmt.Errorf("certificate of %s: %w", host, err)
	}
	return pair(der, key)
}

// pair encodes a certificate with its key.
func pair(der []byte, key *ecdsa.PrivateKey) (credential, error) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return credential{}, err
	}
	return credential{cert: encode("CERTIFICATE", der), key: encode("PRIVATE KEY", pkcs8)}, nil
}

func blank(name pkix.Name) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)) // crypto/rand never fails since Go 1.24
	now := time.Now()
	return &x509.Certificate{SerialNumber: serial, Subject: name, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(lifetime)}
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
