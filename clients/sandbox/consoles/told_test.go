package consoles

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestAnMSPIsTiedToTheCAThatIssuedIt(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	call(c, "POST", base+"/components/msp", "writer", mspBody("Org1", "org1"))
	issuer := func() string {
		return textAt(fields(t, call(c, "GET", base+"/components/org1?ca_attrs=included", "reader", "")), "issued_by_ca_id")
	}
	if got := issuer(); got != "unknown" {
		t.Errorf("issued by %q without any CA", got)
	}
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca"))
	if got := issuer(); got != "org1ca" {
		t.Errorf("issued by %q", got)
	}
	if got := textAt(fields(t, call(c, "GET", base+"/components/org1", "reader", "")), "issued_by_ca_id"); got != "" {
		t.Errorf("told without being asked: %q", got)
	}
}

// silent is a deployer that can do no more than it must.
type silent struct{ Deployer }

func TestADeployerNeedNotPassOnWhatNodesSay(t *testing.T) {
	t.Parallel()
	c := newConsole(t, func(o *Options) { o.Deployer = silent{&fake{}} })
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca"))
	if w := call(c, "GET", base+"/components/org1ca?ca_attrs=included", "reader", ""); w.Code != 200 || fields(t, w)["root_cert"] != nil {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w := call(c, "POST", base+"/components/status", "reader", `{"components":{"org1ca":{"include_status_resp":true}}}`)
	if got := textAt(fields(t, w), "org1ca.status"); got != "ok" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// frozen is a deployer above nodes that take every connection and say nothing.
type frozen struct{ Deployer }

func (frozen) Healthy(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }

func TestAFrozenNodeIsWaitedForAsLongAsIsAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsole(t, func(o *Options) { o.Deployer = frozen{&fake{}} })
		call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca"))
		for how, want := range map[string]time.Duration{`{}`: statusTime, `{"timeout_ms":700}`: 700 * time.Millisecond, `{"timeout_ms":0}`: statusTime} {
			began := time.Now()
			w := call(c, "POST", base+"/components/status", "reader", `{"components":{"org1ca":`+how+`}}`)
			if took := time.Since(began); took != want || textAt(fields(t, w), "org1ca.status") != "not ok" {
				t.Errorf("%s: after %s, want %s: %s", how, took, want, w.Body)
			}
		}
	})
}
