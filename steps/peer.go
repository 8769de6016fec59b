package steps

import (
	"context"
	"strconv"

	"farol/clients/console"
	"farol/steps/engine"
)

// createPeer makes a region's peer. It enrolls at the CA of the home region, across regions, and answers to
// the organization's administrator.
func createPeer(s *Session, region string) engine.Step {
	r, _ := s.Setup.Region(region)
	row, home := "4.2", region == s.home()
	needs := []string{id(region, "ca"), id(region, "organization"), id(region, "ca/register-peer")}
	if home {
		row = "1.7"
	}
	return engine.Step{
		ID: id(region, "peer"), Row: row, Stage: Peers, Region: region, Kind: engine.Change,
		Op: "peer.create", Target: r.Peer, Needs: needs, Settle: provisioned,
		Observe: s.healthy(region, r.Peer, console.KindPeer, func(c *console.Component) string {
			if c.MSPID == s.Setup.Organization.MSPID {
				return ""
			}
			return c.MSPID
		}),
		Act: func(ctx context.Context) error {
			enrollment, err := s.enrollment(ctx, region)
			if err != nil {
				return err
			}
			cert, _ := s.vault.Get(vaultAdmin + "/certificate")
			_, err = s.console(region).CreatePeer(ctx, console.NewPeer{
				ID: r.Peer, DisplayName: r.Peer, MSPID: s.Setup.Organization.MSPID,
				StateDB: string(s.Setup.Organization.StateDatabase),
				CA:      enrollment(caName), TLSCA: enrollment(tlsCAName),
				AdminCerts: [][]byte{[]byte(cert.Expose())},
			})
			return err
		},
	}
}

// enrollment is how a console's new peer gets its certificates: the same identity at both authorities.
func (s *Session) enrollment(ctx context.Context, region string) (func(name string) console.Enrollment, error) {
	r, _ := s.Setup.Region(region)
	pass, err := s.secret(vaultPeer(region))
	if err != nil {
		return nil, err
	}
	known, err := s.part(ctx, region, s.Setup.Organization.CA)
	if err != nil {
		return nil, err
	}
	host, port := hostPort(known.APIURL)
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	return func(name string) console.Enrollment {
		return console.Enrollment{Host: host, Port: number, Name: name, TLSCert: known.MSP.Component.TLSCert,
			EnrollID: r.Peer, EnrollSecret: pass}
	}, nil
}
