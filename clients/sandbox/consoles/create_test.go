package consoles

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const deployments = base + "/kubernetes/components"

// caBody creates a CA. An empty id leaves the choice to the console.
func caBody(name, id string) string {
	b := map[string]any{"display_name": name, "config_override": map[string]any{"ca": map[string]any{"registry": map[string]any{
		"maxenrollments": -1, "identities": []any{map[string]any{"name": "admin", "pass": "adminpw", "type": "client"}}}}}}
	if id != "" {
		b["id"] = id
	}
	out, _ := json.Marshal(b)
	return string(out)
}

func fields(t *testing.T, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return out
}

// ids lists what a console knows.
func ids(t *testing.T, c *Console) []string {
	t.Helper()
	var out []string
	for _, one := range fields(t, call(c, "GET", base+"/components", "reader", ""))["components"].([]any) {
		out = append(out, textAt(one.(map[string]any), "id"))
	}
	return out
}

func TestCreationsAtOnceNeverGetOneID(t *testing.T) {
	t.Parallel()
	const n = 8
	c := newConsole(t, nil)
	made := make(chan string, n)
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			w := call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", ""))
			if w.Code != 200 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			made <- textAt(fields(t, w), "id")
		})
	}
	all.Wait()
	close(made)
	var got []string
	for id := range made {
		got = append(got, id)
	}
	slices.Sort(got)
	want := []string{"org1ca", "org1ca0", "org1ca1", "org1ca2", "org1ca3", "org1ca4", "org1ca5", "org1ca6"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, ids(t, c)); diff != "" {
		t.Errorf("the list: %s", diff)
	}
}

func TestImportsAtOnceNeverGetOneID(t *testing.T) {
	t.Parallel()
	const n = 8
	c := newConsole(t, nil)
	var all sync.WaitGroup
	for range n {
		all.Go(func() { call(c, "POST", base+"/components/msp", "writer", mspBody("Org1 MSP", "")) })
	}
	all.Wait()
	if got := ids(t, c); len(got) != n || got[0] != "org1msp" || got[1] != "org1msp_0" {
		t.Errorf("%d imports have the ids %v", n, got)
	}
}

func mspBody(name, id string) string {
	b := map[string]any{"display_name": name, "msp_id": "org1msp", "root_certs": []string{encoded(certs4()[certRoot])}}
	if id != "" {
		b["id"] = id
	}
	out, _ := json.Marshal(b)
	return string(out)
}

func TestOneOfTwoCreationsWithOneIDIsRefused(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	codes := make(chan int, 2)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			codes <- call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca")).Code
		})
	}
	both.Wait()
	if a, b := <-codes, <-codes; a+b != 200+409 {
		t.Errorf("the answers are %d and %d", a, b)
	}
	if got := ids(t, c); len(got) != 1 {
		t.Errorf("known are %v", got)
	}
}

// TestALongCreationHoldsNobodyUp also shows that an id is taken while its node is being made.
func TestALongCreationHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	f := &fake{hold: make(chan struct{}), held: make(chan string, 1)}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	var slow sync.WaitGroup
	slow.Go(func() { call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1", "")) })
	if id := <-f.held; id != "org1" {
		t.Errorf("%s is made", id)
	}
	if w := call(c, "POST", base+"/components/msp", "writer", mspBody("Org1", "")); w.Code != 200 || textAt(fields(t, w), "id") != "org2" {
		t.Errorf("an import meanwhile: %d %s", w.Code, w.Body)
	}
	close(f.hold)
	slow.Wait()
	if diff := cmp.Diff([]string{"org1", "org2"}, ids(t, c)); diff != "" {
		t.Error(diff)
	}
}

func TestAnOrphanIsListedAndCured(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fake{slow: DefaultDeployerTimeout + time.Second}
		c := newConsole(t, func(o *Options) { o.Deployer = f })
		create := func() *httptest.ResponseRecorder {
			return call(c, "POST", deployments+"/fabric-ca", "manager", caBody("East CA", "eastca"))
		}
		began := time.Now()
		w := create()
		if took := time.Since(began); w.Code != 500 || took != DefaultDeployerTimeout || !strings.Contains(w.Body.String(), `"message":"timeout of 105000ms exceeded"`) {
			t.Errorf("after %s: %d %s", took, w.Code, w.Body)
		}
		time.Sleep(time.Minute) // the deployer goes on
		if got := ids(t, c); len(got) > 0 {
			t.Errorf("known are %v", got)
		}
		running := func() []any {
			return fields(t, call(c, "GET", deployments+"?cache=skip", "reader", ""))["components"].([]any)
		}
		one := running()[0].(map[string]any)
		if one["_error"] == nil || one["type"] != nil || one["dep_component_id"] != "eastca" || one["id"] != nil {
			t.Errorf("the orphan is shown as %v", one)
		}
		f.slow = 0
		if w := create(); w.Code != 409 {
			t.Errorf("again: %d %s", w.Code, w.Body)
		}
		if w := call(c, "DELETE", deployments+"/type/fabric-ca/eastca", "manager", ""); w.Code != 200 || w.Body.Len() > 0 {
			t.Errorf("the cure: %d %s", w.Code, w.Body)
		}
		if got := running(); len(got) > 0 {
			t.Errorf("still running: %v", got)
		}
		if w := create(); w.Code != 200 {
			t.Errorf("after the cure: %d %s", w.Code, w.Body)
		}
	})
}

