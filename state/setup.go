package state

// Setup holds the operator's answers: inputs, never facts. It is also the shape of an answers file.
type Setup struct {
	Name         string       `yaml:"name"`               // for people: what this undertaking is called
	Proxy        string       `yaml:"proxy,omitempty"`    // CONNECT proxy for everything; empty: the environment's
	Practice     bool         `yaml:"practice,omitempty"` // the regions are a sandbox on this machine
	Regions      []Region     `yaml:"regions"`            // the first one with Home set is the home region
	Organization Organization `yaml:"organization"`
	Ordering     Ordering     `yaml:"ordering"`
	Channel      Channel      `yaml:"channel"`
	Contract     Contract     `yaml:"contract"`
	Mirror       Mirror       `yaml:"mirror"`
}

// Region is one place with one console.
type Region struct {
	ID      string  `yaml:"id"`             // as in the catalogue: us-south
	Home    bool    `yaml:"home,omitempty"` // holds the certificate authority
	Console Console `yaml:"console"`
	Peer    string  `yaml:"peer"` // component id, enrollment id and name of its peer: org1ussouthpeer1
}

// Console is how to reach and sign in to one Fabric Operations Console.
type Console struct {
	URL       string    `yaml:"url"`
	APIKey    string    `yaml:"api_key"`
	APISecret SecretRef `yaml:"api_secret,omitempty"` // where an answers file says the secret is; the vault afterwards
	CAFile    string    `yaml:"ca_file,omitempty"`    // PEM roots for the console's certificate; empty: the system's
}

// SecretRef points to a secret. An answers file never holds one in clear.
type SecretRef struct {
	Env  string `yaml:"env,omitempty"`
	File string `yaml:"file,omitempty"`
}

// Organization is the operator's own organization.
type Organization struct {
	Name          string        `yaml:"name"`           // display name
	MSPID         string        `yaml:"msp_id"`         // cannot be changed later
	CA            string        `yaml:"ca"`             // component id of the certificate authority
	CADatabase    CADatabase    `yaml:"ca_database"`    // cannot be changed later
	Registrar     string        `yaml:"registrar"`      // enrollment id of the CA's administrator
	Admin         string        `yaml:"admin"`          // enrollment id of the organization's administrator
	StateDatabase StateDatabase `yaml:"state_database"` // of every peer; cannot be changed later
}

// CADatabase is where a certificate authority keeps its users.
type CADatabase string

// StateDatabase is where a peer keeps the world state.
type StateDatabase string

// Mirror says into which consoles every peer is imported.
type Mirror string

// The databases and mirror choices.
const (
	SQLite   CADatabase    = "sqlite"
	LevelDB  StateDatabase = "leveldb"
	CouchDB  StateDatabase = "couchdb"
	AllAll   Mirror        = "all"
	HomeOnly Mirror        = "home"
	None     Mirror        = "none"
)

// Ordering is the ordering service of another company, as its administrator exported it.
type Ordering struct {
	File string `yaml:"file"` // the exported JSON; Farol keeps a copy in the set-up's folder
}

// Channel is the channel that the peers join.
type Channel struct {
	Name string `yaml:"name"`
}

// Contract is the smart contract (chaincode) of the channel.
type Contract struct {
	Name     string `yaml:"name"`
	Version  string `yaml:"version"`
	Sequence int64  `yaml:"sequence"`
	Package  string `yaml:"package"` // path of a package, used byte for byte; SamplePackage: the sample contract
	// Probe is a call that changes nothing, by which each peer proves that it endorses; empty: see steps.
	Probe []string `yaml:"probe,omitempty"`
}

// SamplePackage stands for the sample contract that Farol packs itself.
const SamplePackage = "sample"

// HomeRegion is the region with the certificate authority. Without one marked it is the first.
func (s *Setup) HomeRegion() Region {
	for _, r := range s.Regions {
		if r.Home {
			return r
		}
	}
	if len(s.Regions) == 0 {
		return Region{}
	}
	return s.Regions[0]
}

// Region finds a region by its id.
func (s *Setup) Region(id string) (Region, bool) {
	for _, r := range s.Regions {
		if r.ID == id {
			return r, true
		}
	}
	return Region{}, false
}
