package steps

import (
	"context"
	"crypto/x509"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"farol/clients/ca"
	"farol/clients/console"
	"farol/clients/fabric"
	"farol/clients/wire"
	"farol/state"
	"farol/state/fault"
	"farol/state/secret"
)

// Vault keeps secrets durably (state.Vault).
type Vault interface {
	Get(name string) (secret.Secret, bool)
	Put(name string, s secret.Secret) error
}

// Options of a session.
type Options struct {
	Dir     string         // the set-up's folder
	Network wire.Network   // how everything is reached
	Owner   state.Identity // of the vault: exports are sealed for it
	// Instructions words what the other party must do; it goes into the hand-off pack.
	Instructions func(HandOff) []byte
}

// HandOff is what the instructions of a hand-off pack need to say.
type HandOff struct {
	Organization, MSPID, Channel string
	Files                        map[string]string // name in the pack → sha256
	Roots                        []string          // SHA-256 fingerprints of the root certificates
}

// Names in the vault.
const (
	vaultRegistrar = "ca/registrar" // + "/secret", "/key", "/certificate"
	vaultAdmin     = "organization/admin"
)

func vaultPeer(region string) string { return "peer/" + region }

// Session is a set-up in hand: the answers, the vault, and one client for each thing the steps talk to.
type Session struct {
	Setup state.Setup
	opts  Options
	vault Vault
	// standing tells where a step stands; nil where nothing has begun.
	standing func(step string) state.Status

	mu       sync.Mutex
	cas      map[string]*ca.Client         // by the authority's name
	consoles map[string]*console.Client    // by region
	parts    map[string]*console.Component // what was seen present, by region and id
	fabric   *fabric.Client
	orderers []console.OrdererImport
}

// NewSession makes the clients of a set-up. It talks to nobody yet.
func NewSession(setup state.Setup, v Vault, o Options) (*Session, error) {
	s := &Session{Setup: setup, opts: o, vault: v, cas: map[string]*ca.Client{}, consoles: map[string]*console.Client{}, parts: map[string]*console.Component{}}
	var err error
	if s.opts.Network, err = network(setup.Proxy, o.Network); err != nil {
		return nil, err
	}
	for _, r := range setup.Regions {
		sec, ok := v.Get(ConsoleSecret(r.ID))
		if !ok {
			return nil, fault.New(CodeRequired, "question", "consoles.api_secret@"+r.ID).Certain(fault.NotSent)
		}
		c, err := newConsole(s.opts.Network, r.Console, sec)
		if err != nil {
			return nil, err
		}
		s.consoles[r.ID] = c
	}
	data, err := os.ReadFile(s.path(OrderingCopy))
	if err != nil {
		return nil, fault.New(CodePath, "path", s.path(OrderingCopy), "reason", reason(err)).Certain(fault.NotSent).Because(err)
	}
	s.orderers, err = console.ParseOrderers(data)
	return s, err
}

// OrderingCopy is the name of Farol's copy of the ordering service's JSON in the set-up's folder.
const OrderingCopy = "ordering-service.json"

// network sends everything through the answered proxy, if there is one.
func network(proxy string, n wire.Network) (wire.Network, error) {
	if proxy == "" {
		return n, nil
	}
	u, err := url.Parse(proxy)
	if err != nil || u.Host == "" {
		return n, fault.New(CodeURL, "value", withoutUser(proxy)).Certain(fault.NotSent)
	}
	n.Proxy = u
	return n, nil
}

func newConsole(n wire.Network, c state.Console, sec secret.Secret) (*console.Client, error) {
	var t wire.Trust
	if c.CAFile != "" {
		pem, f := readable(c.CAFile)
		if f != nil {
			return nil, f.Certain(fault.NotSent)
		}
		if !x509.NewCertPool().AppendCertsFromPEM(pem) {
			return nil, fault.New(CodeCertificates, "path", c.CAFile).Certain(fault.NotSent)
		}
		t.RootsPEM = pem
	}
	h, err := n.HTTP(t)
	if err != nil {
		return nil, err
	}
	return console.New(c.URL, console.Login{Key: c.APIKey, Secret: sec}, h)
}