// TestACallerWhoGoesAwayLeavesNoOrphan: the console waits for its deployer on its own.
func TestACallerWhoGoesAwayLeavesNoOrphan(t *testing.T) {
	t.Parallel()
	f := &fake{hold: make(chan struct{}), held: make(chan string, 1)}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	ctx, leave := context.WithCancel(t.Context())
	r := request("POST", deployments+"/fabric-ca", caBody("Org1 CA", "org1ca")).WithContext(ctx)
	r.SetBasicAuth("manager", testSecret)
	var gone sync.WaitGroup
	gone.Go(func() { serve(c, r) })
	<-f.held
	leave()
	close(f.hold)
	gone.Wait()
	if diff := cmp.Diff([]string{"org1ca"}, ids(t, c)); diff != "" {
		t.Error(diff)
	}
}

// TestAComponentThatIsDeletedWhileItStartsIsGone: the answer of a creation comes before its node runs.
func TestAComponentThatIsDeletedWhileItStartsIsGone(t *testing.T) {
	t.Parallel()
	f := &fake{hold: make(chan struct{}), held: make(chan string, 1)}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	var made sync.WaitGroup
	var first int
	made.Go(func() {
		first = call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca")).Code
	})
	<-f.held
	if w := call(c, "DELETE", deployments+"/org1ca", "manager", ""); w.Code != 404 {
		t.Errorf("deleted before it was accepted: %d", w.Code)
	}
	if w := call(c, "DELETE", deployments+"/type/fabric-ca/org1ca", "manager", ""); w.Code != 404 {
		t.Errorf("the deployment deleted before it was accepted: %d", w.Code)
	}
	close(f.hold)
	made.Wait()
	if w := call(c, "DELETE", deployments+"/org1ca", "manager", ""); first != 200 || w.Code != 200 {
		t.Errorf("created %d, deleted %d", first, w.Code)
	}
	f.hold = nil
	if nodes, _ := f.List(t.Context()); len(nodes) > 0 || len(ids(t, c)) > 0 {
		t.Errorf("left are %v and %v", nodes, ids(t, c))
	}
	if w := call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca")); w.Code != 200 || textAt(fields(t, w), "id") != "org1ca" {
		t.Errorf("created again: %d %s", w.Code, w.Body)
	}
}

func TestTwoDeletionsAtOnceEndOneNode(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca"))
	codes := make(chan int, 2)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { codes <- call(c, "DELETE", deployments+"/org1ca", "manager", "").Code })
	}
	both.Wait()
	if a, b := <-codes, <-codes; a+b != 200+404 {
		t.Errorf("the answers are %d and %d", a, b)
	}
}

// TestANodeWithoutItsDeploymentIsMadeTwice is a trap of real consoles (console-api.md 12.2).
func TestANodeWithoutItsDeploymentIsMadeTwice(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	for range 2 {
		if w := call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca")); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
		_ = f.Delete(t.Context(), kindCA, "org1ca") // behind the console's back
	}
	if diff := cmp.Diff([]string{"org1ca", "org1ca_0"}, ids(t, c)); diff != "" {
		t.Error(diff)
	}
}

func TestARefusedNodeLeavesNothing(t *testing.T) {
	t.Parallel()
	f := &fake{refuse: &DeployError{Status: 500, Cause: "wrong enroll secret"}}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	w := call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", ""))
	want := map[string]any{"type": "Error", "status": "True", "reason": "errorOccurredDuringReconcile", "message": "wrong enroll secret"}
	got, _ := at(fields(t, w), "msg.crstatus")
	if diff := cmp.Diff(want, got); w.Code != 500 || diff != "" {
		t.Error(w.Code, diff)
	}
	f.refuse = nil
	if w := call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "")); textAt(fields(t, w), "id") != "org1ca" {
		t.Errorf("the id is not free again: %s", w.Body)
	}
}
