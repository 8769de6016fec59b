package fabric

import (
	"fmt"
	"strings"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/msp"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
)

// describe turns a stored endorsement policy into text for people; DefaultPolicy and none become the empty text.
// The library's own printer panics on a policy that counts its identities wrong, and policies come from strangers.
func describe(parameter []byte) string {
	var policy peer.ApplicationPolicy
	if len(parameter) == 0 || proto.Unmarshal(parameter, &policy) != nil {
		return ""
	}
	if reference := policy.GetChannelConfigPolicyReference(); reference != "" {
		return strings.TrimPrefix(reference, DefaultPolicy)
	}
	var roles []string
	for _, id := range policy.GetSignaturePolicy().GetIdentities() {
		var role msp.MSPRole
		if proto.Unmarshal(id.GetPrincipal(), &role) != nil {
			return ""
		}
		roles = append(roles, fmt.Sprintf("'%s.%s'", role.GetMspIdentifier(), strings.ToLower(role.GetRole().String())))
	}
	return rule(policy.GetSignaturePolicy().GetRule(), roles)
}

// rule writes one node of a signature policy.
func rule(p *common.SignaturePolicy, roles []string) string {
	of := p.GetNOutOf()
	if of == nil {
		if i := p.GetSignedBy(); i >= 0 && int(i) < len(roles) {
			return roles[i]
		}
		return "?"
	}
	var parts []string
	for _, r := range of.GetRules() {
		parts = append(parts, rule(r, roles))
	}
	list := strings.Join(parts, ", ")
	switch int(of.GetN()) {
	case len(parts):
		return "AND(" + list + ")"
	case 1:
		return "OR(" + list + ")"
	default:
		return fmt.Sprintf("OutOf(%d, %s)", of.GetN(), list)
	}
}
