package ca

import (
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"testing"

	"farol/state/secret"

	"github.com/google/go-cmp/cmp"
)

func TestAnAuthorityTellsItsNameAndCertificates(t *testing.T) {
	t.Parallel()
	s := serve(t, func(s *server, a asked, w http.ResponseWriter) {
		result(w, 200, map[string]any{"CAName": "tlsca", "CAChain": encodePEM("CERTIFICATE", s.root.Raw), "Version": "1.5.15", "IssuerPublicKey": "x"})
	})
	got, err := s.client("tlsca").Info(t.Context())
	want := Info{Name: "tlsca", Version: "1.5.15", ChainPEM: encodePEM("CERTIFICATE", s.root.Raw)}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	a := s.requests()[0]
	if a.method != "POST" || a.uri != "/api/v1/cainfo" || a.header.Get("Authorization") != "" {
		t.Errorf("asked %s %s with %q", a.method, a.uri, a.header.Get("Authorization"))
	}
	if diff := cmp.Diff(map[string]any{"caname": "tlsca"}, a.body); diff != "" {
		t.Error(diff)
	}
}

func TestAnEnrollmentAsksForACertificateOfOurKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile string
		hosts   []string
		dns     []string
		ips     int
	}{
		"identity": {},
		"TLS":      {"tls", []string{"peer1.example.com", "127.0.0.1", "::1", "peer1"}, []string{"peer1.example.com", "peer1"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := newKey(t)
			var csr *x509.CertificateRequest
			s := serve(t, func(s *server, a asked, w http.ResponseWriter) {
				var cert []byte
				cert, csr = s.issue(a.body["certificate_request"].(string))
				result(w, 201, map[string]any{"Cert": cert, "ServerInfo": map[string]any{"CAName": "ca", "CAChain": encodePEM("CERTIFICATE", s.root.Raw)}})
			})
			got, err := s.client("ca").Enroll(t.Context(), "peer1", secret.FromString(canary), key, c.profile, c.hosts)
			if err != nil {
				t.Fatal(err)
			}
			if !MatchesKey(got.CertPEM, key) || string(got.ChainPEM) != string(encodePEM("CERTIFICATE", s.root.Raw)) {
				t.Error("the certificate or its chain is another one")
			}
			if csr.Subject.String() != "CN=peer1" || !slices.Equal(csr.DNSNames, c.dns) || len(csr.IPAddresses) != c.ips {
				t.Errorf("asked for %s, %v, %v", csr.Subject, csr.DNSNames, csr.IPAddresses)
			}
			a := s.requests()[0]
			user, pass, _ := (&http.Request{Header: a.header}).BasicAuth()
			if a.method != "POST" || a.uri != "/api/v1/enroll" || user != "peer1" || pass != canary {
				t.Errorf("asked %s %s as %s", a.method, a.uri, user)
			}
			delete(a.body, "certificate_request")
			want := map[string]any{"caname": "ca"}
			if c.profile != "" {
				want["profile"] = c.profile
			}
			if c.hosts != nil {
				var hosts []any
				for _, h := range c.hosts {
					hosts = append(hosts, h)
				}
				want["hosts"] = hosts
			}
			if diff := cmp.Diff(want, a.body); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(string(a.raw), canary) || strings.Contains(string(a.raw), "PRIVATE KEY") {
				t.Error("a secret stands in the body")
			}
		})
	}
}

func TestARegistrationIsSignedByTheRegistrar(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t)
	s := serve(t, func(_ *server, a asked, w http.ResponseWriter) {
		if err := a.token(r.CertPEM); err != nil {
			t.Error(err)
		}
		result(w, 201, map[string]any{"secret": canary})
	})
	c := s.client("ca")
	for range 20 { // one signature in two has the higher S before it is turned over
		err := c.Register(t.Context(), r, Registration{ID: "peer1", Secret: secret.FromString(canary), Type: "peer", MaxEnrollments: -1})
		if err != nil {
			t.Fatal(err)
		}
	}
	a := s.requests()[0]
	want := map[string]any{"id": "peer1", "secret": canary, "type": "peer", "max_enrollments": -1.0, "affiliation": "", "caname": "ca"}
	if diff := cmp.Diff(want, a.body); diff != "" || a.method != "POST" || a.uri != "/api/v1/register" {
		t.Errorf("%s %s %s", a.method, a.uri, diff)
	}
}

