package console

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"farol/state/fault"
	"farol/state/secret"

	"github.com/google/go-cmp/cmp"
)

func peerComponent(t *testing.T) *Component {
	return &Component{ID: "org1peer1", Type: KindPeer, DisplayName: "Org1 Peer1", MSPID: "org1msp", Location: "ibm_saas", Deployment: "org1peer1",
		APIURL: "grpcs://peer1.example.com:7051", OperationsURL: "https://peer1.example.com:9443", GRPCWebURL: "https://peer1-proxy.example.com:443",
		MSP: nodeMSP(t), StateDB: "couchdb"}
}

func caComponent(t *testing.T) *Component {
	n := caImport(t)
	return &Component{ID: "org1ca", Type: KindCA, DisplayName: n.DisplayName, APIURL: n.APIURL, OperationsURL: n.OperationsURL, Location: n.Location, MSP: n.MSP}
}

func mspComponent(t *testing.T) *Component {
	return &Component{ID: "org1msp", Type: KindMSP, DisplayName: "Org1 <MSP> & co", MSPID: "org1msp", RootCerts: [][]byte{certOf(t, "948")},
		TLSRootCerts: [][]byte{certOf(t, "848")}, Intermediates: [][]byte{certOf(t, "i")}, Admins: [][]byte{certOf(t, "904")},
		NodeOUs: NodeOUsOf(certOf(t, "948")), HostURL: "https://console1.example.com"}
}

func ordererComponent(t *testing.T, id string) Component {
	return Component{ID: id, Type: KindOrderer, DisplayName: "Ordering " + id, MSPID: "osmsp", Location: "us-south", APIURL: "grpcs://" + id + ".example.com:7050",
		OperationsURL: "https://" + id + ".example.com:8443", GRPCWebURL: "https://" + id + "-proxy.example.com:443", MSP: nodeMSP(t),
		ClusterID: "abc123", ClusterName: "Ordering Service", Systemless: true, OSNAdminURL: "https://" + id + "-admin.example.com:7053"}
}

func TestAnExportedCAIsReadBackAsItIs(t *testing.T) {
	t.Parallel()
	c := caComponent(t)
	got, err := ParseCA(ExportCA(c))
	want := CAImport{DisplayName: c.DisplayName, APIURL: c.APIURL, OperationsURL: c.OperationsURL, Location: c.Location, MSP: c.MSP}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-exported +read):\n%s", err, diff)
	}
}

func TestAnExportedOrganizationIsReadBackAsItIs(t *testing.T) {
	t.Parallel()
	c := mspComponent(t)
	got, err := ParseMSP(ExportMSP(c))
	want := MSPImport{DisplayName: c.DisplayName, MSPID: c.MSPID, RootCerts: c.RootCerts, Intermediates: c.Intermediates, Admins: c.Admins,
		TLSRootCerts: c.TLSRootCerts, NodeOUs: c.NodeOUs, HostURL: c.HostURL}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-exported +read):\n%s", err, diff)
	}
}

func TestAnExportedPeerIsReadBackAsItIs(t *testing.T) {
	t.Parallel()
	c := peerComponent(t)
	got, err := ParsePeer(ExportPeer(c))
	want := PeerImport{DisplayName: c.DisplayName, MSPID: c.MSPID, APIURL: c.APIURL, GRPCWebURL: c.GRPCWebURL, OperationsURL: c.OperationsURL,
		Location: "kubernetes", MSP: c.MSP}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-exported +read):\n%s", err, diff)
	}
}

func TestAnExportedOrderingServiceIsReadBackAsItIs(t *testing.T) {
	t.Parallel()
	all := []Component{ordererComponent(t, "osnode1"), ordererComponent(t, "osnode2"), ordererComponent(t, "osnode3")}
	all[1].OSNAdminURL, all[1].Systemless, all[1].SystemChannel = "", false, "testchainid"
	for n := 1; n <= len(all); n++ {
		var want []OrdererImport
		for _, c := range all[:n] {
			want = append(want, OrdererImport{ClusterID: c.ClusterID, ClusterName: c.ClusterName, SystemChannel: c.SystemChannel, Systemless: c.Systemless,
				OSNAdminURL: c.OSNAdminURL, PeerImport: PeerImport{ID: c.ID, DisplayName: c.DisplayName, MSPID: c.MSPID, APIURL: c.APIURL,
					GRPCWebURL: c.GRPCWebURL, OperationsURL: c.OperationsURL, Location: c.Location, MSP: c.MSP}})
		}
		got, err := ParseOrderers(ExportOrderers(all[:n]))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%d nodes: %v (-exported +read):\n%s", n, err, diff)
		}
	}
}

