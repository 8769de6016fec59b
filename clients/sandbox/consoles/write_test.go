package consoles

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ordererBody(name, cluster string) string {
	cert := encoded(certs4()[certRoot])
	return fmt.Sprintf(`{"display_name":%q,"cluster_name":"OS","cluster_id":%q,"msp_id":"osmsp","grpcwp_url":"https://os:443",
		"msp":{"component":{"tls_cert":%q},"tlsca":{"root_certs":[%q]}}}`, name, cluster, cert, cert)
}

func TestWhatIsSharedByAnOrderingServiceIsEditedOnAllItsNodes(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	for _, b := range []string{ordererBody("os1", "one"), ordererBody("os2", "one"), ordererBody("os3", "two")} {
		if w := call(c, "POST", base+"/components/fabric-orderer", "writer", b); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
	}
	if w := call(c, "PUT", base+"/components/os1", "writer", `{"cluster_name":"New","display_name":"first"}`); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	var got []string
	for _, id := range []string{"os1", "os2", "os3"} {
		d := fields(t, call(c, "GET", base+"/components/"+id, "reader", ""))
		got = append(got, textAt(d, "display_name")+" of "+textAt(d, "cluster_name"))
	}
	if diff := cmp.Diff([]string{"first of New", "os2 of New", "os3 of OS"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestABulkImportTellsWhichPartsFailed(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	list := "[" + mspBody("Org1", "org1") + "," + mspBody("Org1", "org1") + `,7,{"type":"fabric-peer","display_name":"junk"}]`
	list = strings.ReplaceAll(list, `"msp_id"`, `"type":"msp","msp_id"`)
	w := call(c, "POST", base+"/components/bulk", "writer", list)
	got := fields(t, w)
	if good, bad := got["successes"].([]any), got["errors"].([]any); w.Code != 207 || len(good) != 2 || len(bad) != 2 {
		t.Errorf("%d: %d came in, %d failed", w.Code, len(good), len(bad))
	}
	if diff := cmp.Diff([]string{"junk", "org1"}, ids(t, c)); diff != "" {
		t.Error(diff)
	}
}

// TestTheTwoDeletionsAreNotTheSame: one forgets, the other ends.
func TestTheTwoDeletionsAreNotTheSame(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("A", "first"))
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("B", "second"))
	call(c, "POST", base+"/components/msp", "writer", mspBody("Org1", "org1"))
	for _, one := range []struct {
		path, key string
		status    int
	}{
		{deployments + "/first", "writer", 401}, {deployments + "/org1", "manager", 400},
		{base + "/components/first", "writer", 200}, {deployments + "/second", "manager", 200},
	} {
		if w := call(c, "DELETE", one.path, one.key, ""); w.Code != one.status {
			t.Errorf("DELETE %s by a %s: %d, want %d: %s", one.path, one.key, w.Code, one.status, w.Body)
		}
	}
	if nodes, _ := f.List(t.Context()); len(nodes) != 1 || nodes[0].ID != "first" {
		t.Errorf("running are %v, want the orphan of the first", nodes)
	}
}

func TestNodesAreDeletedByTheirTag(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	tagged := func(s string) string { return strings.Replace(s, "{", `{"tags":["Blue"],`, 1) }
	call(c, "POST", deployments+"/fabric-ca", "manager", tagged(caBody("A", "first")))
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("B", "second"))
	call(c, "POST", base+"/components/msp", "writer", tagged(mspBody("Org1", "org1")))
	if w := call(c, "GET", base+"/components/tags/BLUE", "reader", ""); len(fields(t, w)["components"].([]any)) != 2 {
		t.Errorf("of the tag are %s", w.Body)
	}
	w := call(c, "DELETE", deployments+"/tags/blue", "manager", "")
	if w.Code != 207 || len(fields(t, w)["deleted"].([]any)) != 2 { // the MSP cannot be deleted here
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if diff := cmp.Diff([]string{"org1", "second"}, ids(t, c)); diff != "" {
		t.Error(diff)
	}
}

func TestForceForgetsANodeThatCannotBeEnded(t *testing.T) {
	t.Parallel()
	f := &fake{}
	c := newConsole(t, func(o *Options) { o.Deployer = f })
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("A", "first"))
	_ = f.Delete(t.Context(), kindCA, "first")
	if w := call(c, "DELETE", deployments+"/first", "manager", ""); w.Code != 404 {
		t.Errorf("without force: %d", w.Code)
	}
	if w := call(c, "DELETE", deployments+"/first?force=yes", "manager", ""); w.Code != 200 || len(ids(t, c)) > 0 {
		t.Errorf("with force: %d %s", w.Code, w.Body)
	}
}

