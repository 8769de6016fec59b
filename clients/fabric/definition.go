package fabric

import (
	"bytes"
	"fmt"
	"strings"

	"farol/state/fault"

	"github.com/hyperledger/fabric-admin-sdk/pkg/chaincode"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
)

// DefaultPolicy is the channel policy that endorses a contract whose definition names none.
const DefaultPolicy = "/Channel/Application/Endorsement"

// Definition is what organizations agree on before a contract runs on a channel.
type Definition struct {
	Name         string
	Version      string
	Sequence     int64  // 1 for the first definition, one more for each later one
	PackageID    string // the organization's own choice, no part of the agreement; empty: no package, or not known
	Policy       string // signature policy as text, a channel policy that begins with "/", or empty for DefaultPolicy
	Parameter    []byte // the policy as the ledger holds it; when set it is used as it is, and Policy only describes it
	Collections  []byte // marshalled CollectionConfigPackage; nil: no private data
	Endorsing    string // endorsement plugin; empty: Fabric's own
	Validating   string // validation plugin; empty: Fabric's own
	InitRequired bool
}

// Agrees tells whether two definitions are the same in everything that organizations must agree on. To Fabric an
// empty policy and the default one are the same, and so they are here.
func (d Definition) Agrees(other Definition) (bool, error) {
	mine, err := d.parameter()
	if err != nil {
		return false, err
	}
	theirs, err := other.parameter()
	if err != nil {
		return false, err
	}
	return d.Name == other.Name && d.Version == other.Version && d.Sequence == other.Sequence &&
		d.InitRequired == other.InitRequired && d.Endorsing == other.Endorsing && d.Validating == other.Validating &&
		samePolicy(mine, theirs) && bytes.Equal(d.Collections, other.Collections), nil
}

// samePolicy compares what policies mean, for bytes of equal messages may differ.
func samePolicy(a, b []byte) bool {
	var x, y peer.ApplicationPolicy
	return proto.Unmarshal(a, &x) == nil && proto.Unmarshal(b, &y) == nil && proto.Equal(&x, &y)
}

// parameter gives the policy as Fabric stores it.
func (d Definition) parameter() ([]byte, error) {
	if len(d.Parameter) > 0 {
		return d.Parameter, nil
	}
	var policy *peer.ApplicationPolicy
	switch {
	case d.Policy == "" || strings.HasPrefix(d.Policy, "/"):
		reference := d.Policy
		if reference == "" {
			reference = DefaultPolicy
		}
		policy = &peer.ApplicationPolicy{Type: &peer.ApplicationPolicy_ChannelConfigPolicyReference{ChannelConfigPolicyReference: reference}}
	default:
		parsed, err := chaincode.NewApplicationPolicy(d.Policy, "")
		if err != nil {
			return nil, fault.New(PolicyText, "policy", printable(d.Policy)).Because(err).Certain(fault.NotSent)
		}
		policy = parsed
	}
	return proto.Marshal(policy)
}

// agreed gives the policy and the private data collections in the form that lifecycle calls take.
func (d Definition) agreed() ([]byte, *peer.CollectionConfigPackage, error) {
	parameter, err := d.parameter()
	if err != nil || len(d.Collections) == 0 {
		return parameter, nil, err
	}
	var collections peer.CollectionConfigPackage
	if err := proto.Unmarshal(d.Collections, &collections); err != nil {
		return nil, nil, fmt.Errorf("read the private data collections of %s: %w", d.Name, err)
	}
	return parameter, &collections, nil
}

// onLedger is what the lifecycle's answers have in common.
type onLedger interface {
	GetSequence() int64
	GetVersion() string
	GetEndorsementPlugin() string
	GetValidationPlugin() string
	GetValidationParameter() []byte
	GetCollections() *peer.CollectionConfigPackage
	GetInitRequired() bool
}

// read makes a definition from a lifecycle answer, with Fabric's defaults left out again.
func read(name string, l onLedger) (Definition, error) {
	d := Definition{Name: name, Version: l.GetVersion(), Sequence: l.GetSequence(), Parameter: l.GetValidationParameter(),
		InitRequired: l.GetInitRequired(), Policy: describe(l.GetValidationParameter())}
	if p := l.GetEndorsementPlugin(); p != "escc" {
		d.Endorsing = p
	}
	if p := l.GetValidationPlugin(); p != "vscc" {
		d.Validating = p
	}
	if len(l.GetCollections().GetConfig()) == 0 {
		return d, nil
	}
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(l.GetCollections())
	d.Collections = raw
	return d, err
}
