package steps

import (
	"bytes"
	"context"
	"encoding/hex"
	"slices"
	"strconv"

	"farol/state/fault"
	"farol/steps/engine"
)

// proveLedger compares the hash of the newest block that all peers have. On a channel in use their heights are never
// the same at one time, so no more is asked of a peer than to reach what any peer had when the proof began: one that
// has stopped, or is still at its first blocks, agrees with the others about those blocks only.
func proveLedger(s *Session) engine.Step {
	all, _ := s.regions()
	needs := append(each(all, "channel/anchor"), id(global, "contract/commit"))
	var begun uint64 // the greatest height when the proof began; 0: it has not
	return proof(s, "", "ledger", "A2", "proof.ledger", needs, func(ctx context.Context) (engine.Observation, error) {
		heights, evidence, err := s.heights(ctx, all)
		if err != nil {
			return failed(err)
		}
		lowest := slices.Min(heights)
		if begun == 0 {
			begun = slices.Max(heights)
		}
		if lowest < begun {
			return engine.Observation{Finding: engine.Coming, Evidence: evidence}, nil
		}
		var first []byte
		for _, r := range all {
			ledger, peer, err := s.at(ctx, r)
			if err != nil {
				return failed(err)
			}
			hash, err := ledger.BlockHash(ctx, peer, s.Setup.Channel.Name, lowest-1)
			if err != nil {
				return failed(err)
			}
			if first == nil {
				first = hash
			}
			if !bytes.Equal(hash, first) { // no peer ever changes a block: waiting cures nothing
				return failed(fault.New(CodeProof, "region", r, "what", "ledger").Certain(fault.Refused))
			}
			evidence[r+" hash"] = hex.EncodeToString(hash)
		}
		begun = 0
		return engine.Observation{Finding: engine.Present, Evidence: evidence}, nil
	})
}

// heights asks each region's peer how many blocks it has.
func (s *Session) heights(ctx context.Context, regions []string) ([]uint64, map[string]string, error) {
	var heights []uint64
	evidence := facts()
	for _, r := range regions {
		ledger, peer, err := s.at(ctx, r)
		if err != nil {
			return nil, nil, err
		}
		chain, err := ledger.Chain(ctx, peer, s.Setup.Channel.Name)
		if err != nil {
			return nil, nil, err
		}
		heights = append(heights, chain.Height)
		evidence[r+" height"] = strconv.FormatUint(chain.Height, 10)
	}
	return heights, evidence, nil
}
