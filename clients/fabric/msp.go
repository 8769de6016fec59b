package fabric

import (
	"bytes"
	"crypto/x509"

	"farol/state/fault"

	"github.com/hyperledger/fabric-config/configtx"
	"github.com/hyperledger/fabric-config/configtx/membership"
)

// MSPSpec describes an organization for a channel's config.
type MSPSpec struct {
	MSPID       string
	RootsPEM    []byte // authorities for identities; intermediate ones are told apart by themselves
	TLSRootsPEM []byte // authorities for TLS, likewise
	AdminsPEM   []byte // certificates of the admins; needed only without NodeOUs
	NodeOUs     bool   // roles come from the certificates' organizational units, as Fabric CA writes them
}

// membership turns the description into the library's form.
func (m MSPSpec) membership() (configtx.MSP, error) {
	bad := func(problem string, err error) (configtx.MSP, error) {
		return configtx.MSP{}, fault.New(Material, "organization", m.MSPID, "problem", problem).Because(err).Certain(fault.NotSent)
	}
	out := configtx.MSP{Name: m.MSPID, CryptoConfig: membership.CryptoConfig{
		SignatureHashFamily: "SHA2", IdentityIdentifierHashFunction: "SHA256"}}
	certs, err := parseCertificates(m.RootsPEM)
	if err != nil {
		return bad("roots", err)
	}
	out.RootCerts, out.IntermediateCerts = ranks(certs)
	if certs, err = parseCertificates(m.TLSRootsPEM); err != nil {
		return bad("tls-roots", err)
	}
	out.TLSRootCerts, out.TLSIntermediateCerts = ranks(certs)
	if !m.NodeOUs {
		if out.Admins, err = parseCertificates(m.AdminsPEM); err != nil {
			return bad("admins", err)
		}
		return out, nil
	}
	issuer := append(out.IntermediateCerts, out.RootCerts...)[0] // who issues identities; the library panics without one
	role := func(unit string) membership.OUIdentifier {
		return membership.OUIdentifier{Certificate: issuer, OrganizationalUnitIdentifier: unit}
	}
	out.NodeOUs = membership.NodeOUs{Enable: true, ClientOUIdentifier: role("client"), PeerOUIdentifier: role("peer"),
		AdminOUIdentifier: role("admin"), OrdererOUIdentifier: role("orderer")}
	return out, nil
}

// ranks tells roots, which are their own issuers, from intermediate authorities.
func ranks(certs []*x509.Certificate) (roots, intermediates []*x509.Certificate) {
	for _, cert := range certs {
		if bytes.Equal(cert.RawIssuer, cert.RawSubject) {
			roots = append(roots, cert)
		} else {
			intermediates = append(intermediates, cert)
		}
	}
	return roots, intermediates
}

// organization makes the organization's group with its own policies: members read and write, admins administrate,
// and peers endorse (any member does when certificates name no roles).
func (m MSPSpec) organization() (configtx.Organization, error) {
	ship, err := m.membership()
	if err != nil {
		return configtx.Organization{}, err
	}
	endorser := "peer"
	if !m.NodeOUs {
		endorser = "member"
	}
	by := func(role string) configtx.Policy { return signedBy(m.MSPID, role, "") }
	return configtx.Organization{Name: m.MSPID, MSP: ship, Policies: map[string]configtx.Policy{
		configtx.ReadersPolicyKey: by("member"), configtx.WritersPolicyKey: by("member"),
		configtx.AdminsPolicyKey: by("admin"), configtx.EndorsementPolicyKey: by(endorser),
	}}, nil
}

// signedBy is the policy that one role of one organization satisfies; an empty keeper leaves it to the group's Admins.
func signedBy(mspID, role, keeper string) configtx.Policy {
	return configtx.Policy{Type: configtx.SignaturePolicyType, Rule: "OR('" + mspID + "." + role + "')", ModPolicy: keeper}
}

// groupPolicies are those of any group: one organization of it reads and writes, most of them administrate. An empty
// keeper leaves changes of the policies to the group's Admins.
func groupPolicies(keeper string) map[string]configtx.Policy {
	return map[string]configtx.Policy{
		configtx.ReadersPolicyKey: meta("ANY Readers", keeper), configtx.WritersPolicyKey: meta("ANY Writers", keeper),
		configtx.AdminsPolicyKey: meta("MAJORITY Admins", keeper),
	}
}

// everyday are the policies of an application group with members: most of them endorse.
func everyday(keeper string) map[string]configtx.Policy {
	p := groupPolicies(keeper)
	p[configtx.EndorsementPolicyKey] = meta("MAJORITY Endorsement", keeper)
	p[configtx.LifecycleEndorsementPolicyKey] = meta("MAJORITY Endorsement", keeper)
	return p
}

// meta is a policy over the policies of the organizations in a group.
func meta(rule, keeper string) configtx.Policy {
	return configtx.Policy{Type: configtx.ImplicitMetaPolicyType, Rule: rule, ModPolicy: keeper}
}
