package steps

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"maps"
	"strings"

	"farol/clients/console"
	"farol/state/fault"
	"farol/steps/engine"
)

// CodeRoots says that an organization of our name has other root certificates; facts: msp, where.
var CodeRoots = fault.Define("steps.roots-differ")

// organizationID is the component id of the organization in every console.
func (s *Session) organizationID() string { return organizationID(s.Setup.Organization.MSPID) }

// organizationID makes a component id of an MSP id. Consoles want three characters (console-api.md 4).
func organizationID(mspID string) string {
	out := ComponentID(mspID)
	if len(out) < 3 {
		out += "msp"
	}
	return out
}

// ComponentID turns a name into an id that a console takes as it is: lower-case letters and digits only
// (console-api.md 8.2), starting with a letter, at most 64 characters.
func ComponentID(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	out := b.String()
	if out == "" || out[0] <= '9' {
		out = "c" + out
	}
	return out[:min(len(out), 64)]
}

func createOrganization(s *Session) engine.Step {
	return engine.Step{
		ID: id(s.home(), "organization"), Row: "1.6", Stage: Home, Region: s.home(), Kind: engine.Change,
		Op: "organization.create", Target: s.organizationID(), Settle: answered,
		Needs:   []string{id(s.home(), "organization/enroll-admin")},
		Observe: s.organizationIn(s.home()),
		Act: func(ctx context.Context) error {
			m, err := s.definition(ctx)
			if err != nil {
				return err
			}
			_, err = s.console(s.home()).ImportMSP(ctx, m)
			return err
		},
	}
}

// definition is the organization as its CA's roots make it, with roles by node OU.
func (s *Session) definition(ctx context.Context) (console.MSPImport, error) {
	roots, tlsRoots, err := s.roots(ctx)
	if err != nil {
		return console.MSPImport{}, err
	}
	return console.MSPImport{
		ID: s.organizationID(), DisplayName: s.Setup.Organization.Name, MSPID: s.Setup.Organization.MSPID,
		RootCerts: roots, TLSRootCerts: tlsRoots, NodeOUs: console.NodeOUsOf(roots[0]),
		HostURL: s.Setup.HomeRegion().Console.URL,
	}, nil
}

// roots reads both root certificates from the CA itself.
func (s *Session) roots(ctx context.Context) (roots, tlsRoots [][]byte, err error) {
	for name, to := range map[string]*[][]byte{caName: &roots, tlsCAName: &tlsRoots} {
		authority, err := s.authority(ctx, name)
		if err != nil {
			return nil, nil, err
		}
		info, err := authority.Info(ctx)
		if err != nil {
			return nil, nil, err
		}
		*to = certificates(info.ChainPEM)
	}
	return roots, tlsRoots, nil
}

// organizationIn observes the organization's definition in one console by its roots, not by its name.
func (s *Session) organizationIn(region string) observer {
	return func(ctx context.Context) (engine.Observation, error) {
		c, found, err := s.console(region).Component(ctx, s.organizationID())
		if err != nil {
			return failed(err)
		}
		if !found {
			return absent()
		}
		roots, _, err := s.roots(ctx)
		if err != nil {
			return failed(err)
		}
		if c.MSPID != s.Setup.Organization.MSPID || !sameCertificates(c.RootCerts, roots) {
			return engine.Observation{Finding: engine.Differs, Code: string(CodeRoots), Evidence: facts("msp", c.MSPID, "where", region)}, nil
		}
		s.keep(region, c)
		return present("id", c.ID, "msp", c.MSPID, "root", fingerprint(c.RootCerts[0]))
	}
}

// certificates splits a PEM bundle into single certificates.
func certificates(bundle []byte) [][]byte {
	var out [][]byte
	for {
		block, rest := pem.Decode(bundle)
		if block == nil {
			return out
		}
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes}))
		bundle = rest
	}
}

// sameCertificates compares by content, whatever the order and the PEM's line ends.
func sameCertificates(a, b [][]byte) bool {
	set := func(certs [][]byte) map[string]bool {
		out := map[string]bool{}
		for _, c := range certs {
			out[fingerprint(c)] = true
		}
		return out
	}
	return len(a) > 0 && maps.Equal(set(a), set(b))
}

// fingerprint is the SHA-256 of a certificate, in hex, as people compare it.
func fingerprint(cert []byte) string {
	if block, _ := pem.Decode(cert); block != nil {
		cert = block.Bytes
	}
	sum := sha256.Sum256(bytes.TrimSpace(cert))
	return hex.EncodeToString(sum[:])
}
