package console

// The kinds of components, as the console's routes and answers name them.
const (
	KindCA      = "fabric-ca"
	KindPeer    = "fabric-peer"
	KindOrderer = "fabric-orderer"
	KindMSP     = "msp"
)

// Component is a node or an organization as a console describes it, in the v3 shape (console-api.md 3).
// Certificates are PEM; in JSON they are base64 of PEM, which is what encoding/json makes of bytes.
type Component struct {
	ID          string `json:"id"`
	Type        string `json:"type"`
	DisplayName string `json:"display_name"`
	Imported    bool   `json:"imported"`
	Location    string `json:"location,omitempty"`
	Deployment  string `json:"dep_component_id,omitempty"` // of a node that this console made

	APIURL        string   `json:"api_url,omitempty"`
	OperationsURL string   `json:"operations_url,omitempty"`
	GRPCWebURL    string   `json:"grpcwp_url,omitempty"`
	MSP           NodeMSP  `json:"msp,omitzero"`
	StateDB       string   `json:"state_db,omitempty"`
	Tags          []string `json:"tags,omitempty"`

	// Of ordering nodes.
	ClusterID     string `json:"cluster_id,omitempty"`
	ClusterName   string `json:"cluster_name,omitempty"`
	SystemChannel string `json:"system_channel_id,omitempty"`
	Systemless    bool   `json:"systemless,omitempty"`
	OSNAdminURL   string `json:"osnadmin_url,omitempty"`

	// Of organizations; MSPID also of peers and ordering nodes.
	MSPID         string   `json:"msp_id,omitempty"`
	RootCerts     [][]byte `json:"root_certs,omitempty"`
	Intermediates [][]byte `json:"intermediate_certs,omitempty"`
	Admins        [][]byte `json:"admins,omitempty"`
	TLSRootCerts  [][]byte `json:"tls_root_certs,omitempty"`
	NodeOUs       *NodeOUs `json:"fabric_node_ous,omitempty"`
	HostURL       string   `json:"host_url,omitempty"`
}

// NodeMSP holds the certificates of a node and of those above it.
type NodeMSP struct {
	CA        Authority `json:"ca,omitzero"`
	TLSCA     Authority `json:"tlsca,omitzero"`
	Component NodeCerts `json:"component,omitzero"`
}

// Authority is one of the two logical certificate authorities.
type Authority struct {
	Name      string   `json:"name,omitempty"`
	RootCerts [][]byte `json:"root_certs,omitempty"`
}

// NodeCerts are a node's own certificates.
type NodeCerts struct {
	TLSCert    []byte   `json:"tls_cert,omitempty"`
	ECert      []byte   `json:"ecert,omitempty"`
	AdminCerts [][]byte `json:"admin_certs,omitempty"`
}

// NodeOUs tells roles by organizational units, as the console's UI writes them.
type NodeOUs struct {
	Enable  bool         `json:"enable"`
	Client  OUIdentifier `json:"client_ou_identifier"`
	Peer    OUIdentifier `json:"peer_ou_identifier"`
	Admin   OUIdentifier `json:"admin_ou_identifier"`
	Orderer OUIdentifier `json:"orderer_ou_identifier"`
}

// OUIdentifier is one role.
type OUIdentifier struct {
	Certificate []byte `json:"certificate"`
	Unit        string `json:"organizational_unit_identifier"`
}

// NodeOUsOf makes the four roles below one root certificate.
func NodeOUsOf(root []byte) *NodeOUs {
	of := func(unit string) OUIdentifier { return OUIdentifier{root, unit} }
	return &NodeOUs{Enable: true, Client: of("client"), Peer: of("peer"), Admin: of("admin"), Orderer: of("orderer")}
}

// tidy drops the empty entries that consoles write where they know no root ("[null]", console-api.md 4.8).
func (c *Component) tidy() {
	for _, roots := range []*[][]byte{&c.MSP.CA.RootCerts, &c.MSP.TLSCA.RootCerts, &c.RootCerts, &c.TLSRootCerts} {
		var kept [][]byte
		for _, r := range *roots {
			if len(r) > 0 {
				kept = append(kept, r)
			}
		}
		*roots = kept
	}
}