func TestWhatTheConsoleRecordedCanBeExportedAndImported(t *testing.T) {
	t.Parallel()
	e := recorded(t, "Get the created peer with deployment attributes")
	c, _, err := replay(e).client(t).Component(t.Context(), "org1peer1")
	if err != nil {
		t.Fatal(err)
	}
	n, err := ParsePeer(ExportPeer(c))
	if err != nil {
		t.Fatal(err)
	}
	n.ID = c.ID
	s := replay(recorded(t, "Import a peer"))
	if _, err := s.client(t).ImportPeer(t.Context(), n); err != nil {
		t.Error(err)
	}
	if sent := decoded(t, s.asked()[0].body); sent["location"] != "kubernetes" || sent["api_url"] != "grpcs://127.0.0.1:18081" {
		t.Errorf("sent %v", sent)
	}
}

func TestExportsHaveTheFormOfTheUI(t *testing.T) {
	t.Parallel()
	orderer := ordererComponent(t, "os1")
	for name, file := range map[string][]byte{"ca": ExportCA(caComponent(t)), "msp": ExportMSP(mspComponent(t)), "peer": ExportPeer(peerComponent(t)),
		"orderers": ExportOrderers([]Component{orderer, orderer})} {
		var v any
		if err := json.Unmarshal(file, &v); err != nil {
			t.Fatal(err)
		}
		var sorted bytes.Buffer
		enc := json.NewEncoder(&sorted)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "    ")
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
		if want := strings.TrimSuffix(sorted.String(), "\n"); string(file) != want {
			t.Errorf("%s has not four spaces, sorted keys and no last line break:\n%s", name, file)
		}
	}
	if !bytes.Contains(ExportMSP(mspComponent(t)), []byte("<MSP> & co")) {
		t.Error("a name was escaped")
	}
	// The keys that the UI writes (console-api.md 5.1 to 5.4).
	for file, want := range map[string]string{
		string(ExportCA(caComponent(t))):             "api_url ca_name ca_url display_name id location msp name operations_url pem scheme_version tls_cert tlsca_name type",
		string(ExportMSP(mspComponent(t))):           "admins display_name fabric_node_ous host_url id intermediate_certs msp_id name revocation_list root_certs scheme_version tls_root_certs type",
		string(ExportPeer(peerComponent(t))):         "api_url display_name grpcwp_url id location msp msp_id name operations_url pem scheme_version tls_ca_root_cert tls_cert type",
		string(ExportOrderers([]Component{orderer})): "api_url cluster_id cluster_name display_name grpcwp_url id location msp msp_id name operations_url osnadmin_url pem scheme_version system_channel_id systemless tls_ca_root_cert tls_cert type",
	} {
		var keys []string
		for k := range decoded(t, []byte(file)) {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		if have := strings.Join(keys, " "); have != want {
			t.Errorf("keys %s\nwant %s", have, want)
		}
	}
	if name := FileName("Org1 CA", "ca"); name != "Org1 CA_ca.json" {
		t.Errorf("the file is called %s", name)
	}
}

func TestAWalletIdentityHasItsCertificateAndKey(t *testing.T) {
	t.Parallel()
	cert, key := certAndKey(t, "admin")
	file, err := ExportIdentity("Org1 Admin", cert, secret.New(key))
	if err != nil {
		t.Fatal(err)
	}
	got := decoded(t, file)
	want := map[string]any{"name": "Org1 Admin", "type": "identity", "cert": base64.StdEncoding.EncodeToString(cert), "private_key": base64.StdEncoding.EncodeToString(key)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("the file differs in its keys or values") // no diff: it would show the key
	}
}

func TestAWalletIdentityMustFit(t *testing.T) {
	t.Parallel()
	cert, key := certAndKey(t, "admin")
	_, other := certAndKey(t, "other")
	sec1 := bytes.ReplaceAll(key, []byte("PRIVATE KEY"), []byte("EC PRIVATE KEY"))
	for name, c := range map[string]struct{ cert, key []byte }{
		"no certificate":        {nil, key},
		"no key":                {cert, nil},
		"not a certificate":     {[]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), key},
		"a key as certificate":  {key, key},
		"a key of another form": {cert, sec1},
		"a broken key":          {cert, []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")},
		"another one's key":     {cert, other},
	} {
		file, err := ExportIdentity("a", c.cert, secret.New(c.key))
		f := wantFault(t, err, CodeIdentity, fault.NotSent, false)
		if len(file) != 0 || strings.Contains(f.Error(), "BEGIN") {
			t.Errorf("%s: a file of %d bytes, or the key in the error", name, len(file))
		}
	}
}
