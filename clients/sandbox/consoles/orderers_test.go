package consoles

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// serviceBody creates an ordering service that enrolls at a CA of this console.
func serviceBody(n int) string {
	enroll := map[string]any{"host": "127.0.0.1", "port": 18081, "name": "ca", "tls_cert": encoded(certs4()[certTLS]), "enroll_id": "os", "enroll_secret": "ospw"}
	crypto := []any{}
	for range n {
		crypto = append(crypto, map[string]any{"enrollment": map[string]any{"component": map[string]any{}, "ca": enroll, "tlsca": enroll}})
	}
	b, _ := json.Marshal(map[string]any{"display_name": "OS", "msp_id": "osmsp", "orderer_type": "raft", "systemless": true, "crypto": crypto})
	return string(b)
}

func TestAnOrderingServiceHasOneClusterAndNumberedNodes(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	if w := call(c, "POST", deployments+"/fabric-orderer", "manager", serviceBody(1)); w.Code != 400 || !strings.Contains(w.Body.String(), "crypto[0].enrollment.ca.host' was not found") {
		t.Errorf("with a CA that nobody knows: %d %s", w.Code, w.Body)
	}
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("OS CA", "osca"))
	for range 2 {
		w := call(c, "POST", deployments+"/fabric-orderer", "manager", serviceBody(3))
		if w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		created, _ := fields(t, w)["created"].([]any)
		if len(created) != 3 {
			t.Fatalf("%d nodes", len(created))
		}
		cluster := textAt(created[0].(map[string]any), "cluster_id")
		for i, one := range created {
			d := document(one.(map[string]any))
			if d.text("cluster_id") != cluster || len(cluster) != 10 || !strings.HasSuffix(d.text("id"), "node"+string(rune('1'+i))) ||
				d.text("display_name") != "OS_"+string(rune('1'+i)) {
				t.Errorf("node %d is %v", i, d)
			}
			if !strings.Contains(w.Body.String(), `"root_certs":[null]`) {
				t.Error("the roots are known")
			}
		}
	}
	with := strings.Replace(serviceBody(1), `"systemless":true`, `"system_channel_id":"mychannel"`, 1)
	if w := call(c, "POST", deployments+"/fabric-orderer", "manager", with); w.Code != 200 || !strings.Contains(w.Body.String(), `"system_channel_id":"mychannel"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for i, want := range []string{"", "", "", "", "", "", "mychannel"} {
		if got := f.orders[i].SystemChannel; got != want {
			t.Errorf("node %d begins with the channel %q, want %q", i, got, want)
		}
	}
	if got := len(ids(t, c)); got != 8 {
		t.Errorf("%d components, want 8: two services had one id", got)
	}
}

// failing makes some ordering nodes, and then no more.
type failing struct {
	*fake
	left int
}

func (f *failing) CreateOrderer(ctx context.Context, s OrdererSpec) (Node, error) {
	if f.left--; f.left < 0 {
		return Node{}, &DeployError{Status: 500, Cause: "wrong secret"}
	}
	return f.fake.CreateOrderer(ctx, s)
}

func TestAnOrderingServiceThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	f := &failing{&fake{}, 2}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("OS CA", "osca"))
	if w := call(c, "POST", deployments+"/fabric-orderer", "manager", serviceBody(3)); w.Code != 500 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if len(f.nodes) != 1 || len(ids(t, c)) != 1 {
		t.Errorf("%d nodes and %v are left", len(f.nodes), ids(t, c))
	}
}

func TestMoreOrderingNodesMayTakeMoreTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		c := newConsole(t, func(o *Options) { o.Deployer, o.DeployerTimeout = f, 10*time.Second })
		call(c, "POST", deployments+"/fabric-ca", "manager", caBody("OS CA", "osca"))
		f.slow = 7 * time.Second // 21 s for three: within 10 s times 2.2
		if w := call(c, "POST", deployments+"/fabric-orderer", "manager", serviceBody(3)); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestADeployerNeedNotMakeOrderers(t *testing.T) {
	t.Parallel()
	c := newConsole(t, func(o *Options) { o.Deployer = silent{&fake{}} })
	if w := call(c, "POST", deployments+"/fabric-orderer", "manager", serviceBody(1)); w.Code != 404 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
