package consoles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAConsoleThatStartsAgainKnowsItsComponents(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca"))
	call(c, "POST", base+"/components/msp", "writer", mspBody("Org1", ""))
	const all = base + "/components?deployment_attrs=included"
	before := call(c, "GET", all, "reader", "").Body.String()
	again, err := New(c.o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, call(again, "GET", all, "reader", "").Body.String()); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(before, "adminpw") {
		t.Error("a registrar's secret is kept")
	}
	if w := call(again, "DELETE", deployments+"/org1ca", "manager", ""); w.Code != 200 {
		t.Errorf("a node that was made before: %d %s", w.Code, w.Body)
	}
	total, _ := at(fields(t, call(again, "GET", base+"/notifications", "reader", "")), "total")
	if total != 3.0 {
		t.Errorf("%v changes were noted, want 3", total)
	}
}

func TestAStoreThatCannotBeWrittenChangesNothing(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	c.store.path = filepath.Join(t.TempDir(), "missing", "store.json")
	if w := call(c, "POST", base+"/components/msp", "writer", mspBody("Org1", "org1")); w.Code != 500 {
		t.Errorf("status %d, want 500", w.Code)
	}
	if got := ids(t, c); len(got) > 0 {
		t.Errorf("known are %v, but not kept", got)
	}
}

func TestABrokenStoreIsNotTakenForAnEmptyOne(t *testing.T) {
	t.Parallel()
	o := testOptions
	o.Store = filepath.Join(t.TempDir(), "store.json")
	if err := os.WriteFile(o.Store, []byte(`{"documents":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(o); err == nil {
		t.Error("it opens")
	}
	if err := os.WriteFile(o.Store, []byte(`{}`), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.store.update(func(d *data) { d.Documents["a"] = document{"id": "a"} }); err != nil {
		t.Error(err)
	}
}
