package consoles

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAReadOnlyConsoleTakesNoChange(t *testing.T) {
	t.Parallel()
	c := newConsole(t, func(o *Options) { o.ReadOnly = true })
	for _, e := range []struct{ method, path string }{{"POST", "/components/msp"}, {"DELETE", "/components/x"}, {"PUT", "/components/x"}, {"POST", "/kubernetes/components/fabric-ca"}} {
		w := serve(c, request(e.method, base+e.path, "{}")) // told before anybody is asked who they are
		if w.Code != 503 || textAt(fields(t, w), "msg") != "this api is not available to Consoles in read only mode" {
			t.Errorf("%s %s: %d %s", e.method, e.path, w.Code, w.Body)
		}
	}
	if w := call(c, "GET", base+"/components", "reader", ""); w.Code != 200 {
		t.Errorf("reading: %d %s", w.Code, w.Body)
	}
	told := fields(t, call(c, "GET", base+"/settings", "", ""))
	if flag, _ := at(told, "FEATURE_FLAGS.read_only_enabled"); told["READ_ONLY"] != true || flag != true {
		t.Errorf("settings do not tell: %v, %v", told["READ_ONLY"], flag)
	}
}

func TestAConsoleTakesOnlySoManyNodes(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := newConsole(t, func(o *Options) { o.MaxComponents, o.Deployer = 2, f })
	full := func(what, path, key, body string) {
		t.Helper()
		w := call(c, "POST", path, key, body)
		if w.Code != 500 || !strings.HasPrefix(w.Body.String(), `{"msg":["total component limit reached`) {
			t.Errorf("%s: %d %s", what, w.Code, w.Body)
		}
	}
	for _, id := range []string{"ca1", "ca2"} {
		if w := call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", id)); w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	full("a creation", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "ca3"))
	if len(f.nodes) != 2 {
		t.Errorf("%d nodes were made", len(f.nodes))
	}
	own, err := json.Marshal(map[string]any{"display_name": "Org1 CA", "api_url": "https://ca", "msp": map[string]any{
		"ca": map[string]any{"name": "ca"}, "tlsca": map[string]any{"name": "tlsca"}, "component": map[string]any{"tls_cert": encoded(certs4()[certTLS])}}})
	if err != nil {
		t.Fatal(err)
	}
	full("an ordering service", deployments+"/fabric-orderer", "manager", serviceBody(1))
	full("an import", base+"/components/fabric-ca", "writer", string(own))
	if w := call(c, "POST", base+"/components/msp", "writer", mspBody("Org1", "org1")); w.Code != 200 {
		t.Errorf("an organization is no node: %d %s", w.Code, w.Body)
	}
	call(c, "DELETE", deployments+"/ca1", "manager", "")
	if w := call(c, "POST", base+"/components/fabric-ca", "writer", string(own)); w.Code != 200 {
		t.Errorf("after one was deleted: %d %s", w.Code, w.Body)
	}
}

func TestOlderVersionsHaveFlatCertificates(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	cert := encoded(certs4()[certTLS])
	const v1, v2 = "/ak/api/v1/components", "/ak/api/v2/components"
	for path, body := range map[string]map[string]any{
		v2 + "/fabric-ca": {"id": "oldca", "display_name": "Old CA", "api_url": "https://ca:7054", "ca_name": "ca", "tlsca_name": "tlsca", "tls_cert": cert},
		v1 + "/fabric-peer": {"id": "oldpeer", "display_name": "Old", "msp_id": "org1", "grpcwp_url": "https://web", "tls_cert": cert,
			"tls_ca_root_cert": encoded(certs4()[certTLSRoot])},
		v2 + "/msp": {"id": "oldmsp", "display_name": "Old", "msp_id": "org1", "root_certs": []string{cert}},
	} {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if w := call(c, "POST", path, "writer", string(b)); w.Code != 200 || strings.Contains(w.Body.String(), `"msp":`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	got := fields(t, call(c, "GET", base+"/components/oldca", "reader", ""))
	for path, want := range map[string]string{"msp.ca.name": "ca", "msp.tlsca.name": "tlsca", "msp.component.tls_cert": cert, "ca_name": ""} {
		if textAt(got, path) != want {
			t.Errorf("version 3 has %s %q, want %q", path, textAt(got, path), want)
		}
	}
	var list []document
	if err := json.Unmarshal(call(c, "GET", v1, "reader", "").Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range list {
		ids = append(ids, d.text("id"))
	}
	if diff := cmp.Diff([]string{"oldmsp", "oldca", "oldpeer"}, ids); diff != "" {
		t.Errorf("version 1 lists (-want +got)\n%s", diff)
	}
	for _, path := range []string{v2 + "/oldca/actions", "/ak/api/v2/identity/token", "/ak/api/v2/kubernetes/components/fabric-ca", "/ak/api/v4/components", "/ak/apis"} {
		if w := call(c, "POST", path, "manager", "{}"); w.Code != 404 || textAt(fields(t, w), "msg") != "route not found" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestHealthIsForManagers(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	for key, want := range map[string]int{"reader": 401, "writer": 401, "manager": 200} {
		if w := call(c, "GET", base+"/health", key, ""); w.Code != want {
			t.Errorf("%s: %d, want %d", key, w.Code, want)
		}
	}
}

func TestWhatIsChangedIsNotedWithWhoAndHow(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	r := request("POST", base+"/components/msp", mspBody("Org1", "org1"))
	r.Header.Set("User-Agent", "farol/1.0 (practice)")
	r.Header.Set("Authorization", "Bearer "+token(t, c, "writer", ""))
	serve(c, r)
	call(c, "POST", base+"/components/status", "reader", `{"components":{"org1":{}}}`) // asks only
	list, _ := fields(t, call(c, "GET", base+"/notifications?limit=1", "reader", ""))["notifications"].([]any)
	if len(list) != 1 {
		t.Fatalf("%d lines", len(list))
	}
	one, _ := list[0].(map[string]any)
	want := map[string]any{"user_agent": "farol/1.0 (practice)", "by": "writer***", "response_code": 200.0, "status": "success", "http_details": "POST:" + base + "/components/msp"}
	got := map[string]any{}
	for k := range want {
		got[k] = one[k]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
