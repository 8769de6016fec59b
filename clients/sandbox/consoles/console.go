// Package consoles answers as a Fabric Operations Console does: the REST contract of console-api.md, with a
// Deployer below that makes real nodes. It is the far side of practice regions, and shares no code with
// Farol's client, so that one cannot hide a mistake of the other.
package consoles

import (
	"context"
	"net/http"
	"strings"
	"time"

	"farol/state/secret"
)

// Options of one console.
type Options struct {
	Instance string // the console's own id
	Region   string
	HostURL  string // https://console.us-east.farol.test
	Version  string // as settings show it
	Store    string // file that keeps what the console knows
	Writes   int    // calls a minute that are not GET; 0: no limit
	Reads    int    // GETs a minute; 0: no limit
	Clock    func() time.Time
	Deployer Deployer

	ImportOnly      bool          // has no deployer: nodes can only be imported
	DeployerTimeout time.Duration // how long a creation may take; 0: as consoles come
}

// The limits of a console as it comes (console-api.md 0.8).
const (
	DefaultWrites = 25
	DefaultReads  = 100

	DefaultDeployerTimeout = 105 * time.Second
)

// Deployer is the part below a console that makes real nodes.
type Deployer interface {
	// CreateCA and CreatePeer answer as soon as the node is accepted; it may still be starting.
	CreateCA(context.Context, CASpec) (Node, error)
	CreatePeer(context.Context, PeerSpec) (Node, error)
	Delete(ctx context.Context, kind, id string) error
	List(context.Context) ([]Node, error)
	// Healthy asks a node's status URL as a console does, without verifying its certificate.
	Healthy(ctx context.Context, url string) error
}

// Teller is a Deployer that also passes on what a node says at its status URL, which is JSON.
type Teller interface {
	Tell(ctx context.Context, url string) ([]byte, error)
}

// DeployError is a refusal of the deployer. Cause is set when a node was begun and could not be made
// (console-api.md 12.1).
type DeployError struct {
	Status  int
	Message string
	Cause   string
}

func (e *DeployError) Error() string { return e.Message + e.Cause }

// CASpec is a certificate authority to make.
type CASpec struct {
	ID, DisplayName string
	CA, TLSCA       Registry
}

// Registry is how an authority's users begin.
type Registry struct {
	MaxEnrollments int
	Identities     []Identity
}

// Identity is one user of an authority.
type Identity struct {
	Name, Type, Affiliation string
	Pass                    secret.Secret
	Attrs                   map[string]string
}

// PeerSpec is a peer to make.
type PeerSpec struct {
	ID, DisplayName, MSPID, StateDB string
	CA, TLSCA                       Enrollment
	AdminCerts                      [][]byte
}

// Enrollment is where and as whom a node gets a certificate.
type Enrollment struct {
	Host         string
	Port         int
	Name         string
	TLSCertPEM   []byte
	EnrollID     string
	EnrollSecret secret.Secret
	CSRHosts     []string
}

// Node is a node as the deployer describes it. Certificates are PEM.
type Node struct {
	ID, Kind                          string
	APIURL, OperationsURL, GRPCWebURL string
	TLSCert, ECert                    []byte
	Roots, TLSRoots                   [][]byte
	CAName, TLSCAName                 string
	StateDB                           string
}

// Console is one console. It may be used from any goroutine.
type Console struct {
	o     Options
	store *store
	gate  *gate
}

// New opens a console with what its store remembers.
func New(o Options) (*Console, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.DeployerTimeout == 0 {
		o.DeployerTimeout = DefaultDeployerTimeout
	}
	s, err := open(o.Store)
	if err != nil {
		return nil, err
	}
	return &Console{o: o, store: s, gate: newGate(o)}, nil
}

// ServeHTTP implements http.Handler.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := c.o.Clock()
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	w.Header().Set("Cache-Control", "no-store")
	a, who := c.answer(w, r)
	a.send(w)
	if who.key != "" && r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/status") {
		c.note(r, who, a.status, began)
	}
}

const maxBody = 25 << 20

// answer looks how often somebody asks, finds the route, and checks who it is. Only then the route may read
// the body.
func (c *Console) answer(w http.ResponseWriter, r *http.Request) (answer, caller) {
	if !c.gate.allow(w, r) {
		return tooMany(c.gate.limit(r)), caller{}
	}
	rt, args, ok := find(r)
	switch {
	case !ok:
		return fail(http.StatusNotFound, "msg", "route not found"), caller{}
	case c.o.ImportOnly && strings.HasPrefix(r.URL.Path, base+"/kubernetes/"):
		return fail(http.StatusServiceUnavailable, "error", "api is not available",
			"msg", `this api is not available to Console's without the "deployer" counterpart`), caller{}
	case rt.action == "":
		return rt.serve(c, r, args), caller{}
	}
	who, refused := c.gate.who(c.store, r)
	if refused != nil {
		return *refused, caller{}
	}
	if !who.may(rt.action) {
		return unauthorized(c.o.HostURL), who
	}
	return rt.serve(c, r, args), who
}
