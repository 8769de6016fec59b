package steps

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"farol/clients/console"
	"farol/clients/fabric"
	"farol/steps/engine"
)

// orderer is an ordering node at an address, vouched for by a root.
func orderer(id, addr string, root []byte) console.OrdererImport {
	o := console.OrdererImport{PeerImport: console.PeerImport{ID: id, APIURL: "grpcs://" + addr}}
	o.MSP.TLSCA.RootCerts = [][]byte{root}
	return o
}

// listening starts something that speaks TLS, and gives its address and root.
func listening(t *testing.T) (addr string, root []byte) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.EnableHTTP2 = true // as gRPC wants it
	server.StartTLS()
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "https://"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}

func TestOneOrderingNodeThatAnswersIsEnough(t *testing.T) {
	t.Parallel()
	addr, root := listening(t)
	other, _ := pair(t)
	s := &Session{Setup: answeredDraft(t).Setup}
	s.orderers = []console.OrdererImport{orderer("one", "127.0.0.1:1", root), orderer("two", addr, root), orderer("three", addr, other)}
	if o := observe(t, Graph(s), "all/ordering"); o.Finding != engine.Present || o.Evidence["nodes"] != "3" || o.Evidence["answer"] != "1" {
		t.Errorf("%+v", o)
	}
}

func TestAnOrderingServiceThatNobodyVouchesForIsRefused(t *testing.T) {
	t.Parallel()
	addr, _ := listening(t)
	other, _ := pair(t)
	s := &Session{Setup: answeredDraft(t).Setup}
	s.orderers = []console.OrdererImport{orderer("one", addr, other)}
	step, _ := Graph(s).Step("all/ordering")
	if o, err := step.Observe(t.Context()); err == nil {
		t.Errorf("found %+v", o)
	}
	s.orderers = nil
	step, _ = Graph(s).Step("all/ordering")
	_, err := step.Observe(t.Context())
	hasCode(t, err, console.CodeKind)
}

func TestAnImportIsOursOnlyWithTheSameAddress(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		have map[string]any
		want engine.Finding
		what string
	}{
		"not there":          {nil, engine.Absent, ""},
		"the same":           {map[string]any{"id": "acmeordering1", "type": "fabric-orderer", "api_url": "grpcs://orderer1.acme.example.com:7050"}, engine.Present, ""},
		"at another address": {map[string]any{"id": "acmeordering1", "type": "fabric-orderer", "api_url": "grpcs://old.acme.example.com:7050"}, engine.Differs, "address"},
		"another kind":       {map[string]any{"id": "acmeordering1", "type": "fabric-peer", "api_url": "grpcs://orderer1.acme.example.com:7050"}, engine.Differs, "type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &scripted{components: map[string]map[string]any{"acmeordering1": tt.have}}
			s, _ := sessionWith(t, c)
			var err error
			s.orderers, err = console.ParseOrderers(exported(t))
			must(t, err)
			if o := observe(t, Graph(s), "us-east/ordering/1"); o.Finding != tt.want || o.Evidence["what"] != tt.what {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestANodeIsTrustedByItsRootsOrElseByItself(t *testing.T) {
	t.Parallel()
	a, b, own := []byte("root a"), []byte("root b"), []byte("own")
	for _, tt := range []struct {
		roots [][]byte
		want  fabric.Node
	}{
		{[][]byte{a, b}, fabric.Node{Addr: "peer.example.com:7051", RootsPEM: []byte("root a\nroot b\n")}},
		{nil, fabric.Node{Addr: "peer.example.com:7051", RootsPEM: own}},
	} {
		if got := node("grpcs://peer.example.com:7051", tt.roots, own); got.Addr != tt.want.Addr || string(got.RootsPEM) != string(tt.want.RootsPEM) {
			t.Errorf("%s trusts %q, want %q", got.Addr, got.RootsPEM, tt.want.RootsPEM)
		}
	}
}

func TestACAsAddressIsSplitAsConsolesWantIt(t *testing.T) {
	t.Parallel()
	for url, want := range map[string][2]string{"https://ca.example.com:7054": {"ca.example.com", "7054"}, "https://ca.example.com:7054/": {"ca.example.com", "7054"},
		"https://ca.example.com": {"ca.example.com", "443"}, "https://ca.example.com/": {"ca.example.com", "443"}} {
		if host, port := hostPort(url); host != want[0] || port != want[1] {
			t.Errorf("%s: %s and %s", url, host, port)
		}
	}
}
