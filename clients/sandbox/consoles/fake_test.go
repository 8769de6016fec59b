package consoles

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"farol/state/secret"
)

// The certificates of the record, by the length that it gives for them.
const (
	certTLS     = "800" // of a node's endpoint
	certTLSRoot = "848"
	certEnroll  = "904"
	certRoot    = "948"
)

var certs4 = sync.OnceValue(func() map[string][]byte {
	fabric := func(cn string) []pkix.AttributeTypeAndValue {
		return []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 6}, Value: "US"}, {Type: asn1.ObjectIdentifier{2, 5, 4, 10}, Value: "Hyperledger"},
			{Type: asn1.ObjectIdentifier{2, 5, 4, 11}, Value: "Fabric"}, {Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: cn}}
	}
	subjects := map[string][]pkix.AttributeTypeAndValue{
		certRoot: fabric("org1ca"), certEnroll: fabric("peer1"), certTLSRoot: fabric("org1tlsca")[1:], certTLS: fabric("127.0.0.1")[3:],
	}
	subjects[certTLSRoot] = slices.Delete(subjects[certTLSRoot], 1, 2) // no OU
	out := map[string][]byte{}
	for n, subject := range subjects {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		c := x509.Certificate{SerialNumber: big.NewInt(int64(len(out)) + 1), Subject: pkix.Name{ExtraNames: subject},
			NotBefore: time.Now(), NotAfter: time.Now().AddDate(10, 0, 0)}
		if n == certTLS {
			c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
		}
		der, err := x509.CreateCertificate(rand.Reader, &c, &c, &key.PublicKey, key)
		if err != nil {
			panic(err)
		}
		out[n] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	return out
})

// certOf is a test certificate. What the record shortens elsewhere is a private key, which stays what it is.
func certOf(t *testing.T, length string) []byte {
	t.Helper()
	if c, known := certs4()[length]; known {
		return c
	}
	return []byte("shortened to " + length)
}

