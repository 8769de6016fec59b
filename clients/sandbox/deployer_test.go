package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