func TestIdentitiesAreListed(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t)
	s := serve(t, func(_ *server, a asked, w http.ResponseWriter) {
		if err := a.token(r.CertPEM); err != nil {
			t.Error(err)
		}
		result(w, 200, map[string]any{"caname": "ca", "identities": []any{
			map[string]any{"id": "admin", "type": "client", "affiliation": "", "attrs": []any{map[string]any{"name": "hf.Revoker", "value": "1"}}, "max_enrollments": -1},
			map[string]any{"id": "peer1", "type": "peer", "affiliation": "org1.department1", "max_enrollments": 2}}})
	})
	got, err := s.client("ca").Identities(t.Context(), r)
	want := []IdentityInfo{{ID: "admin", Type: "client", MaxEnrollments: -1}, {ID: "peer1", Type: "peer", Affiliation: "org1.department1", MaxEnrollments: 2}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if a := s.requests()[0]; a.method != "GET" || a.uri != "/api/v1/identities?ca=ca" {
		t.Errorf("asked %s %s", a.method, a.uri)
	}
}

func TestAnIdentityIsLookedUp(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t)
	s := serve(t, func(_ *server, a asked, w http.ResponseWriter) {
		if err := a.token(r.CertPEM); err != nil {
			t.Error(err)
		}
		if strings.Contains(a.uri, "nobody") {
			w.WriteHeader(404)
			_, _ = w.Write([]byte(refused(63, "Failed to get User: sql: no rows in result set")))
			return
		}
		result(w, 200, map[string]any{"id": "a/b c", "type": "peer", "affiliation": "", "max_enrollments": -1, "caname": "ca"})
	})
	c := s.client("ca")
	got, found, err := c.Identity(t.Context(), r, "a/b c")
	if want := (IdentityInfo{ID: "a/b c", Type: "peer", MaxEnrollments: -1}); got != want || !found || err != nil {
		t.Errorf("got %+v %v %v", got, found, err)
	}
	if uri := s.requests()[0].uri; uri != "/api/v1/identities/a%2Fb%20c?ca=ca" {
		t.Errorf("asked %s", uri)
	}
	if _, found, err := c.Identity(t.Context(), r, "nobody"); found || err != nil {
		t.Errorf("nobody: %v %v", found, err)
	}
}

func TestTheCertificatesOfAnIdentityAreListed(t *testing.T) {
	t.Parallel()
	r := newRegistrar(t)
	s := serve(t, func(_ *server, a asked, w http.ResponseWriter) {
		if err := a.token(r.CertPEM); err != nil {
			t.Error(err)
		}
		result(w, 200, map[string]any{"caname": "ca", "certs": []any{map[string]any{"PEM": "one"}, map[string]any{"PEM": "two"}}})
	})
	got, err := s.client("ca").Certificates(t.Context(), r, "a&b")
	if err != nil || len(got) != 2 || string(got[0]) != "one" || string(got[1]) != "two" {
		t.Errorf("got %q %v", got, err)
	}
	if uri := s.requests()[0].uri; uri != "/api/v1/certificates?ca=ca&id=a%26b" {
		t.Errorf("asked %s", uri)
	}
}

func TestAddressesMayEndWithASlash(t *testing.T) {
	t.Parallel()
	s := says(t, 404, refused(19, "CA 'x' does not exist"))
	c := s.client("x")
	c = New(s.URL+"/", "x", c.http)
	_, err := c.Info(t.Context())
	if s.requests()[0].uri != "/api/v1/cainfo" || c.host != s.host() {
		t.Errorf("asked %s at %s: %v", s.requests()[0].uri, c.host, err)
	}
}

func TestAKeyIsMadeAsWalletsTakeIt(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	key.Reveal(func(b []byte) {
		block, rest := pem.Decode(b)
		if block == nil || block.Type != "PRIVATE KEY" || len(rest) != 0 {
			t.Error("not one PKCS#8 block")
		}
	})
	cert, _ := selfSigned(t, "x")
	other := encodePEM("CERTIFICATE", cert.Raw)
	r := newRegistrar(t)
	if !MatchesKey(r.CertPEM, r.Key) {
		t.Error("a key does not match its certificate")
	}
	for name, bad := range map[string][]byte{"another's": other, "empty": nil, "no certificate": []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")} {
		if MatchesKey(bad, key) {
			t.Errorf("%s certificate matches", name)
		}
	}
	for _, bad := range []secret.Secret{{}, secret.FromString("x"), secret.New(encodePEM("PRIVATE KEY", []byte("x"))), secret.New(other)} {
		if MatchesKey(r.CertPEM, bad) {
			t.Error("something that is no key matches")
		}
	}
}
