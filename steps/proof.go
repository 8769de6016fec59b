package steps

import (
	"time"

	"farol/state"
)

// Proof is the smallest proof of high availability: what each peer says, read from the peers themselves.
type Proof struct {
	Channel  string      `json:"channel" yaml:"channel"`
	Contract string      `json:"contract" yaml:"contract"`
	Peers    []PeerProof `json:"peers" yaml:"peers"`
	Risks    []Risk      `json:"risks" yaml:"risks"`
	Holds    bool        `json:"holds" yaml:"holds"`                  // every check of the proof passed in this set-up
	Failed   bool        `json:"failed" yaml:"failed"`                // at least one check was made and did not pass
	Read     time.Time   `json:"read,omitzero" yaml:"read,omitempty"` // when the last check was made; zero: none was
}

// Answer is what a check says of one peer.
type Answer string

// The answers. What nobody has looked at is neither yes nor no.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	NotSeen Answer = ""
)

// PeerProof is the row of one peer. An empty field means that it was not seen.
type PeerProof struct {
	Region    string `json:"region" yaml:"region"`
	Peer      string `json:"peer" yaml:"peer"`
	Address   string `json:"address" yaml:"address"` // host:port, its external endpoint
	Height    string `json:"height" yaml:"height"`   // blocks
	Hash      string `json:"hash" yaml:"hash"`       // of the newest common block, hex
	Anchor    Answer `json:"anchor" yaml:"anchor"`
	PackageID string `json:"package_id" yaml:"package_id"`
	Endorses  Answer `json:"endorses" yaml:"endorses"` // alone, its endorser called directly
	SeenBy    string `json:"seen_by" yaml:"seen_by"`   // number of consoles that list it
	Consoles  int    `json:"consoles" yaml:"consoles"`
}

// Risk is something that stays true after a successful set-up. The code is worded by ui/text.
type Risk struct {
	Code  string            `json:"code" yaml:"code"` // "risk.one-ca"
	Facts map[string]string `json:"facts,omitempty" yaml:"facts,omitempty"`
}

// ProofOf reads the proof out of the evidence of the last stage. It holds when every check that this set-up's
// procedure has was passed: one that is not there has not been looked at, and one that a person adopted rests
// on that person's word.
func ProofOf(setup state.Setup, checkpoints []state.Checkpoint) Proof {
	evidence, passed, last := map[string]map[string]string{}, map[string]bool{}, map[string]state.Checkpoint{}
	for _, c := range checkpoints {
		last[c.ID] = c
		if _, adopted := c.Evidence["adopted by"]; c.Status == state.Done && !adopted {
			evidence[c.ID], passed[c.ID] = c.Evidence, true
		}
	}
	p := Proof{Channel: setup.Channel.Name, Contract: setup.Contract.Name + " " + setup.Contract.Version, Holds: true}
	for _, s := range Graph(&Session{Setup: setup}) {
		if s.Stage != Proving {
			continue
		}
		p.Holds = p.Holds && passed[s.ID]
		p.Failed = p.Failed || last[s.ID].Status == state.Failed
		if at := last[s.ID].Finished; at.After(p.Read) {
			p.Read = at
		}
	}
	answer := func(check string, seen bool) Answer {
		switch {
		case passed[check] && seen:
			return Yes
		case passed[check], last[check].Status == state.Failed && seen:
			return No
		}
		return NotSeen
	}
	at := func(what string) map[string]string { return evidence[id(global, "proof/"+what)] }
	for _, r := range setup.Regions {
		p.Peers = append(p.Peers, PeerProof{
			Region: r.ID, Peer: r.Peer,
			Address: at("anchors")[r.ID+" anchor"], Anchor: answer(id(global, "proof/anchors"), at("anchors")[r.ID+" anchor"] != ""),
			Height: at("ledger")[r.ID+" height"], Hash: at("ledger")[r.ID+" hash"],
			PackageID: at("package")[r.ID+" package"], Endorses: answer(id(r.ID, "proof/endorse"), true),
			SeenBy: at("consoles")[r.ID+" seen by"], Consoles: len(setup.Regions),
		})
	}
	home := setup.HomeRegion().ID
	p.Risks = []Risk{
		{Code: "risk.one-ca", Facts: facts("region", home)},
		{Code: "risk.no-drill"},
		{Code: "risk.ordering"},
	}
	if setup.Practice {
		p.Risks = append(p.Risks, Risk{Code: "risk.practice"})
	}
	return p
}