func TestDisplayNamesBecomeIDs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Org1 CA": "org1ca", "1st peer": "c1stpeer", "Ünïcode": "ncode", "": "c", "a_b-c": "a_b-c", "_x": "c_x", strings.Repeat("y", 40): strings.Repeat("y", 32),
	} {
		if got := idOf(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	for id, want := range map[string]string{"org1ca": "org1ca_0", "peer1": "peer2", "peer9": "peer10", "a_0": "a_1", "x99999999999999999999": "x99999999999999999999_0"} {
		if got := free(id, func(s string) bool { return s == id }); got != want {
			t.Errorf("after %q comes %q, want %q", id, got, want)
		}
	}
}

func TestJSONIsRefusedInTheWordsOfNode(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	for text, want := range map[string]string{
		`{"a":`: "input error: SyntaxError: Unexpected end of JSON input",
		`[`:     "input error: SyntaxError: Unexpected end of JSON input",
		`null`:  `invalid json: SyntaxError: Unexpected token 'n', "null" is not valid JSON`,
		`{"a"x`: `invalid json: SyntaxError: Unexpected token 'x', "{"a"x" is not valid JSON`,
		`{}{}`:  `invalid json: SyntaxError: Unexpected token '{', "{}{}" is not valid JSON`,
		`"s"`:   `invalid json: SyntaxError: Unexpected token '"', ""s"" is not valid JSON`,
	} {
		w := call(c, "POST", base+"/components/msp", "writer", text)
		b := fields(t, w)
		if got := textAt(b, "msg") + ": " + textAt(b, "details"); w.Code != 400 || got != want {
			t.Errorf("%s: %d %s, want %s", text, w.Code, got, want)
		}
	}
	if w := call(c, "POST", base+"/components/msp", "writer", `{"a":"`+strings.Repeat("x", maxBody)+`"}`); w.Code != 400 || textAt(fields(t, w), "msg") != "input error" {
		t.Errorf("a body that is too large: %d", w.Code)
	}
}

// TestAStrangeBodyIsAnsweredAndNotWorkedOn sends values of every type where others are expected.
func TestAStrangeBodyIsAnsweredAndNotWorkedOn(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	keys := []string{"display_name", "msp_id", "api_url", "grpcwp_url", "msp", "crypto", "config_override", "resources", "storage", "tags", "id", "root_certs", "components", "roles"}
	for _, value := range []string{`null`, `7`, `"x"`, `[null]`, `[[]]`, `{"ca":null}`, `{"ca":{"requests":7}}`, `{"enrollment":{"ca":[]},"msp":7}`, `true`, `{"component":null,"ca":7,"tlsca":"x"}`} {
		b := map[string]json.RawMessage{}
		for _, k := range keys {
			b[k] = json.RawMessage(value)
		}
		text, _ := json.Marshal(b)
		for _, path := range []string{"/components/fabric-ca", "/components/fabric-peer", "/components/fabric-orderer", "/components/msp", "/components",
			"/kubernetes/components/fabric-ca", "/kubernetes/components/fabric-peer", "/permissions/keys"} {
			if w := call(c, "POST", base+path, "manager", string(text)); w.Code != 400 {
				t.Errorf("POST %s of %s: %d %s", path, value, w.Code, w.Body)
			}
		}
	}
	if w := call(c, "POST", base+"/components/status", "reader", `{"components":{"a":7,"b":null}}`); w.Code != 207 {
		t.Errorf("status: %d", w.Code)
	}
	if got := ids(t, c); len(got) > 0 {
		t.Errorf("known are %v", got)
	}
}

func TestReadsAndQuantitiesHaveTheirLimits(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	for query, status := range map[string]int{
		"?cache=skip": 200, "?cache=no": 400, "?parsed_certs=included&ca_attrs=omitted": 200, "?ca_attrs=x": 400, "?deployment_attrs=": 400, "?other=1": 200,
	} {
		if w := call(c, "GET", base+"/components"+query, "reader", ""); w.Code != status {
			t.Errorf("%s: %d, want %d", query, w.Code, status)
		}
	}
	for _, q := range []struct {
		text  string
		rule  rule
		valid bool
	}{{"100m", isCPU, true}, {"9m", isCPU, false}, {"100", isCPU, true}, {"101", isCPU, false}, {"0.2", isCPU, true}, {"", isCPU, false}, {"32Gi", isMemory, true},
		{"33Gi", isMemory, false}, {"0.39Gi", isMemory, true}, {"0", isMemory, false}, {"-1Gi", isMemory, false}, {"10Ti", isSize, true}, {"11Ti", isSize, false}, {"5 bananas", isSize, false}} {
		if got := q.rule("x", q.text) == nil; got != q.valid {
			t.Errorf("%q is taken: %v", q.text, got)
		}
	}
}
