package console

import (
	"encoding/json"

	"farol/state/secret"
)

// NewCA asks for a certificate authority to be created. The console copies the registrar to the TLS CA.
type NewCA struct {
	ID, DisplayName string
	Registrar       string // enrollment id of the CA's administrator
	RegistrarSecret secret.Secret
}

// NewPeer asks for a peer to be created.
type NewPeer struct {
	ID, DisplayName, MSPID string
	StateDB                string // couchdb or leveldb; cannot be changed later
	CA, TLSCA              Enrollment
	AdminCerts             [][]byte
}

// Enrollment is how a new node gets its certificates from one authority. Host and port must be those of a CA
// that the console knows (console-api.md 0.3).
type Enrollment struct {
	Host         string
	Port         int
	Name         string
	TLSCert      []byte
	EnrollID     string
	EnrollSecret secret.Secret
	CSRHosts     []string
}

// body is what is sent. It holds secrets, so it lives only as long as the call.
func (n NewCA) body() ([]byte, error) {
	yes, all := true, "*"
	registrar := map[string]any{
		"name": n.Registrar, "pass": n.RegistrarSecret.Expose(), "type": "client", "affiliation": "",
		"attrs": map[string]any{"hf.Registrar.Roles": all, "hf.Registrar.DelegateRoles": all, "hf.Revoker": yes,
			"hf.IntermediateCA": yes, "hf.GenCRL": yes, "hf.Registrar.Attributes": all, "hf.AffiliationMgr": yes},
	}
	return json.Marshal(map[string]any{
		"id": n.ID, "display_name": n.DisplayName,
		"config_override": map[string]any{"ca": map[string]any{"registry": map[string]any{
			"maxenrollments": -1, "identities": []any{registrar}}}},
	})
}

func (n NewPeer) body() ([]byte, error) {
	admins := n.AdminCerts
	if admins == nil {
		admins = [][]byte{}
	}
	return json.Marshal(map[string]any{
		"id": n.ID, "display_name": n.DisplayName, "msp_id": n.MSPID, "state_db": n.StateDB,
		"crypto": map[string]any{"enrollment": map[string]any{
			"component": map[string]any{"admin_certs": admins},
			"ca":        n.CA.body(), "tlsca": n.TLSCA.body()}},
	})
}

func (e Enrollment) body() map[string]any {
	b := map[string]any{"host": e.Host, "port": e.Port, "name": e.Name, "tls_cert": e.TLSCert,
		"enroll_id": e.EnrollID, "enroll_secret": e.EnrollSecret.Expose()}
	if len(e.CSRHosts) > 0 {
		b["csr_hosts"] = e.CSRHosts
	}
	return b
}

// CAImport makes an existing certificate authority known to a console (console-api.md 4.1).
type CAImport struct {
	ID            string   `json:"id,omitempty"`
	DisplayName   string   `json:"display_name"`
	APIURL        string   `json:"api_url"`
	OperationsURL string   `json:"operations_url,omitempty"`
	Location      string   `json:"location,omitempty"`
	MSP           NodeMSP  `json:"msp"`
	Tags          []string `json:"tags,omitempty"`
}

// MSPImport makes an organization known to a console (console-api.md 4.2).
type MSPImport struct {
	ID            string   `json:"id,omitempty"`
	DisplayName   string   `json:"display_name"`
	MSPID         string   `json:"msp_id"`
	RootCerts     [][]byte `json:"root_certs"`
	Intermediates [][]byte `json:"intermediate_certs"`
	Admins        [][]byte `json:"admins"`
	TLSRootCerts  [][]byte `json:"tls_root_certs,omitempty"`
	NodeOUs       *NodeOUs `json:"fabric_node_ous,omitempty"`
	HostURL       string   `json:"host_url,omitempty"`
}

// PeerImport makes another console's peer known to a console (console-api.md 4.3).
type PeerImport struct {
	ID            string   `json:"id,omitempty"`
	DisplayName   string   `json:"display_name"`
	MSPID         string   `json:"msp_id"`
	APIURL        string   `json:"api_url,omitempty"`
	GRPCWebURL    string   `json:"grpcwp_url"`
	OperationsURL string   `json:"operations_url,omitempty"`
	Location      string   `json:"location,omitempty"`
	MSP           NodeMSP  `json:"msp"`
	Tags          []string `json:"tags,omitempty"`
}

// OrdererImport makes one node of an ordering service known to a console. Nodes with one cluster id are one
// ordering service (console-api.md 4.4).
type OrdererImport struct {
	PeerImport
	ClusterID     string `json:"cluster_id,omitempty"`
	ClusterName   string `json:"cluster_name"`
	SystemChannel string `json:"system_channel_id,omitempty"`
	Systemless    bool   `json:"systemless,omitempty"`
	OSNAdminURL   string `json:"osnadmin_url,omitempty"`
}
