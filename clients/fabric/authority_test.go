package fabric

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"

	"farol/state/secret"
)

// authority issues certificates for tests, as a certificate authority of an organization does.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	PEM  []byte
}

// leaf is a certificate with its key, both PEM.
type leaf struct{ certPEM, keyPEM []byte }

func newAuthority(t testing.TB, name string) *authority {
	t.Helper()
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
	}
	a := &authority{t: t}
	a.cert, a.key = a.make(template, nil, nil)
	a.PEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
	return a
}

// issue makes a certificate whose organizational unit is the role.
func (a *authority) issue(name, role string, hosts ...string) leaf {
	a.t.Helper()
	template := &x509.Certificate{
		Subject:  pkix.Name{CommonName: name, OrganizationalUnit: []string{role}},
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	if len(hosts) > 0 {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	cert, key := a.make(template, a.cert, a.key)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return leaf{
		certPEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}),
		keyPEM:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
	}
}

func (a *authority) make(template, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	if parent == nil {
		parent, signer = template, key
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	point, err := key.PublicKey.Bytes()
	if err != nil {
		a.t.Fatal(err)
	}
	template.SubjectKeyId = point[1:21]
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert, key
}

// pair gives an identity as TLS wants it.
func (i leaf) pair(t testing.TB) tls.Certificate {
	t.Helper()
	p, err := tls.X509KeyPair(i.certPEM, i.keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// org is an organization of the tests: an authority for identities and one for TLS.
type org struct {
	id      string
	ca, tls *authority
}

func newOrg(t testing.TB, id string) *org {
	t.Helper()
	return &org{id: id, ca: newAuthority(t, "ca."+id), tls: newAuthority(t, "tlsca."+id)}
}

func (o *org) spec() MSPSpec {
	return MSPSpec{MSPID: o.id, RootsPEM: o.ca.PEM, TLSRootsPEM: o.tls.PEM, NodeOUs: true}
}

// signer makes a signer with a role.
func (o *org) signer(t testing.TB, role string) *Signer {
	t.Helper()
	i := o.ca.issue(role+"@"+o.id, role)
	s, err := NewSigner(o.id, i.certPEM, secret.New(i.keyPEM))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