func encoded(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// fake is a deployer that makes nothing, as the one below the recorded consoles.
type fake struct {
	slow time.Duration
	down bool

	mu     sync.Mutex
	nodes  map[string]Node
	refuse error         // what every creation is answered
	hold   chan struct{} // when set: creations wait for it
	held   chan string   // and say here that they do
	seen   []string      // passwords that came with creations
	acted  []string      // what was done with which node
	orders []OrdererSpec // ordering nodes that were wanted
}

var errDown = errors.New("connect ECONNREFUSED 127.0.0.1:18090")

func (f *fake) create(ctx context.Context, n Node) (Node, error) {
	if f.down {
		return Node{}, errDown
	}
	if f.refuse != nil {
		return Node{}, f.refuse
	}
	if f.hold != nil {
		f.held <- n.ID
		<-f.hold
		if ctx.Err() != nil {
			return Node{}, ctx.Err()
		}
	}
	select {
	case <-time.After(f.slow):
	case <-ctx.Done():
		return Node{}, ctx.Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, taken := f.nodes[n.ID]; taken {
		word := map[string]string{kindCA: "ibpcas", kindPeer: "ibppeers", kindOrderer: "ibporderers"}[n.Kind]
		return Node{}, &DeployError{Status: http.StatusConflict, Message: fmt.Sprintf("%s.ibp.com %q already exists", word, n.ID)}
	}
	if f.nodes == nil {
		f.nodes = map[string]Node{}
	}
	n.OperationsURL, n.TLSCert = "http://127.0.0.1:18081", certs4()[certTLS]
	f.nodes[n.ID] = n
	return n, nil
}

func (f *fake) CreateCA(ctx context.Context, s CASpec) (Node, error) {
	for _, i := range s.CA.Identities {
		f.mu.Lock()
		f.seen = append(f.seen, i.Pass.Expose())
		f.mu.Unlock()
	}
	return f.create(ctx, Node{ID: s.ID, Kind: kindCA, APIURL: "http://127.0.0.1:18081", CAName: "ca", TLSCAName: "tlsca"})
}

func (f *fake) CreatePeer(ctx context.Context, s PeerSpec) (Node, error) {
	c := certs4()
	return f.create(ctx, Node{ID: s.ID, Kind: kindPeer, APIURL: "grpcs://127.0.0.1:18081", GRPCWebURL: "http://127.0.0.1:18081", StateDB: s.StateDB,
		ECert: c[certEnroll], Roots: [][]byte{c[certRoot]}, TLSRoots: [][]byte{c[certTLSRoot]}})
}

// CreateOrderer implements OrdererDeployer.
func (f *fake) CreateOrderer(ctx context.Context, s OrdererSpec) (Node, error) {
	c := certs4()
	f.mu.Lock()
	f.orders = append(f.orders, s)
	f.mu.Unlock()
	const at = "http://127.0.0.1:18081"
	return f.create(ctx, Node{ID: s.ID, Kind: kindOrderer, APIURL: "grpcs://127.0.0.1:18081", GRPCWebURL: at, AdminURL: at,
		ECert: c[certEnroll], Roots: [][]byte{c[certRoot]}, TLSRoots: [][]byte{c[certTLSRoot]}})
}

// FurnishPeer implements Furnisher.
func (f *fake) FurnishPeer(ctx context.Context, s PeerSpec, with Furniture) (Node, error) {
	f.mu.Lock()
	f.seen = append(f.seen, with.Key.Expose())
	f.mu.Unlock()
	return f.create(ctx, Node{ID: s.ID, Kind: kindPeer, APIURL: "grpcs://127.0.0.1:18081", GRPCWebURL: "http://127.0.0.1:18081", StateDB: s.StateDB,
		ECert: with.Cert, Roots: with.Roots, TLSRoots: with.TLSRoots})
}

// Change implements Changer. As the recorded deployer, and no real one, it tells an enroll secret in clear.
func (f *fake) Change(_ context.Context, kind, _, _ string, _ any) (map[string]any, error) {
	if kind != kindPeer {
		return nil, nil
	}
	enroll := func(ca string) map[string]any {
		return map[string]any{"cahost": "127.0.0.1", "caname": ca, "caport": "18081", "enrollid": "peer1", "enrollsecret": "peer1pw",
			"catls": map[string]any{"cacert": encoded(certs4()[certTLS])}}
	}
	component, tls := enroll("ca"), enroll("tlsca")
	component["admincerts"] = []any{encoded(certs4()[certEnroll])}
	tls["csr"] = map[string]any{"hosts": []any{"peer1.example.com"}}
	return map[string]any{"enrollment": map[string]any{"component": component, "tls": tls}}, nil
}

// Act implements Actor.
func (f *fake) Act(_ context.Context, _, id string, actions []string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range actions {
		f.acted = append(f.acted, id+" "+a)
	}
	return nil
}

func (f *fake) Delete(_ context.Context, kind, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n, there := f.nodes[id]; !there || n.Kind != kind {
		return &DeployError{Status: http.StatusNotFound, Message: fmt.Sprintf("%q not found", id)}
	}
	delete(f.nodes, id)
	return nil
}

func (f *fake) List(context.Context) ([]Node, error) {
	if f.down {
		return nil, errDown
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.SortedFunc(maps.Values(f.nodes), func(a, b Node) int { return strings.Compare(a.ID, b.ID) }), nil
}

func (f *fake) Healthy(_ context.Context, url string) error {
	if strings.HasPrefix(url, "http://127.0.0.1:") {
		return nil
	}
	at, _ := neturl.Parse(url)
	return errors.New("blocked non-loopback " + at.Hostname())
}

var testOptions = Options{Instance: "65d19", Region: "us-south", HostURL: "http://127.0.0.1:3001", Version: "2.5.2-99",
	Writes: DefaultWrites, Reads: DefaultReads}

// Tell implements Teller.
func (f *fake) Tell(_ context.Context, url string) ([]byte, error) {
	if !strings.HasSuffix(url, "/cainfo") {
		return []byte(`{"status":"OK","time":"2026-11-23T04:11:14.008Z"}`), f.Healthy(context.Background(), url)
	}
	return fmt.Appendf(nil, `{"errors":[],"messages":[],"success":true,"result":{"CAChain":%q,"CAName":"ca","IssuerPublicKey":"","IssuerRevocationPublicKey":"","Version":"v1.5.15"}}`,
		encoded(certs4()[certRoot])), f.Healthy(context.Background(), url)
}

// base is where programs find the contract.
const base = "/ak/api/v3"

const testSecret = "0123456789abcdef0123456789abcdef"

// newConsole is a console with keys called reader, writer and manager, and its options changed.
func newConsole(t *testing.T, change func(*Options)) *Console {
	t.Helper()
	o := testOptions
	o.Store, o.Deployer = filepath.Join(t.TempDir(), "store.json"), &fake{}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{"reader", "writer", "manager"} {
		if err := c.AddKey(role, secret.FromString(testSecret), role); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// call asks a console as the owner of a key. Every call has its own user agent, so that limits are not met by
// chance.
func call(c *Console, method, path, key, body string) *httptest.ResponseRecorder {
	r := request(method, path, body)
	if key != "" {
		r.SetBasicAuth(key, testSecret)
	}
	return serve(c, r)
}

func request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("User-Agent", secret.Random(8).Expose())
	r.Header.Set("Content-Type", "application/json")
	return r
}

func serve(c *Console, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}
