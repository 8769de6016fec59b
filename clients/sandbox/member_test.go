package sandbox

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"farol/clients/ca"
	"farol/clients/fabric"
	"farol/clients/wire"
	"farol/state/secret"
)

// rest asks one console, and fails the test unless it answers with the wanted status.
func rest(t *testing.T, w *World, region int, method, path string, in any, want int) map[string]any {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	r := w.Regions[region]
	q, err := http.NewRequest(method, r.ConsoleURL+"/ak/api/v3"+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.SetBasicAuth(r.APIKey, r.APISecret.Expose())
	resp, err := console(t, w).Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != want {
		t.Fatalf("%s %s at %s: %s %s %v", method, path, r.ID, resp.Status, b, err)
	}
	var out map[string]any
	_ = json.Unmarshal(b, &out)
	return out
}

type object = map[string]any

func certOf(t *testing.T, doc object, path ...string) []byte {
	t.Helper()
	var v any = doc
	for _, key := range path {
		v = v.(object)[key]
	}
	b, err := base64.StdEncoding.DecodeString(v.(string))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// healthy waits until a console calls a component healthy. Consoles count such questions: 25 a minute.
func healthy(t *testing.T, w *World, region int, id string) {
	t.Helper()
	next := time.Now()
	within(t, time.Minute, func() bool {
		if time.Now().Before(next) {
			return false
		}
		next = time.Now().Add(time.Second)
		s := rest(t, w, region, "POST", "/components/status", object{"components": object{id: object{"skip_cache": true}}}, http.StatusMultiStatus)
		return s[id].(object)["status"] == "ok"
	})
}

// member is an organization in the making: what a person at the keyboard would have in hand.
type member struct {
	w        *World
	network  wire.Network
	caURL    *url.URL
	caCert   []byte
	ca       *ca.Client
	registry ca.Registrar
	info     ca.Info
	tlsInfo  ca.Info
	signer   *fabric.Signer // set by admin
}

const mspID = "Org1MSP"

// newMember makes the certificate authority in the first region.
func newMember(t *testing.T, w *World) *member {
	t.Helper()
	identity := object{"name": "admin", "pass": "adminpw", "type": "client", "attrs": object{"hf.Registrar.Roles": "*"}}
	doc := rest(t, w, 0, "POST", "/kubernetes/components/fabric-ca", object{"id": "org1ca", "display_name": "Org1 CA", "config_override": object{
		"ca": object{"registry": object{"maxenrollments": -1, "identities": []object{identity}}}}}, http.StatusOK)
	healthy(t, w, 0, "org1ca")
	m := &member{w: w, caCert: certOf(t, doc, "msp", "component", "tls_cert")}
	proxy, err := url.Parse(w.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	m.network = wire.Network{Proxy: proxy}
	if m.caURL, err = url.Parse(doc["api_url"].(string)); err != nil {
		t.Fatal(err)
	}
	h, err := m.network.HTTP(wire.Trust{RootsPEM: m.caCert})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.CloseIdleConnections)
	m.ca = ca.New(m.caURL.String(), "ca", h)
	if m.info, err = m.ca.Info(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m.tlsInfo, err = ca.New(m.caURL.String(), "tlsca", h).Info(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.registry.CertPEM, m.registry.Key = m.enroll(t, "admin")
	return m
}

func (m *member) enroll(t *testing.T, id string) ([]byte, secret.Secret) {
	t.Helper()
	key, err := ca.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	e, err := m.ca.Enroll(t.Context(), id, secret.FromString(id+"pw"), key, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return e.CertPEM, key
}

func (m *member) register(t *testing.T, id, kind string) {
	t.Helper()
	err := m.ca.Register(t.Context(), m.registry, ca.Registration{ID: id, Secret: secret.FromString(id + "pw"), Type: kind, MaxEnrollments: 2})
	if err != nil {
		t.Fatal(err)
	}
}

// peer makes a peer through a region's console and waits until it is healthy.
func (m *member) peer(t *testing.T, region int) fabric.Node {
	t.Helper()
	id := "peer" + strconv.Itoa(region+1)
	u := m.order(t, region, id)
	healthy(t, m.w, region, id)
	return fabric.Node{Addr: u.Host, RootsPEM: m.tlsInfo.ChainPEM}
}

// order makes a peer through a region's console, which must know the authority first.
func (m *member) order(t *testing.T, region int, id string) *url.URL {
	t.Helper()
	m.register(t, id, "peer")
	cert := base64.StdEncoding.EncodeToString(m.caCert)
	if region > 0 {
		rest(t, m.w, region, "POST", "/components/fabric-ca", object{"id": "org1ca", "display_name": "Org1 CA", "api_url": m.caURL.String(),
			"msp": object{"ca": object{"name": "ca"}, "tlsca": object{"name": "tlsca"}, "component": object{"tls_cert": cert}}}, http.StatusOK)
	}
	enrollment := func(name string) object {
		return object{"host": m.caURL.Hostname(), "port": caPort, "name": name, "tls_cert": cert, "enroll_id": id, "enroll_secret": id + "pw"}
	}
	doc := rest(t, m.w, region, "POST", "/kubernetes/components/fabric-peer", object{"id": id, "display_name": id, "msp_id": mspID, "state_db": "leveldb",
		"crypto": object{"enrollment": object{"component": object{}, "ca": enrollment("ca"), "tlsca": enrollment("tlsca")}}}, http.StatusOK)
	u, err := url.Parse(doc["api_url"].(string))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// handOff writes the pack for the ordering service's administrator.
func (m *member) handOff(t *testing.T) string {
	t.Helper()
	b64 := func(b []byte) []string { return []string{base64.StdEncoding.EncodeToString(b)} }
	organization, err := json.Marshal(object{"msp_id": mspID, "root_certs": b64(m.info.ChainPEM), "tls_root_certs": b64(m.tlsInfo.ChainPEM),
		"admins": []string{}, "fabric_node_ous": object{"enable": true}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pack.zip")
	if err := os.WriteFile(file, pack(t, "msp.json", string(organization)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
