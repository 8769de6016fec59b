package console

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"farol/state/fault"
)

// Codes of files that people bring.
var (
	CodeNotJSON   = fault.Define("file.not-json")    // cause
	CodeDuplicate = fault.Define("file.duplicate")   // key: stands twice, perhaps in other letters
	CodeField     = fault.Define("file.field")       // kind, field, item: missing or not usable
	CodeKind      = fault.Define("file.kind")        // want, have: another kind of export
	CodeCert      = fault.Define("file.certificate") // field, item: not a certificate
)

// ParseOrderers reads an ordering service's JSON, of the console's UI or of the Ansible collection, and gives
// the body of one import for each node. Ids become such as every console takes unchanged.
func ParseOrderers(data []byte) ([]OrdererImport, error) {
	items, err := objects(data, KindOrderer)
	if err != nil {
		return nil, err
	}
	var out []OrdererImport
	taken := map[string]bool{}
	for i, it := range items {
		n := OrdererImport{PeerImport: it.peer(), ClusterID: it.ClusterID, ClusterName: it.ClusterName,
			SystemChannel: it.SystemChannel, Systemless: it.Systemless, OSNAdminURL: it.OSNAdminURL}
		if n.ClusterName == "" {
			n.ClusterName = n.DisplayName
		}
		if n.ID = sanitize(it.ID); n.ID == "" {
			n.ID = sanitize(it.DisplayName)
		}
		for base, k := n.ID, 2; taken[n.ID]; k++ {
			n.ID = base + "n" + strconv.Itoa(k)
		}
		taken[n.ID] = true
		if err := it.check(i, map[string]bool{"api_url": !strings.HasPrefix(n.APIURL, "grpcs://"), "grpcwp_url": n.GRPCWebURL == "", "msp_id": n.MSPID == "", "display_name": n.DisplayName == "", "id": n.ID == ""}); err != nil {
			return nil, err
		}
		if err := n.certificates(i); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// ParsePeer reads one exported peer.
func ParsePeer(data []byte) (PeerImport, error) {
	it, err := object(data, KindPeer)
	if err != nil {
		return PeerImport{}, err
	}
	n := it.peer()
	if err := it.check(0, map[string]bool{"api_url": n.APIURL == "", "grpcwp_url": n.GRPCWebURL == "", "msp_id": n.MSPID == "", "display_name": n.DisplayName == ""}); err != nil {
		return n, err
	}
	return n, n.certificates(0)
}

// ParseCA reads an exported certificate authority.
func ParseCA(data []byte) (CAImport, error) {
	it, err := object(data, KindCA)
	if err != nil {
		return CAImport{}, err
	}
	n := CAImport{DisplayName: it.DisplayName, APIURL: it.APIURL, OperationsURL: it.OperationsURL, Location: location(it.Location), MSP: it.MSP}
	n.MSP.CA.Name, n.MSP.TLSCA.Name = first(n.MSP.CA.Name, it.CAName), first(n.MSP.TLSCA.Name, it.TLSCAName)
	if err := it.check(0, map[string]bool{"api_url": n.APIURL == "", "display_name": n.DisplayName == "", "ca_name": n.MSP.CA.Name == "", "tlsca_name": n.MSP.TLSCA.Name == ""}); err != nil {
		return n, err
	}
	for _, older := range [][]byte{it.TLSCert, it.PEM} {
		if len(n.MSP.Component.TLSCert) == 0 {
			n.MSP.Component.TLSCert = older
		}
	}
	return n, certificates(0, "msp.component.tls_cert", [][]byte{n.MSP.Component.TLSCert})
}

// ParseMSP reads an exported organization.
func ParseMSP(data []byte) (MSPImport, error) {
	it, err := object(data, KindMSP)
	if err != nil {
		return MSPImport{}, err
	}
	n := MSPImport{DisplayName: it.DisplayName, MSPID: it.MSPID, RootCerts: it.RootCerts, Intermediates: it.Intermediates, Admins: it.Admins,
		TLSRootCerts: it.TLSRootCerts, NodeOUs: it.NodeOUs, HostURL: it.HostURL}
	if err := it.check(0, map[string]bool{"msp_id": n.MSPID == "", "display_name": n.DisplayName == "", "root_certs": len(n.RootCerts) == 0}); err != nil {
		return n, err
	}
	return n, certificates(0, "root_certs", append(n.RootCerts, n.TLSRootCerts...))
}

// item is one object of a file: a component with the older, flat keys beside it.
type item struct {
	Component
	Name      string `json:"name"`
	CAName    string `json:"ca_name"`
	TLSCAName string `json:"tlsca_name"`
	PEM       []byte `json:"pem"`
	TLSCert   []byte `json:"tls_cert"`
	TLSRoot   []byte `json:"tls_ca_root_cert"`
}

func (it *item) peer() PeerImport {
	n := PeerImport{DisplayName: it.DisplayName, MSPID: it.MSPID, APIURL: it.APIURL, GRPCWebURL: it.GRPCWebURL,
		OperationsURL: it.OperationsURL, Location: location(it.Location), MSP: it.MSP}
	if len(n.MSP.Component.TLSCert) == 0 {
		n.MSP.Component.TLSCert = it.PEM
	}
	if len(n.MSP.TLSCA.RootCerts) == 0 && len(it.TLSRoot) > 0 {
		n.MSP.TLSCA.RootCerts = [][]byte{it.TLSRoot}
	}
	return n
}

// certificates checks the ones without which no console imports a node.
func (n *PeerImport) certificates(i int) error {
	if err := certificates(i, "msp.tlsca.root_certs", n.MSP.TLSCA.RootCerts); err != nil {
		return err
	}
	return certificates(i, "msp.component.tls_cert", [][]byte{n.MSP.Component.TLSCert})
}

// check names the first field, in alphabetical order, that is missing.
func (it *item) check(i int, missing map[string]bool) error {
	for _, field := range []string{"api_url", "ca_name", "display_name", "grpcwp_url", "id", "msp_id", "root_certs", "tlsca_name"} {
		if missing[field] {
			return fault.New(CodeField, "kind", it.Type, "field", field, "item", strconv.Itoa(i+1)).Certain(fault.NotSent)
		}
	}
	return nil
}

func object(data []byte, kind string) (*item, error) {
	items, err := objects(data, kind)
	if err != nil {
		return nil, err
	}
	return &items[0], nil
}

// objects reads one object or a list of them, all of one kind.
func objects(data []byte, kind string) ([]item, error) {
	data = bytes.TrimPrefix(bytes.TrimSpace(data), []byte("\xef\xbb\xbf"))
	if err := unambiguous(data); err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, fault.New(CodeNotJSON, "cause", "the file is empty").Certain(fault.NotSent)
	}
	if !bytes.HasPrefix(data, []byte("[")) {
		data = append(append([]byte("["), data...), ']')
	}
	var items []item
	if err := json.Unmarshal(data, &items); err != nil {
		if corrupt := base64.CorruptInputError(0); errors.As(err, &corrupt) {
			if f := notBase64(data); f != nil {
				return nil, f
			}
		}
		return nil, fault.New(CodeNotJSON, "cause", err.Error()).Certain(fault.NotSent)
	}
	if len(items) == 0 {
		return nil, fault.New(CodeField, "kind", kind, "field", "type", "item", "1").Certain(fault.NotSent)
	}
	for i := range items {
		it := &items[i]
		if it.Type != kind {
			return nil, fault.New(CodeKind, "want", kind, "have", it.Type).Certain(fault.NotSent)
		}
		it.DisplayName = first(it.DisplayName, it.Name)
		it.tidy()
	}
	return items, nil
}

// maxDepth is deeper than any export is.
const maxDepth = 32

// unambiguous refuses keys that stand twice, in whatever letters: Go would take the last one silently
// (reliability.md 3.2).
func unambiguous(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	var open []map[string]bool // one for each open object; nil for a list
	key := false               // the next string is a key
	for {
		t, err := dec.Token()
		switch {
		case err == io.EOF && len(open) == 0:
			return nil
		case err != nil:
			return fault.New(CodeNotJSON, "cause", err.Error()).Certain(fault.NotSent)
		case len(open) > maxDepth:
			return fault.New(CodeNotJSON, "cause", "too deep").Certain(fault.NotSent)
		}
		switch v := t.(type) {
		case json.Delim:
			switch v {
			case '{':
				open = append(open, map[string]bool{})
			case '[':
				open = append(open, nil)
			default:
				open = open[:len(open)-1]
			}
			key = true
		case string:
			if top := len(open) - 1; key && top >= 0 && open[top] != nil {
				// Upper first: encoding/json takes a long s for an s.
				folded := strings.ToLower(strings.ToUpper(v))
				if open[top][folded] {
					return fault.New(CodeDuplicate, "key", v).Certain(fault.NotSent)
				}
				open[top][folded] = true
				key = false
				continue
			}
			key = true
		default:
			key = true
		}
	}
}

// sanitize keeps what a console takes unchanged as an id (console-api.md 8.2).
func sanitize(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
	if s != "" && s[0] <= '9' {
		s = "n" + s
	}
	if s != "" && len(s) < 3 {
		s += "node"
	}
	return s[:min(len(s), 60)]
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
