package console

import (
	"context"
	"maps"
	"testing"

	"farol/state/secret"

	"github.com/google/go-cmp/cmp"
)

// The certificates of the record, by the lengths that stand there.
func nodeMSP(t *testing.T) NodeMSP {
	return NodeMSP{
		CA:    Authority{RootCerts: [][]byte{certOf(t, "948")}},
		TLSCA: Authority{RootCerts: [][]byte{certOf(t, "848")}},
		Component: NodeCerts{TLSCert: certOf(t, "800"), ECert: certOf(t, "904"),
			AdminCerts: [][]byte{certOf(t, "904")}},
	}
}

func newPeer(t *testing.T) NewPeer {
	at := Enrollment{Host: "127.0.0.1", Port: 18081, Name: "ca", TLSCert: certOf(t, "800"), EnrollID: "peer1", EnrollSecret: secret.FromString("peer1pw")}
	tls := at
	tls.Name, tls.CSRHosts = "tlsca", []string{"peer1.example.com"}
	return NewPeer{ID: "org1peer1", DisplayName: "Org1 Peer1", MSPID: "org1msp", StateDB: "couchdb", CA: at, TLSCA: tls, AdminCerts: [][]byte{certOf(t, "904")}}
}

func newCA() NewCA {
	return NewCA{ID: "east1ca", DisplayName: "Org1 CA", Registrar: "admin", RegistrarSecret: secret.FromString("adminpw")}
}

func peerImport(t *testing.T) PeerImport {
	return PeerImport{ID: "org1peer1", DisplayName: "Org1 Peer1", MSPID: "org1msp", APIURL: "grpcs://peer1.example.com:7051",
		OperationsURL: "https://peer1.example.com:9443", GRPCWebURL: "https://peer1-proxy.example.com:443", Location: "us-south", MSP: nodeMSP(t)}
}

func caImport(t *testing.T) CAImport {
	return CAImport{ID: "my-fixed-ca", DisplayName: "Org1 CA", APIURL: "https://org1ca.example.com:7054", OperationsURL: "https://org1ca.example.com:9443",
		Location: "us-south", Tags: []string{"fabric-ca"}, MSP: NodeMSP{
			CA:        Authority{Name: "ca", RootCerts: [][]byte{certOf(t, "948")}},
			TLSCA:     Authority{Name: "tlsca", RootCerts: [][]byte{certOf(t, "848")}},
			Component: NodeCerts{TLSCert: certOf(t, "800")}}}
}

func mspImport(t *testing.T) MSPImport {
	return MSPImport{ID: "org1msp", DisplayName: "Org1 MSP", MSPID: "org1msp", RootCerts: [][]byte{certOf(t, "948")}, Admins: [][]byte{certOf(t, "904")},
		TLSRootCerts: [][]byte{certOf(t, "848")}, NodeOUs: NodeOUsOf(certOf(t, "948")), HostURL: "https://console1.example.com"}
}

func ordererImport(t *testing.T) OrdererImport {
	return OrdererImport{ClusterID: "abc123", ClusterName: "Ordering Service", SystemChannel: "testchainid", PeerImport: PeerImport{
		ID: "osnode1", DisplayName: "OS node1", MSPID: "osmsp", APIURL: "grpcs://os1.example.com:7050", OperationsURL: "https://os1.example.com:8443",
		GRPCWebURL: "https://os1-proxy.example.com:443", Location: "us-south", MSP: nodeMSP(t)}}
}

// adding is a call that makes a component, with the exchange that it must equal.
type adding struct {
	title string
	add   func(context.Context, *Client) (*Component, error)
	id    string   // that the recorder left to the console, and this program never does
	unset []string // what the recorder asked for and this program leaves to the console's defaults
}

func addings(t *testing.T) []adding {
	return []adding{
		{title: "Create a CA with a caller-chosen id", unset: []string{"resources", "storage", "zone"},
			add: func(ctx context.Context, c *Client) (*Component, error) { return c.CreateCA(ctx, newCA()) }},
		{title: "Create a peer", id: "org1peer1", unset: []string{"resources", "storage", "zone", "version"},
			add: func(ctx context.Context, c *Client) (*Component, error) { return c.CreatePeer(ctx, newPeer(t)) }},
		{title: "CA with a caller-chosen id",
			add: func(ctx context.Context, c *Client) (*Component, error) { return c.ImportCA(ctx, caImport(t)) }},
		{title: "Import an MSP", id: "org1msp", unset: []string{"revocation_list"},
			add: func(ctx context.Context, c *Client) (*Component, error) { return c.ImportMSP(ctx, mspImport(t)) }},
		{title: "Import a peer", id: "org1peer1",
			add: func(ctx context.Context, c *Client) (*Component, error) { return c.ImportPeer(ctx, peerImport(t)) }},
		{title: "Import an ordering node", id: "osnode1",
			add: func(ctx context.Context, c *Client) (*Component, error) {
				return c.ImportOrderer(ctx, ordererImport(t))
			}},
	}
}

func TestRequestsEqualTheRecordedOnes(t *testing.T) {
	t.Parallel()
	for _, a := range addings(t) {
		t.Run(a.title, func(t *testing.T) {
			t.Parallel()
			e := recorded(t, a.title)
			s := replay(e)
			got, err := a.add(t.Context(), s.client(t))
			if err != nil {
				t.Fatal(err)
			}
			want := maps.Clone(e.request)
			for _, key := range a.unset {
				if _, there := want[key]; !there {
					t.Errorf("the record does not ask for %s", key)
				}
				delete(want, key)
			}
			if a.id != "" {
				want["id"] = a.id
			}
			calls := s.asked()
			if len(calls) != 1 || calls[0].method != e.method || calls[0].path != e.path {
				t.Fatalf("asked %+v, want once %s %s", calls, e.method, e.path)
			}
			if diff := cmp.Diff(want, decoded(t, calls[0].body)); diff != "" {
				t.Errorf("request (-recorded +sent):\n%s", diff)
			}
			if h := calls[0].header; h.Get("Content-Type") != "application/json" || h.Get("Accept") != "application/json" {
				t.Errorf("header %v", h)
			}
			wantComponent(t, e.answer, got)
		})
	}
}
