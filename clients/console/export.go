package console

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"

	"farol/state/fault"
	"farol/state/secret"
)

// The files of the console's UI (console-api.md 5): JSON with sorted keys, four spaces, no line break at the end.

// FileName is the name that the UI gives an exported file; kind is ca, msp, peer, orderer or identity.
func FileName(displayName, kind string) string { return displayName + "_" + kind + ".json" }

// ExportCA writes a certificate authority as the UI exports it.
func ExportCA(c *Component) []byte {
	return file(map[string]any{
		"api_url": c.APIURL, "ca_name": c.MSP.CA.Name, "ca_url": c.APIURL, "display_name": c.DisplayName, "id": c.ID,
		"location": location(c.Location), "msp": c.MSP, "name": c.DisplayName, "operations_url": c.OperationsURL,
		"pem": c.MSP.Component.TLSCert, "scheme_version": "v1", "tls_cert": c.MSP.Component.TLSCert,
		"tlsca_name": c.MSP.TLSCA.Name, "type": KindCA,
	})
}

// ExportMSP writes an organization as the UI exports it.
func ExportMSP(c *Component) []byte {
	return file(map[string]any{
		"admins": present(c.Admins), "display_name": c.DisplayName, "fabric_node_ous": c.NodeOUs, "host_url": c.HostURL, "id": c.ID,
		"intermediate_certs": present(c.Intermediates), "msp_id": c.MSPID, "name": c.DisplayName, "revocation_list": []string{},
		"root_certs": c.RootCerts, "scheme_version": "v1", "tls_root_certs": c.TLSRootCerts, "type": KindMSP,
	})
}

// ExportPeer writes a peer as the UI exports it.
func ExportPeer(c *Component) []byte { return file(node(c)) }

// ExportOrderers writes an ordering service as the UI exports it: one object a node.
func ExportOrderers(nodes []Component) []byte {
	var all []map[string]any
	for i := range nodes {
		c := &nodes[i]
		n := node(c)
		n["cluster_id"], n["cluster_name"] = c.ClusterID, c.ClusterName
		n["system_channel_id"], n["systemless"] = c.SystemChannel, c.Systemless
		if c.OSNAdminURL != "" {
			n["osnadmin_url"] = c.OSNAdminURL
		}
		all = append(all, n)
	}
	if len(all) == 1 {
		return file(all[0])
	}
	return file(all)
}

func node(c *Component) map[string]any {
	n := map[string]any{
		"api_url": c.APIURL, "display_name": c.DisplayName, "grpcwp_url": c.GRPCWebURL, "id": c.ID,
		"location": location(c.Location), "msp": c.MSP, "msp_id": c.MSPID, "name": c.DisplayName,
		"operations_url": c.OperationsURL, "pem": c.MSP.Component.TLSCert, "scheme_version": "v1",
		"tls_cert": c.MSP.Component.TLSCert, "type": c.Type,
	}
	if roots := c.MSP.TLSCA.RootCerts; len(roots) > 0 {
		n["tls_ca_root_cert"] = roots[0]
	}
	return n
}

// location replaces the word that means "made by this console", which no import may say.
func location(l string) string {
	if l == "ibm_saas" || l == "" {
		return "kubernetes"
	}
	return l
}

// CodeIdentity says that a certificate and a key do not make a wallet identity.
var CodeIdentity = fault.Define("file.identity")

// ExportIdentity writes an identity as a wallet takes it. The result holds the private key in clear.
func ExportIdentity(name string, certPEM []byte, key secret.Secret) ([]byte, error) {
	var out []byte
	var fits error
	key.Reveal(func(k []byte) {
		// Wallets take PKCS#8 only (console-api.md 5.3).
		if b, _ := pem.Decode(k); b == nil || b.Type != "PRIVATE KEY" {
			return
		}
		_, fits = tls.X509KeyPair(certPEM, k)
		out = file(map[string]any{"cert": certPEM, "name": name, "private_key": k, "type": "identity"})
	})
	if fits != nil || out == nil {
		return nil, fault.New(CodeIdentity).Certain(fault.NotSent).Because(fits)
	}
	return out, nil
}

// file encodes what consists of strings, bytes and lists only, which cannot fail. A map's keys come sorted;
// structs are turned into maps so that theirs do too.
func file(v any) []byte {
	raw, _ := json.Marshal(v)
	var plain any
	_ = json.Unmarshal(raw, &plain)
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "    ")
	_ = e.Encode(plain)
	return bytes.TrimRight(out.Bytes(), "\n")
}
