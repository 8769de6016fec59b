package steps

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"farol/clients/fabric"
	"farol/state"
	"farol/state/fault"
	"farol/steps/engine"
)

// CodeProof says that a check of the proof does not hold; facts: region, what.
var CodeProof = fault.Define("steps.proof")

// CodeProbe says that the contract refused the call by which a peer proves that it endorses; facts: region, probe,
// status, message.
var CodeProbe = fault.Define("steps.probe")

// proofTime is how long the peers may take to agree: a peer that has just joined is still reading the ledger.
const proofTime = time.Minute

// proof is a check of the last stage.
func proof(s *Session, region, what, row, op string, needs []string, observe observer) engine.Step {
	if region == "" {
		return engine.Step{ID: id(global, "proof/"+what), Row: row, Stage: Proving, Kind: engine.Check, Op: op,
			Target: s.Setup.Channel.Name, Needs: needs, Deadline: proofTime, Observe: observe}
	}
	r, _ := s.Setup.Region(region)
	return engine.Step{ID: id(region, "proof/"+what), Row: row, Stage: Proving, Region: region, Kind: engine.Check, Op: op,
		Target: r.Peer, Needs: needs, Deadline: proofTime, Observe: observe}
}

// proveAnchors reads the channel's config: every peer is an anchor of the organization. Others may be anchors too,
// for the organization may have peers that are no part of this set-up.
func proveAnchors(s *Session) engine.Step {
	all, _ := s.regions()
	return proof(s, "", "anchors", "A3", "proof.anchors", each(all, "channel/anchor"), func(ctx context.Context) (engine.Observation, error) {
		cfg, err := s.config(ctx)
		if err != nil {
			return failed(err)
		}
		org, _ := cfg.Organization(s.Setup.Organization.MSPID)
		evidence := facts("anchors", strconv.Itoa(len(org.Anchors)))
		for _, r := range all {
			_, peer, err := s.at(ctx, r)
			if err != nil {
				return failed(err)
			}
			if !slices.Contains(org.Anchors, peer.Addr) {
				return failed(fault.New(CodeProof, "region", r, "what", "anchor"))
			}
			evidence[r+" anchor"] = peer.Addr
		}
		return engine.Observation{Finding: engine.Present, Evidence: evidence}, nil
	})
}

// provePackage compares the packages on all peers with the one that is approved, which is not always the one in our
// folder: a person may have adopted another approval.
func provePackage(s *Session) engine.Step {
	all, _ := s.regions()
	needs := append(each(all, "contract/install"), id(global, "contract/approve"))
	return proof(s, "", "package", "A6", "proof.package", needs, func(ctx context.Context) (engine.Observation, error) {
		evidence := facts()
		ledger, peer, err := s.at(ctx, s.home()) // it approved, so it need not wait for others to tell it
		if err != nil {
			return failed(err)
		}
		approved, found, err := ledger.Approved(ctx, peer, s.Setup.Channel.Name, s.Setup.Contract.Name, s.Setup.Contract.Sequence)
		if err != nil {
			return failed(err)
		}
		if !found || approved.PackageID == "" {
			return failed(fault.New(CodeProof, "region", s.home(), "what", "approval"))
		}
		want := approved.PackageID
		for _, r := range all {
			ledger, peer, err := s.at(ctx, r)
			if err != nil {
				return failed(err)
			}
			installed, err := ledger.Installed(ctx, peer)
			if err != nil {
				return failed(err)
			}
			if !slices.ContainsFunc(installed, func(i fabric.Installed) bool { return i.PackageID == want }) {
				return failed(fault.New(CodeProof, "region", r, "what", "package"))
			}
			evidence[r+" package"] = want
		}
		return engine.Observation{Finding: engine.Present, Evidence: evidence}, nil
	})
}

// proveEndorsement asks one peer alone to endorse. The gateway would quietly ask another peer of the
// organization, so the endorser is called directly (fabric.md 3).
func proveEndorsement(s *Session, region string) engine.Step {
	needs := []string{id(region, "contract/install"), id(region, "channel/join"), id(global, "contract/commit")}
	return proof(s, region, "endorse", "A7", "proof.endorse", needs, func(ctx context.Context) (engine.Observation, error) {
		ledger, peer, err := s.at(ctx, region)
		if err != nil {
			return failed(err)
		}
		// The definition was committed through another peer: this one may still be reading it.
		_, known, err := ledger.Committed(ctx, peer, s.Setup.Channel.Name, s.Setup.Contract.Name)
		if err != nil {
			return failed(err)
		}
		if !known {
			return coming("contract", s.Setup.Contract.Name)
		}
		e, err := ledger.Endorse(ctx, peer, s.Setup.Channel.Name, s.Setup.Contract.Name, s.probe()...)
		switch {
		case err != nil:
			return failed(err)
		case e.Status >= 400: // the contract runs, but the peer signs no refusal
			return failed(fault.New(CodeProbe, "region", region, "probe", strings.Join(s.probe(), " "),
				"status", strconv.Itoa(int(e.Status)), "message", e.Message).Certain(fault.Refused))
		case e.EndorserMSP != s.Setup.Organization.MSPID:
			return failed(fault.New(CodeProof, "region", region, "what", "endorser").Certain(fault.Refused))
		}
		return present("peer", peer.Addr, "status", strconv.Itoa(int(e.Status)), "signed by", e.EndorserMSP)
	})
}

// probe is a call that changes nothing: the sample's ping, or the metadata that contracts written with
// Fabric's contract API answer.
func (s *Session) probe() []string {
	if len(s.Setup.Contract.Probe) > 0 {
		return s.Setup.Contract.Probe
	}
	if s.Setup.Contract.Package == state.SamplePackage {
		return []string{"ping"}
	}
	return []string{"org.hyperledger.fabric:GetMetadata"}
}

// proveConsoles counts in how many consoles each peer is listed.
func proveConsoles(s *Session) engine.Step {
	all, _ := s.regions()
	var needs []string
	for _, r := range all {
		needs = append(needs, id(r, "peer"))
		for _, m := range mirrorPeers(s, r) {
			needs = append(needs, m.ID)
		}
	}
	return proof(s, "", "consoles", "A10", "proof.consoles", needs, func(ctx context.Context) (engine.Observation, error) {
		seen := map[string]int{}
		for _, r := range all {
			components, err := s.console(r).Components(ctx)
			if err != nil {
				return failed(err)
			}
			for _, c := range components {
				seen[c.ID]++
			}
		}
		evidence := facts()
		for _, r := range s.Setup.Regions {
			if seen[r.Peer] < s.mirrorsWanted(r.ID) {
				return failed(fault.New(CodeProof, "region", r.ID, "what", "mirror"))
			}
			evidence[r.ID+" seen by"] = strconv.Itoa(seen[r.Peer])
		}
		return engine.Observation{Finding: engine.Present, Evidence: evidence}, nil
	})
}
