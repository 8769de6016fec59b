package consoles

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// changing1 is a console with a CA that it made and an organization that it imported.
func changing1(t *testing.T, d Deployer) *Console {
	t.Helper()
	c := newConsole(t, func(o *Options) { o.Deployer = d })
	if w := call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca")); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	call(c, "POST", base+"/components/msp", "writer", mspBody("Org1", "org1"))
	return c
}

func TestOneThingIsChangedAtATime(t *testing.T) {
	t.Parallel()
	c := changing1(t, silent{&fake{}})
	for _, e := range []struct {
		id, body string
		status   int
	}{
		{"org1ca", `{"version":"1.5.16-1","zone":"x"}`, 400},
		{"org1ca", `{}`, 400},
		{"org1ca", `{"bogus":1}`, 400},
		{"org1ca", `{"resources":{"ca":{"requests":{"cpu":"900000m"}}}}`, 400},
		{"org1", `{"zone":"x"}`, 400},                // imported
		{"nobody", `{"zone":"x"}`, 404},              //
		{"org1ca", `{"config_override":{}}`, 400},    // this deployer changes nothing itself
		{"org1ca", `{"version":"1.5.16-1"}`, 200},    //
		{"org1ca", `{"zone":"x","type":"any"}`, 200}, // the type may always stand there
		{"org1ca", `{"resources":{"ca":{"requests":{"cpu":"200m"}}}}`, 200},
	} {
		if w := call(c, "PUT", deployments+"/"+e.id, "manager", e.body); w.Code != e.status {
			t.Errorf("%s %s: %d %s, want %d", e.id, e.body, w.Code, w.Body, e.status)
		}
	}
	if w := call(c, "PUT", deployments+"/org1ca", "writer", `{"zone":"y"}`); w.Code != 401 {
		t.Errorf("a writer: %d", w.Code)
	}
	got := fields(t, call(c, "GET", base+"/components/org1ca?deployment_attrs=included", "reader", ""))
	for path, want := range map[string]string{"version": "1.5.16-1", "zone": "x", "resources.ca.requests.cpu": "200m", "resources.ca.limits.cpu": "200m"} {
		if textAt(got, path) != want {
			t.Errorf("%s is %q, want %q", path, textAt(got, path), want)
		}
	}
}

func TestAnActionIsAcceptedWhenTheDeployerTakesIt(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := changing1(t, f)
	for _, e := range []struct {
		id, body string
		status   int
	}{
		{"org1ca", `{"restart":true}`, 202},
		{"org1ca", `{"renew":{"tls_cert":true}}`, 202},
		{"org1ca", `{"reenroll":{"ecert":true}}`, 400}, // peers do
		{"org1ca", `{"restart":"yes"}`, 400},
		{"org1ca", `{}`, 400},
		{"org1ca", `{"restart":false}`, 400},
		{"org1", `{"restart":true}`, 400},
		{"nobody", `{"restart":true}`, 404},
	} {
		if w := call(c, "POST", deployments+"/"+e.id+"/actions", "writer", e.body); w.Code != e.status {
			t.Errorf("%s %s: %d %s, want %d", e.id, e.body, w.Code, w.Body, e.status)
		}
	}
	if diff := cmp.Diff([]string{"org1ca restart", "org1ca renew.tls_cert"}, f.acted); diff != "" {
		t.Errorf("the deployer did (-want +got)\n%s", diff)
	}
	c = changing1(t, silent{&fake{}})
	if w := call(c, "POST", deployments+"/org1ca/actions", "writer", `{"restart":true}`); w.Code != 400 {
		t.Errorf("accepted by a console whose deployer cannot: %d %s", w.Code, w.Body)
	}
}

func TestAdministratorsOfANodeAreAddedAndTakenAway(t *testing.T) {
	t.Parallel()
	c := changing1(t, &fake{})
	one, other := encoded(certs4()[certEnroll]), encoded(certs4()[certRoot])
	change := func(append, remove []string) map[string]any {
		b, err := json.Marshal(map[string]any{"append_admin_certs": append, "remove_admin_certs": remove})
		if err != nil {
			t.Fatal(err)
		}
		w := call(c, "PUT", deployments+"/org1ca/certs", "writer", string(b))
		if w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return fields(t, w)
	}
	for _, e := range []struct {
		append, remove []string
		want           map[string]any
	}{
		{[]string{one, other, one}, []string{}, map[string]any{"set_admin_certs": []any{one, other}, "changes_made": 2.0}},
		{[]string{other}, []string{one}, map[string]any{"set_admin_certs": []any{other}, "changes_made": 1.0}},
		{[]string{}, []string{one}, map[string]any{"set_admin_certs": []any{other}, "changes_made": 0.0}},
	} {
		if diff := cmp.Diff(e.want, change(e.append, e.remove)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if w := call(c, "PUT", deployments+"/org1ca/certs", "writer", `{"append_admin_certs":["no"]}`); w.Code != 400 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAnEnrollSecretThatADeployerTellsIsNotKept(t *testing.T) {
	t.Parallel()
	c := withCA(t)
	if w := call(c, "POST", deployments+"/fabric-peer", "manager", peerBody(func(map[string]any) {})); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := call(c, "PUT", deployments+"/peer1", "manager", `{"zone":"x"}`)
	if textAt(fields(t, w), "crypto.enrollment.component.enrollsecret") != "peer1pw" {
		t.Fatalf("the trap of real consoles is missing: %s", w.Body)
	}
	kept, err := os.ReadFile(c.o.Store)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(kept), "peer1pw") {
		t.Error("kept in the store")
	}
	if w := call(c, "GET", base+"/components/peer1?deployment_attrs=included", "reader", ""); strings.Contains(w.Body.String(), "peer1pw") {
		t.Errorf("told again: %s", w.Body)
	}
}

func TestAChangeThatCannotBeKeptIsNotShown(t *testing.T) {
	t.Parallel()
	c := changing1(t, &fake{})
	before := call(c, "GET", base+"/components/org1ca?deployment_attrs=included", "reader", "").Body.String()
	if err := os.Mkdir(c.o.Store+".new", 0o700); err != nil { // stands in the way of the next file
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"admin_certs": []string{encoded(certs4()[certEnroll])}})
	if err != nil {
		t.Fatal(err)
	}
	if w := call(c, "PUT", deployments+"/org1ca", "manager", string(body)); w.Code != 500 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if diff := cmp.Diff(before, call(c, "GET", base+"/components/org1ca?deployment_attrs=included", "reader", "").Body.String()); diff != "" {
		t.Error(diff)
	}
}
