package steps

import (
	"context"

	"farol/clients/console"
	"farol/state"
	"farol/state/fault"
	"farol/steps/engine"
)

// importCA makes the home region's certificate authority known to another console, from the exported file.
// Without it a console refuses to create a peer that enrolls there (console-api.md 0.3).
func importCA(s *Session, region string) engine.Step {
	ca := s.Setup.Organization.CA
	return engine.Step{
		ID: id(region, "ca"), Row: "3.1", Stage: Import, Region: region, Kind: engine.Change,
		Op: "ca.import", Target: ca, Settle: answered,
		Needs: []string{id(region, "distinct"), id(s.home(), "export/ca")},
		Observe: func(ctx context.Context) (engine.Observation, error) {
			own, err := s.part(ctx, s.home(), ca)
			if err != nil {
				return failed(err)
			}
			return s.imported(region, ca, console.KindCA, func(c *console.Component) (string, string) {
				return own.APIURL, c.APIURL
			})(ctx)
		},
		Act: func(ctx context.Context) error {
			data, f := readable(s.exportPath("ca"))
			if f != nil {
				return f.Certain(fault.NotSent)
			}
			body, err := console.ParseCA(data)
			if err != nil {
				return err
			}
			body.ID, body.Tags = ca, s.tags()
			_, err = s.console(region).ImportCA(ctx, body)
			return err
		},
	}
}

func importOrganization(s *Session, region string) engine.Step {
	return engine.Step{
		ID: id(region, "organization"), Row: "3.3", Stage: Import, Region: region, Kind: engine.Change,
		Op: "organization.import", Target: s.organizationID(), Settle: answered,
		Needs:   []string{id(region, "distinct"), id(s.home(), "export/organization")},
		Observe: s.organizationIn(region),
		Act: func(ctx context.Context) error {
			data, f := readable(s.exportPath("msp"))
			if f != nil {
				return f.Certain(fault.NotSent)
			}
			body, err := console.ParseMSP(data)
			if err != nil {
				return err
			}
			body.ID = s.organizationID()
			_, err = s.console(region).ImportMSP(ctx, body)
			return err
		},
	}
}

// mirrorPeers imports the peers of other regions into one console, so that each console shows all.
func mirrorPeers(s *Session, region string) []engine.Step {
	var out []engine.Step
	for _, from := range s.Setup.Regions {
		if from.ID == region || !s.mirrored(region) {
			continue
		}
		row := "5.2"
		if region == s.home() {
			row = "5.1"
		}
		out = append(out, engine.Step{
			ID: id(region, "mirror/"+from.ID), Row: row, Stage: Mirrors, Region: region, Kind: engine.Change,
			Op: "peer.import", Target: from.Peer, Settle: answered,
			Needs: []string{id(region, "distinct"), id(from.ID, "peer")},
			Observe: func(ctx context.Context) (engine.Observation, error) {
				own, err := s.part(ctx, from.ID, from.Peer)
				if err != nil {
					return failed(err)
				}
				return s.imported(region, from.Peer, console.KindPeer, func(c *console.Component) (string, string) {
					return own.APIURL, c.APIURL
				})(ctx)
			},
			Act: func(ctx context.Context) error {
				own, err := s.part(ctx, from.ID, from.Peer)
				if err != nil {
					return err
				}
				body, err := console.ParsePeer(console.ExportPeer(own))
				if err != nil {
					return err
				}
				body.ID, body.Tags = from.Peer, s.tags()
				_, err = s.console(region).ImportPeer(ctx, body)
				return err
			},
		})
	}
	return out
}

// mirrored tells whether a region's console gets the peers of the others.
func (s *Session) mirrored(region string) bool {
	switch s.Setup.Mirror {
	case state.AllAll:
		return true
	case state.HomeOnly:
		return region == s.home()
	}
	return false
}

// mirrorsWanted is in how many consoles a region's peer has to be listed, its own included.
func (s *Session) mirrorsWanted(region string) int {
	n := 1
	for _, r := range s.Setup.Regions {
		if r.ID != region && s.mirrored(r.ID) {
			n++
		}
	}
	return n
}
