// Package ca talks to a Fabric CA server over its REST API (fabric-ca 1.5, swagger and lib/serverendpoint.go).
// One server may hold several authorities; a Client speaks to one of them.
package ca

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"farol/clients/wire"
	"farol/state/fault"
	"farol/state/secret"
)

// callTime bounds one call. The work behind it, hashing a secret, takes a fraction of a second.
const callTime = 30 * time.Second

// Client speaks to one authority of a CA server.
type Client struct {
	url, name, host string
	http            *http.Client
}

// New makes a client for the authority with this name ("ca", "tlsca") at a server's URL.
func New(url, name string, http *http.Client) *Client {
	_, host, _ := strings.Cut(url, "://")
	return &Client{url: strings.TrimRight(url, "/"), name: name, host: strings.TrimRight(host, "/"), http: http}
}

// Info is what an authority tells everybody.
type Info struct {
	Name     string
	Version  string
	ChainPEM []byte // its certificate, and those above it
}

// Info asks for the authority's name and certificates. Nobody needs to sign in for it.
func (c *Client) Info(ctx context.Context) (Info, error) {
	var r struct {
		CAName, Version string
		CAChain         []byte // base64 in JSON
	}
	err := c.call(ctx, request{method: http.MethodPost, path: "/api/v1/cainfo", body: map[string]any{"caname": c.name}}, &r)
	if err == nil && (r.CAName != c.name || len(r.CAChain) == 0) {
		err = c.garbled()
	}
	return Info{r.CAName, r.Version, r.CAChain}, err
}

// Enrollment is an issued certificate with the certificates above it.
type Enrollment struct{ CertPEM, ChainPEM []byte }

// Enroll asks for a certificate for a key that the caller has made and sealed before. The profile is "" for
// an identity, "tls" for a TLS certificate; hosts are its names.
func (c *Client) Enroll(ctx context.Context, id string, pass, key secret.Secret, profile string, hosts []string) (Enrollment, error) {
	csr, err := signingRequest(id, key, hosts)
	if err != nil {
		return Enrollment{}, err
	}
	body := map[string]any{"certificate_request": string(csr), "caname": c.name}
	if profile != "" {
		body["profile"] = profile
	}
	if len(hosts) > 0 {
		body["hosts"] = hosts
	}
	var r struct {
		Cert       []byte
		ServerInfo struct{ CAChain []byte }
	}
	err = c.call(ctx, request{method: http.MethodPost, path: "/api/v1/enroll", body: body, who: id, sign: func(r *http.Request, _ []byte) error {
		r.SetBasicAuth(id, pass.Expose())
		return nil
	}}, &r)
	if err != nil {
		return Enrollment{}, err
	}
	if !MatchesKey(r.Cert, key) {
		return Enrollment{}, c.garbled()
	}
	return Enrollment{r.Cert, r.ServerInfo.CAChain}, nil
}

func signingRequest(id string, key secret.Secret, hosts []string) ([]byte, error) {
	signer, err := parseKey(key)
	if err != nil {
		return nil, err
	}
	t := &x509.CertificateRequest{Subject: pkix.Name{CommonName: id}}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
			continue
		}
		t.DNSNames = append(t.DNSNames, h)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, t, signer)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}), err
}

// Registration is a new identity.
type Registration struct {
	ID             string
	Secret         secret.Secret
	Type           string // peer, admin, client, orderer
	MaxEnrollments int    // -1: no limit
}

// Register adds an identity. An identity that is there already keeps its secret and type (CodeDuplicate).
func (c *Client) Register(ctx context.Context, registrar Registrar, r Registration) error {
	return c.call(ctx, request{method: http.MethodPost, path: "/api/v1/register", who: r.ID, sign: registrar.sign, body: map[string]any{
		"id": r.ID, "secret": r.Secret.Expose(), "type": r.Type, "max_enrollments": r.MaxEnrollments, "affiliation": "", "caname": c.name,
	}}, nil)
}

// IdentityInfo is a registered identity.
type IdentityInfo struct {
	ID             string `json:"id"`
	Type           string `json:"type"`
	Affiliation    string `json:"affiliation"`
	MaxEnrollments int    `json:"max_enrollments"`
}

// Identity looks one identity up.
func (c *Client) Identity(ctx context.Context, registrar Registrar, id string) (IdentityInfo, bool, error) {
	var r IdentityInfo
	err := c.call(ctx, request{method: http.MethodGet, path: "/api/v1/identities/" + url.PathEscape(id) + c.query(), sign: registrar.sign, who: id}, &r)
	if fault.Is(err, CodeUnknownIdentity) {
		return r, false, nil
	}
	if err == nil && !strings.EqualFold(r.ID, id) { // some of the databases below do not tell letters apart
		err = c.garbled()
	}
	return r, err == nil, err
}

// Identities lists all identities that the registrar may see.
func (c *Client) Identities(ctx context.Context, registrar Registrar) ([]IdentityInfo, error) {
	var r struct{ Identities []IdentityInfo }
	err := c.call(ctx, request{method: http.MethodGet, path: "/api/v1/identities" + c.query(), sign: registrar.sign}, &r)
	if err == nil && len(r.Identities) == 0 {
		err = c.garbled() // there is the registrar, at least
	}
	return r.Identities, err
}

// Certificates lists the certificates that were issued to an identity, as PEM.
func (c *Client) Certificates(ctx context.Context, registrar Registrar, id string) ([][]byte, error) {
	var r struct {
		Certs []struct{ PEM string }
	}
	err := c.call(ctx, request{method: http.MethodGet, path: "/api/v1/certificates" + c.query() + "&id=" + url.QueryEscape(id), sign: registrar.sign, who: id}, &r)
	if err == nil && r.Certs == nil {
		err = c.garbled()
	}
	var out [][]byte
	for _, cert := range r.Certs {
		out = append(out, []byte(cert.PEM))
	}
	return out, err
}

func (c *Client) query() string { return "?ca=" + url.QueryEscape(c.name) }

type request struct {
	method, path string
	body         any
	who          string // the identity that it is about, for the fault
	sign         func(*http.Request, []byte) error
}

// answer is the envelope of every answer. Errors come with a result that is an empty string, so the result is
// decoded late.
type answer struct {
	Success bool            `json:"success"`
	Result  json.RawMessage `json:"result"`
	Errors  []struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"errors"`
}

func (c *Client) call(ctx context.Context, q request, into any) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	var body []byte
	if q.body != nil {
		var err error
		if body, err = json.Marshal(q.body); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, q.method, c.url+q.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if q.sign != nil {
		if err := q.sign(r, body); err != nil {
			return err
		}
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return wire.Classify(err, c.host)
	}
	data, err := wire.ReadBody(resp, wire.MaxBody)
	if errors.Is(err, wire.ErrTooLarge) {
		return c.garbled().Because(err)
	}
	if err != nil {
		return wire.Classify(err, c.host)
	}
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return c.garbled().Because(err)
	}
	if !a.Success || resp.StatusCode >= http.StatusBadRequest {
		return c.refusal(resp.StatusCode, a, q.who)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(a.Result, into); err != nil {
		return c.garbled().Because(err)
	}
	return nil
}

// encode is the CA's base64: standard, with padding.
var encode = base64.StdEncoding.EncodeToString
