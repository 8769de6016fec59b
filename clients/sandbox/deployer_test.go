package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"farol/clients/sandbox/consoles"
)

var _ consoles.Teller = (*deployer)(nil)

func TestADeployerPassesOnWhatANodeSays(t *testing.T) {
	t.Parallel()
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cainfo":
			_, _ = w.Write([]byte(`{"success":true}`))
		case "/endless":
			_, _ = w.Write([]byte(strings.Repeat("x", maxTold+1)))
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(node.Close)
	r := &deployer{client: node.Client()}
	said, err := r.Tell(t.Context(), node.URL+"/cainfo")
	if err != nil || string(said) != `{"success":true}` {
		t.Errorf("told %q, %v", said, err)
	}
	for _, path := range []string{"/endless", "/ill"} {
		if said, err := r.Tell(t.Context(), node.URL+path); err == nil {
			t.Errorf("%s: told %d bytes and no error", path, len(said))
		}
	}
	if err := r.Healthy(t.Context(), node.URL+"/cainfo"); err != nil {
		t.Errorf("a node that answers is not healthy: %v", err)
	}
	if err := r.Healthy(t.Context(), node.URL+"/ill"); err == nil || err.Error() != "503 Service Unavailable" {
		t.Errorf("an ill node: %v", err)
	}
}

func TestAConsoleShowsWhatItsAuthoritySaysAndRestartsIt(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	newCA(t, w, "org1ca")
	healthy(t, w, 0, "org1ca")
	authority := func() int {
		for _, p := range status(t, w).Processes {
			if p.Name == "org1ca.us-south" && p.Alive {
				return p.PID
			}
		}
		return 0
	}
	before := authority()
	told := rest(t, w, 0, "POST", "/components/status", object{"components": object{"org1ca": object{"include_status_resp": true}}}, http.StatusMultiStatus)
	said, _ := told["org1ca"].(object)["status_resp"].(object)
	result, _ := said["result"].(object)
	attrs := rest(t, w, 0, "GET", "/components/org1ca?ca_attrs=included", nil, http.StatusOK)
	if root := result["CAChain"]; root == nil || attrs["root_cert"] != root || attrs["fabric_version"] != result["Version"] {
		t.Errorf("status_resp tells %v, ca_attrs %v", said, attrs)
	}
	rest(t, w, 0, "POST", "/kubernetes/components/org1ca/actions", object{"renew": object{"tls_cert": true}}, http.StatusBadRequest)
	rest(t, w, 0, "POST", "/kubernetes/components/org1ca/actions", object{"restart": true}, http.StatusAccepted)
	within(t, time.Minute, func() bool { now := authority(); return now != 0 && now != before })
	healthy(t, w, 0, "org1ca")
	again := rest(t, w, 0, "GET", "/components/org1ca?ca_attrs=included", nil, http.StatusOK)
	if again["root_cert"] != attrs["root_cert"] {
		t.Error("the authority began anew")
	}
}
