package browser_test

import (
	"bytes"
	"strings"
	"testing"

	"farol/clients/console"
	"farol/clients/sandbox/browser"
	"farol/state/fault"

	"github.com/google/go-cmp/cmp"
)

const host = "https://n.example:7051"

func (p pair) ca(changes ...any) object {
	return changed(object{"type": "fabric-ca", "display_name": "CA", "api_url": host, "operations_url": host,
		"msp": object{"ca": object{"name": "ca"}, "tlsca": object{"name": "tlsca"}, "component": object{"tls_cert": b64(p.cert)}}}, changes)
}

func (p pair) node(kind string, changes ...any) object {
	return changed(object{"type": kind, "display_name": "Node", "msp_id": "Org1MSP", "api_url": "grpcs://n.example:7051", "grpcwp_url": host,
		"operations_url": host, "msp": object{"tlsca": object{"root_certs": []any{b64(p.cert)}}, "component": object{"tls_cert": b64(p.cert)}}}, changes)
}

func (p pair) msp(changes ...any) object {
	return changed(object{"type": "msp", "display_name": "Org1", "msp_id": "Org1MSP", "root_certs": []any{b64(p.cert)}, "admins": []any{}, "host_url": host}, changes)
}

func changed(o object, changes []any) object {
	for i := 0; i < len(changes); i += 2 {
		key := changes[i].(string)
		if o[key] = changes[i+1]; o[key] == nil {
			delete(o, key)
		}
	}
	return o
}

func TestABulkZipGivesIdentitiesFirstAndTheRestFromItsEnd(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	file := zipped(t,
		entry{"Certificate Authorities/ca_ca.json", encode(t, p.ca("associatedIdentityName", "a"))},
		entry{"Peers/", nil},
		entry{"Peers/p_peer.json", encode(t, p.node("fabric-peer"))},
		entry{"__MACOSX/Peers/._p_peer.json", []byte("not JSON")},
		entry{"Ordering Services/o_orderer.json", encode(t, p.node("fabric-orderer", "msp_id", nil))},
		entry{"Organizations/m_msp.json", encode(t, p.msp())},
		entry{"Wallet/a_identity.json", encode(t, p.identity("a", "peers", []any{"p"}, "orderer", []any{"o.Org1MSP"}))},
		entry{"Wallet/b_identity.json", encode(t, p.identity("b"))},
	)
	var w browser.Wallet
	components, err := w.Import(file)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, c := range components {
		order = append(order, c.Type+" "+c.Identity)
	}
	if diff := cmp.Diff([]string{"msp ", "fabric-orderer ", "fabric-peer ", "fabric-ca a"}, order); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a", "b"}, w.Names()); diff != "" {
		t.Error(diff)
	}
	matches(t, &w, "a")
	if id, _ := w.Identity("a"); len(id.Peers) != 1 || id.Peers[0] != "p" || id.Orderers[0] != "o.Org1MSP" {
		t.Errorf("the associations are %v %v", id.Peers, id.Orderers)
	}
}

func TestTheBulkImportTakesTheFilesThatFarolWritesInAListOrAZip(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	identity, err := console.ExportIdentity("Org1 Admin", p.cert, p.secret())
	if err != nil {
		t.Fatal(err)
	}
	c := console.Component{DisplayName: "Org1 CA", ID: "org1ca", Type: console.KindCA, APIURL: host, OperationsURL: host}
	c.MSP.CA.Name, c.MSP.TLSCA.Name, c.MSP.Component.TLSCert = "ca", "tlsca", p.cert
	m := console.Component{DisplayName: "Org1", ID: "org1msp", Type: console.KindMSP, MSPID: "Org1MSP", RootCerts: [][]byte{p.cert}, HostURL: host}
	n := console.Component{DisplayName: "Peer", ID: "peer1", Type: console.KindPeer, MSPID: "Org1MSP", APIURL: "grpcs://n.example:7051", GRPCWebURL: host, OperationsURL: host}
	n.MSP.TLSCA.RootCerts, n.MSP.Component.TLSCert = [][]byte{p.cert}, p.cert
	files := [][]byte{identity, console.ExportCA(&c), console.ExportMSP(&m), console.ExportPeer(&n)}
	var entries []entry
	for i, f := range files {
		entries = append(entries, entry{string(rune('a'+i)) + ".json", f})
	}
	for name, file := range map[string][]byte{
		"list": []byte("[" + string(bytes.Join(files, []byte(","))) + "]"),
		"zip":  zipped(t, entries...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w browser.Wallet
			components, err := w.Import(file)
			if err != nil || len(components) != 3 {
				t.Fatalf("%d components, %v", len(components), err)
			}
			matches(t, &w, "Org1 Admin")
		})
	}
}

func TestABulkFileIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	list := func(items ...any) []byte { return encode(t, append([]any{p.identity("new")}, items...)) }
	broken := zipped(t, entry{"a.json", bytes.Repeat([]byte("x"), 100)})
	broken[len(broken)/3] ^= 0xff
	tests := []struct {
		what    string
		file    []byte
		code    fault.Code
		message string
	}{
		{"one object", encode(t, p.identity("a")), browser.NotList, "The file is not an array."},
		{"no JSON and no zip", []byte(`{"name":`), browser.NotList, "The file is not an array."},
		{"a list that is too large for a list", list(strings.Repeat("x", 1_024_000)), browser.NotList, "The file is not an array."},
		{"more than a mebibyte", list(strings.Repeat("x", 1<<20)), browser.TooBig, "The file is too large."},
		{"a zip with something that is no JSON", zipped(t, entry{"a.json", encode(t, p.identity("a"))}, entry{"b.txt", []byte("read me")}), browser.NotJSON, "Error parsing JSON"},
		{"a zip with a byte order mark", zipped(t, entry{"a.json", append([]byte("\xef\xbb\xbf"), encode(t, p.identity("a"))...)}), browser.NotJSON, "Error parsing JSON"},
		{"a zip with a list in it", zipped(t, entry{"a.json", list()}), browser.Kind, "The file contains an invalid item type."},
		{"a zip that unpacks to more than we hold", zipped(t, entry{"a.json", make([]byte, 16<<20+1)}), browser.Silent, ""},
		{"a broken zip", broken, browser.Silent, ""},
		{"null", list(nil), browser.Silent, ""},
		{"a number", list(5), browser.Kind, "The file contains an invalid item type."},
		{"another type", list(object{"type": "fabric-console"}), browser.Kind, "The file contains an invalid item type."},
		{"an identity without type", list(p.identity("a", "type", nil)), browser.Kind, "The file contains an invalid item type."},
		{"an identity without name", list(p.identity("", "name", nil)), browser.BadName, "The file contains an item with an invalid name"},
		{"an identity with a bad name", list(p.identity("-a")), browser.BadName, "The file contains an item with an invalid name"},
		{"an identity that is held", list(p.identity("held")), browser.Taken, "The file contains an identity that already exists."},
		{"an identity without certificate", list(p.identity("a", "cert", nil)), browser.Certificate, "Certificate format is not valid."},
		{"an identity with an SEC1 key", list(p.identity("a", "private_key", b64(p.sec1))), browser.PrivateKey, "Private key format is not valid."},
		{"an identity without key", list(p.identity("a", "private_key", "")), browser.PrivateKey, "Private key format is not valid."},
		{"a CA with 31 characters", list(p.ca("display_name", strings.Repeat("x", 31))), browser.BadName, "The file contains an item with an invalid name"},
		{"a CA without operations address", list(p.ca("operations_url", nil)), browser.Missing, "Required fields are missing."},
		{"a CA without names", list(p.ca("msp", nil)), browser.Missing, "Required fields are missing."},
		{"a CA whose certificate is none", list(p.ca("msp", nil, "ca_name", "ca", "tlsca_name", "tlsca", "pem", "x")), browser.Certificate, "Certificate format is not valid."},
		{"a CA with half an address", list(p.ca("api_url", "n.example")), browser.URL, "URL format is not valid."},
		{"a CA with an address without host", list(p.ca("api_url", "https://:7054")), browser.URL, "URL format is not valid."},
		{"a peer without roots", list(p.node("fabric-peer", "msp", object{"tlsca": object{"root_certs": []any{}}}, "tls_cert", b64(p.cert))), browser.Missing, "Required fields are missing."},
		{"a peer without MSP id", list(p.node("fabric-peer", "msp_id", nil)), browser.Missing, "Required fields are missing."},
		{"a peer without grpc-web address", list(p.node("fabric-peer", "grpcwp_url", nil)), browser.Missing, "Required fields are missing."},
		{"a peer without certificates", list(p.node("fabric-peer", "msp", nil)), browser.Missing, "Required fields are missing."},
		{"a node whose root is none", list(p.node("fabric-orderer", "msp", nil, "pem", "x", "tls_cert", b64(p.cert))), browser.Certificate, "Certificate format is not valid."},
		{"an orderer with half an admin address", list(p.node("fabric-orderer", "osnadmin_url", "n.example")), browser.URL, "URL format is not valid."},
		{"an organization without admins", list(p.msp("admins", nil)), browser.Missing, "Required fields are missing."},
		{"an organization without console", list(p.msp("host_url", nil)), browser.Missing, "Required fields are missing."},
		{"an organization without name", list(p.msp("display_name", nil)), browser.BadName, "The file contains an item with an invalid name"},
	}
	for _, c := range tests {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			var w browser.Wallet
			if err := w.Add(encode(t, p.identity("held")), ""); err != nil {
				t.Fatal(err)
			}
			components, err := w.Import(c.file)
			f, ok := fault.Of(err)
			if !ok || f.Code != c.code || f.Facts["message"] != c.message || components != nil {
				t.Errorf("%v, want %s and %q", err, c.code, c.message)
			}
			if diff := cmp.Diff([]string{"held"}, w.Names()); diff != "" {
				t.Error("a part of what was refused is in the wallet:", diff)
			}
		})
	}
}

func TestOlderFilesAreReadByTheirOlderNames(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	file := encode(t, []any{
		p.ca("msp", nil, "display_name", nil, "short_name", "CA", "ca_name", "ca", "tlsca_name", "tlsca", "tls_cert", string(p.cert),
			"api_url", nil, "ca_url", host, "operations_url", nil, "operations", host),
		p.node("fabric-peer", "msp", nil, "display_name", nil, "name", "P", "tls_cert", b64(p.cert), "pem", b64(p.cert), "api_url", nil, "url", host),
		p.node("fabric-orderer", "msp", nil, "server_tls_cert", b64(p.cert), "operations_url", nil, "operations", host),
		p.msp("display_name", nil, "name", "Org1"),
	})
	var w browser.Wallet
	got, err := w.Import(file)
	if err != nil {
		t.Fatal(err)
	}
	if ca := got[3].Body; ca["display_name"] != "CA" || ca["api_url"] != host || ca["ca_name"] != nil {
		t.Errorf("the CA became %v", ca)
	}
}

func TestOfTwoNewIdentitiesWithOneNameTheLastCounts(t *testing.T) {
	t.Parallel()
	p, other := newPair(t), newPair(t)
	var w browser.Wallet
	if _, err := w.Import(encode(t, []any{p.identity("a"), other.identity("a")})); err != nil {
		t.Fatal(err)
	}
	if id, _ := w.Identity("a"); id.Cert != b64(other.cert) {
		t.Error("the first counts")
	}
}
