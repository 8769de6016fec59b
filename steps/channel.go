package steps

import (
	"context"
	"encoding/hex"
	"net"
	"slices"
	"strconv"
	"time"

	"farol/clients/fabric"
	"farol/state/fault"
	"farol/steps/engine"
)

// Settling times of what goes through the ordering service: a block may be cut after the batch timeout, and
// an orderer shows a new config block a moment late (fabric-wan.md 5.2).
const (
	joined  = 3 * time.Second
	ordered = 5 * time.Second
)

// joinChannel joins a peer with the channel's first block, over gRPC: consoles have no call for it, and the
// UI's own way is broken with an imported ordering service (procedure.md 0.8).
func joinChannel(s *Session, region string) engine.Step {
	r, _ := s.Setup.Region(region)
	row := "4.3"
	if region == s.home() {
		row = "1.14"
	}
	return engine.Step{
		ID: id(region, "channel/join"), Row: row, Stage: Peers, Region: region, Kind: engine.Change,
		Op: "channel.join", Target: r.Peer, Settle: joined,
		Needs: append([]string{id(region, "peer"), id(global, "handoff/admitted")}, s.orderingSteps(region)...),
		Observe: func(ctx context.Context) (engine.Observation, error) {
			ledger, peer, err := s.at(ctx, region)
			if err != nil {
				return failed(err)
			}
			channels, err := ledger.Channels(ctx, peer)
			if err != nil {
				return failed(err)
			}
			if !slices.Contains(channels, s.Setup.Channel.Name) {
				return absent()
			}
			// A peer begins with the first block, in which we do not exist yet: until it has read the block of our
			// admission it refuses us.
			chain, err := ledger.Chain(ctx, peer, s.Setup.Channel.Name)
			if fault.Is(err, fabric.Forbidden) {
				return coming("channel", s.Setup.Channel.Name)
			}
			if err != nil {
				return failed(err)
			}
			return present("channel", s.Setup.Channel.Name, "height", strconv.FormatUint(chain.Height, 10), "hash", hex.EncodeToString(chain.Hash))
		},
		Act: func(ctx context.Context) error {
			ledger, peer, err := s.at(ctx, region)
			if err != nil {
				return err
			}
			block, err := ledger.Genesis(ctx, s.ordering(), s.Setup.Channel.Name)
			if err != nil {
				return err
			}
			return ledger.Join(ctx, peer, block)
		},
	}
}

// at gives the Fabric client and a region's peer.
func (s *Session) at(ctx context.Context, region string) (*fabric.Client, fabric.Node, error) {
	ledger, err := s.ledger()
	if err != nil {
		return nil, fabric.Node{}, err
	}
	peer, err := s.peer(ctx, region)
	return ledger, peer, err
}

// setAnchor makes a peer an anchor. Without anchors console-made peers of one organization never find each
// other (procedure.md 0.2). Updates of one channel's config are made one after another.
func setAnchor(s *Session, region string) engine.Step {
	r, _ := s.Setup.Region(region)
	row := "4.5"
	if region == s.home() {
		row = "1.15"
	}
	return engine.Step{
		ID: id(region, "channel/anchor"), Row: row, Stage: Peers, Region: region, Kind: engine.Change,
		Op: "channel.anchor", Target: r.Peer, Needs: []string{id(region, "channel/join")},
		Lock: "config of " + s.Setup.Channel.Name, Settle: ordered,
		Observe: func(ctx context.Context) (engine.Observation, error) {
			_, peer, err := s.at(ctx, region)
			if err != nil {
				return failed(err)
			}
			cfg, err := s.config(ctx)
			if err != nil {
				return failed(err)
			}
			org, ok := cfg.Organization(s.Setup.Organization.MSPID)
			if !ok || !slices.Contains(org.Anchors, peer.Addr) {
				return absent()
			}
			return present("anchor", peer.Addr, "config", strconv.FormatUint(cfg.Sequence, 10))
		},
		Act: func(ctx context.Context) error {
			ledger, peer, err := s.at(ctx, region)
			if err != nil {
				return err
			}
			host, port, err := net.SplitHostPort(peer.Addr)
			if err != nil {
				return err
			}
			number, err := strconv.Atoi(port)
			if err != nil {
				return err
			}
			cfg, err := s.config(ctx)
			if err != nil {
				return err
			}
			return ledger.UpdateConfig(ctx, s.ordering(), s.Setup.Channel.Name, cfg,
				fabric.AddAnchor(s.Setup.Organization.MSPID, host, number))
		},
	}
}
