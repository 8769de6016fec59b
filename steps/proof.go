package steps

// Proof is the smallest proof of high availability: what each peer says, read from the peers themselves.
type Proof struct {
	Channel  string      `json:"channel" yaml:"channel"`
	Contract string      `json:"contract" yaml:"contract"`
	Peers    []PeerProof `json:"peers" yaml:"peers"`
	Risks    []Risk      `json:"risks" yaml:"risks"`
	Holds    bool        `json:"holds" yaml:"holds"` // every check of the proof passed in this set-up
}

// PeerProof is the row of one peer. An empty field means that it was not seen.
type PeerProof struct {
	Region    string `json:"region" yaml:"region"`
	Peer      string `json:"peer" yaml:"peer"`
	Address   string `json:"address" yaml:"address"` // host:port, its external endpoint
	Height    string `json:"height" yaml:"height"`   // blocks
	Hash      string `json:"hash" yaml:"hash"`       // of the newest common block, hex
	Anchor    bool   `json:"anchor" yaml:"anchor"`
	PackageID string `json:"package_id" yaml:"package_id"`
	Endorses  bool   `json:"endorses" yaml:"endorses"` // alone, its endorser called directly
	SeenBy    int    `json:"seen_by" yaml:"seen_by"`   // consoles that list it
	Consoles  int    `json:"consoles" yaml:"consoles"`
}

// Risk is something that stays true after a successful set-up. The code is worded by ui/text.
type Risk struct {
	Code  string            `json:"code" yaml:"code"` // "risk.one-ca"
	Facts map[string]string `json:"facts,omitempty" yaml:"facts,omitempty"`
}
