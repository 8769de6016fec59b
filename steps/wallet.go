package steps

import (
	"context"
	"os"

	"farol/state"
	"farol/steps/engine"
)

// walletFile is the administrator's identity in clear, for one console's wallet. It exists only while its
// gate is open: private keys live in the browser, and no call reaches them (console-api.md 6).
func (s *Session) walletFile(region string) string {
	return s.path("wallet", region, s.fileName("identity"))
}

func writeWallet(s *Session, region string) engine.Step {
	step := s.file(s.walletFile(region), func(context.Context) ([]byte, error) { return s.identity() })
	step.ID, step.Row, step.Stage, step.Op, step.Region = id(region, "wallet/file"), "2.4", Import, "wallet.file", region
	step.Needs = []string{id(region, "distinct"), id(s.home(), "organization/enroll-admin")}
	write := step.Observe
	step.Observe = func(ctx context.Context) (engine.Observation, error) {
		// A step may be looked at again long after it was done, and must not put the key back in clear then.
		if s.isOver(id(region, "wallet")) {
			return present("identity", s.identityName(), "file", "removed")
		}
		return write(ctx)
	}
	return step
}

// isOver tells whether a gate is behind us: confirmed, or left.
func (s *Session) isOver(gate string) bool {
	if s.standing == nil {
		return false
	}
	switch s.standing(gate) {
	case state.Confirmed, state.Done, state.Skipped:
		return true
	}
	return false
}

// awaitWallet is a gate that only a person can close: nothing outside the browser can see its wallet.
func awaitWallet(s *Session, region string) engine.Step {
	return engine.Step{
		ID: id(region, "wallet"), Row: "3.4", Stage: Import, Region: region, Kind: engine.Gate,
		Op: "wallet.import", Target: s.identityName(), Confirmable: true,
		Needs: []string{id(region, "wallet/file")},
	}
}

// GateInfo is what a person needs at a gate.
type GateInfo struct {
	Who   string   // "ordering" or "you": a code worded by ui/text
	Files []string // absolute paths of what to send or to upload
	Facts map[string]string
}

// Gate tells what a person needs at a gate.
func (s *Session) Gate(step engine.Step) GateInfo {
	switch step.Op {
	case "handoff.admitted":
		return GateInfo{Who: "ordering", Files: []string{s.HandOffPack()}, Facts: facts(
			"organization", s.Setup.Organization.MSPID, "channel", s.Setup.Channel.Name)}
	case "wallet.import":
		r, _ := s.Setup.Region(step.Region)
		return GateInfo{Who: "you", Files: []string{s.walletFile(step.Region)}, Facts: facts(
			"console", r.Console.URL, "identity", s.identityName())}
	}
	return GateInfo{}
}

// Closed tidies up after a gate: the identity in clear is not needed any more.
func (s *Session) Closed(step engine.Step) error {
	if step.Op != "wallet.import" {
		return nil
	}
	if err := os.Remove(s.walletFile(step.Region)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}