// Close ends the connections.
func (s *Session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fabric != nil {
		s.fabric.Close()
	}
	return nil
}

func (s *Session) path(elem ...string) string {
	return filepath.Join(append([]string{s.opts.Dir}, elem...)...)
}

func (s *Session) console(region string) *console.Client { return s.consoles[region] }

func (s *Session) home() string { return s.Setup.HomeRegion().ID }

// part gives a component that a step before has seen present, without asking its console again.
func (s *Session) part(ctx context.Context, region, id string) (*console.Component, error) {
	s.mu.Lock()
	c := s.parts[region+"/"+id]
	s.mu.Unlock()
	if c != nil {
		return c, nil
	}
	c, found, err := s.console(region).Component(ctx, id)
	if err == nil && !found {
		err = fault.New(console.CodeMissing, "id", id, "region", region)
	}
	if err != nil {
		return nil, err
	}
	s.keep(region, c)
	return c, nil
}

func (s *Session) keep(region string, c *console.Component) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parts[region+"/"+c.ID] = c
}

// authority is the organization's certificate authority, as its console describes it.
func (s *Session) authority(ctx context.Context, name string) (*ca.Client, error) {
	c, err := s.part(ctx, s.home(), s.Setup.Organization.CA)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := s.cas[name]; have != nil {
		return have, nil
	}
	h, err := s.opts.Network.HTTP(wire.Trust{RootsPEM: c.MSP.Component.TLSCert})
	if err != nil {
		return nil, err
	}
	s.cas[name] = ca.New(c.APIURL, name, h)
	return s.cas[name], nil
}

// registrar is the CA administrator that Farol enrolled.
func (s *Session) registrar() (ca.Registrar, bool) {
	cert, ok := s.vault.Get(vaultRegistrar + "/certificate")
	key, ok2 := s.vault.Get(vaultRegistrar + "/key")
	return ca.Registrar{CertPEM: []byte(cert.Expose()), Key: key}, ok && ok2
}

// ledger is the Fabric client that signs as the organization's administrator.
func (s *Session) ledger() (*fabric.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fabric != nil {
		return s.fabric, nil
	}
	cert, ok := s.vault.Get(vaultAdmin + "/certificate")
	key, ok2 := s.vault.Get(vaultAdmin + "/key")
	if !ok || !ok2 {
		return nil, fault.New(CodeNeeds, "step", s.home()+"/organization/enroll-admin").Certain(fault.NotSent)
	}
	signer, err := fabric.NewSigner(s.Setup.Organization.MSPID, []byte(cert.Expose()), key)
	if err != nil {
		return nil, err
	}
	s.fabric = fabric.New(s.opts.Network, signer)
	return s.fabric, nil
}

// CodeNeeds says that something is used before the step that makes it; facts: step.
var CodeNeeds = fault.Define("steps.needs")

// peer is a region's own peer as a Fabric node.
func (s *Session) peer(ctx context.Context, region string) (fabric.Node, error) {
	r, _ := s.Setup.Region(region)
	c, err := s.part(ctx, region, r.Peer)
	if err != nil {
		return fabric.Node{}, err
	}
	return node(c.APIURL, c.MSP.TLSCA.RootCerts, c.MSP.Component.TLSCert), nil
}

// ordering lists the ordering nodes as Fabric nodes.
func (s *Session) ordering() []fabric.Node {
	var out []fabric.Node
	for _, o := range s.orderers {
		out = append(out, node(o.APIURL, o.MSP.TLSCA.RootCerts, o.MSP.Component.TLSCert))
	}
	return out
}

// node trusts the TLS roots that the console knows for a node, and the node's own certificate where it has
// no root.
func node(apiURL string, roots [][]byte, own []byte) fabric.Node {
	var pem []byte
	for _, r := range roots {
		pem = append(append(pem, r...), '\n')
	}
	if len(roots) == 0 {
		pem = own
	}
	_, addr, _ := strings.Cut(apiURL, "://")
	return fabric.Node{Addr: addr, RootsPEM: pem}
}
