package consoles

import (
	"context"

	"farol/state/secret"
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

// OrdererDeployer is a Deployer that also makes ordering nodes.
type OrdererDeployer interface {
	CreateOrderer(context.Context, OrdererSpec) (Node, error)
}

// Furnisher is a Deployer that also makes peers from certificates that are there already.
type Furnisher interface {
	FurnishPeer(context.Context, PeerSpec, Furniture) (Node, error)
}

// Changer is a Deployer that also changes what it has made. What it tells of a node's crypto is passed on; a real
// operator tells the word redacted (console-api.md 12.4).
type Changer interface {
	Change(ctx context.Context, kind, id, field string, value any) (crypto map[string]any, err error)
}

// Actor is a Deployer that also acts on a node: restart, enroll.ecert and so on. It answers as soon as that is
// accepted.
type Actor interface {
	Act(ctx context.Context, kind, id string, actions []string) error
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

// OrdererSpec is one node of an ordering service to make.
type OrdererSpec struct {
	ID, DisplayName, MSPID string
	ClusterName, ClusterID string
	SystemChannel          string // empty when there is none
	CA, TLSCA              Enrollment
	AdminCerts             [][]byte
}

// Furniture is what a node runs with, when it does not enroll. All of it is PEM.
type Furniture struct {
	Key, TLSKey                 secret.Secret
	Cert, TLSCert               []byte
	Roots, TLSRoots, AdminCerts [][]byte
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
	AdminURL                          string // of an ordering node's channel participation
	TLSCert, ECert                    []byte
	Roots, TLSRoots                   [][]byte
	CAName, TLSCAName                 string
	StateDB                           string
}
