package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"farol/state/fault"
)

// kind is one kind of file, with a good one.
type kind struct {
	name  string
	good  []byte
	parse func([]byte) error
}

func kinds(t testing.TB) []kind {
	tt, _ := t.(*testing.T)
	if tt == nil {
		tt = &testing.T{}
	}
	return []kind{
		{KindCA, ExportCA(caComponent(tt)), func(b []byte) error { _, err := ParseCA(b); return err }},
		{KindMSP, ExportMSP(mspComponent(tt)), func(b []byte) error { _, err := ParseMSP(b); return err }},
		{KindPeer, ExportPeer(peerComponent(tt)), func(b []byte) error { _, err := ParsePeer(b); return err }},
		{KindOrderer, ExportOrderers([]Component{ordererComponent(tt, "osnode1"), ordererComponent(tt, "osnode2")}),
			func(b []byte) error { _, err := ParseOrderers(b); return err }},
	}
}

// each runs a test for each kind of file.
func each(t *testing.T, test func(*testing.T, kind)) {
	t.Helper()
	for _, k := range kinds(t) {
		t.Run(k.name, func(t *testing.T) { t.Parallel(); test(t, k) })
	}
}

// edited gives the good file with each of its objects changed.
func (k kind) edited(t *testing.T, change func(map[string]any)) []byte {
	t.Helper()
	var list []map[string]any
	if json.Unmarshal(k.good, &list) != nil {
		list = []map[string]any{decoded(t, k.good)}
	}
	for _, one := range list {
		change(one)
	}
	b, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAGoodFileMayBeOneObjectAListOrHaveAByteOrderMark(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kind) {
		for name, file := range map[string][]byte{
			"as it is": k.good, "a list": k.edited(t, func(map[string]any) {}), "byte order mark": append([]byte("\xef\xbb\xbf"), k.good...),
			"blanks": []byte("\r\n " + string(k.good) + "\n\n"), "keys of newer consoles": k.edited(t, func(m map[string]any) { m["brand_new"] = map[string]any{"a": []int{1}} }),
			"name without display_name": k.edited(t, func(m map[string]any) { delete(m, "display_name") }),
		} {
			if err := k.parse(file); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestATruncatedFileIsNotJSON(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kind) {
		for i := 0; i < len(k.good); i += 7 {
			wantFault(t, k.parse(k.good[:i]), CodeNotJSON, fault.NotSent, false)
		}
	})
}

func TestWhatIsNotOneJSONValueIsNotJSON(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kind) {
		good := string(k.good)
		for name, file := range map[string]string{
			"blank": " \n", "html": "<!doctype html>", "yaml": "type: msp\n", "zip": "PK\x03\x04", "PEM": string(certOf(t, "948")), "NUL": "\x00",
			"two values": good + good, "two values with a comma": good + "," + good, "rest": good + "]", "comment": "// x\n" + good,
			"a field of another type": `{"type":5}`, "deep": strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000),
			"deep lists": strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		} {
			if err := k.parse([]byte(file)); !fault.Is(err, CodeNotJSON) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAKeyThatStandsTwiceIsRefusedInWhateverLetters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kind) {
		good := string(k.good)
		for have, again := range map[string]string{
			`"msp_id": `:        `"msp_id": "evil", "msp_id": `,
			`"display_name": `:  `"DISPLAY_name": "evil", "display_name": `,
			`"type": `:          `"t\u0079pe": "evil", "type": `,
			`"root_certs": `:    `"root_certs": [], "Root_Certs": `,
			`"scheme_version":`: `"ſcheme_version": "evil", "scheme_version":`, // Go takes a long s for an s
			`"tlsca_name": `:    `"tlsca_name": null, "tlſca_name": `,
		} {
			if !strings.Contains(good, have) {
				continue
			}
			f := wantFault(t, k.parse([]byte(strings.Replace(good, have, again, 1))), CodeDuplicate, fault.NotSent, false)
			if f.Facts["key"] == "" {
				t.Errorf("%s: no key is named", again)
			}
		}
	})
}

func TestTheSameWordAsKeyAndValueIsNoDuplicate(t *testing.T) {
	t.Parallel()
	for _, file := range []string{`{"a":"a","b":"a"}`, `[{"a":1},{"a":1}]`, `{"a":{"a":{"a":["a","a"]}},"b":"b"}`, `{"a":["b"],"b":null}`, `{"a":[],"c":{},"b":"a"}`} {
		if err := unambiguous([]byte(file)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, file := range []string{`{"a":{"b":1},"c":[{"d":{},"d":1}]}`, `[[{"x":null,"y":"x","X":1}]]`, `{"a":[],"a":1}`, `{"a":{},"a":1}`} {
		if err := unambiguous([]byte(file)); !fault.Is(err, CodeDuplicate) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestAnotherKindOfFileIsNamed(t *testing.T) {
	t.Parallel()
	all := kinds(t)
	identity := []byte(`{"cert":"","name":"a","private_key":"","type":"identity"}`)
	for _, want := range all {
		for _, have := range append(all, kind{name: "identity", good: identity}, kind{good: []byte(`{"display_name":"x"}`)}, kind{good: []byte(`{"type":null}`)}) {
			if have.name == want.name {
				continue
			}
			f := wantFault(t, want.parse(have.good), CodeKind, fault.NotSent, false)
			if f.Facts["want"] != want.name || f.Facts["have"] != have.name {
				t.Errorf("%s as %s: %v", have.name, want.name, f.Facts)
			}
		}
		wantFault(t, want.parse([]byte("[]")), CodeField, fault.NotSent, false)
	}
	mixed := fmt.Appendf(nil, "[%s,%s]", ExportOrderers([]Component{ordererComponent(t, "osnode1")}), ExportPeer(peerComponent(t)))
	if _, err := ParseOrderers(mixed); !fault.Is(err, CodeKind) {
		t.Errorf("an ordering service with a peer in it: %v", err)
	}
}

func TestAMissingFieldIsNamed(t *testing.T) {
	t.Parallel()
	fields := map[string][]string{
		KindCA: {"api_url", "ca_name", "display_name", "tlsca_name"}, KindMSP: {"display_name", "msp_id", "root_certs"},
		KindPeer: {"api_url", "display_name", "grpcwp_url", "msp_id"}, KindOrderer: {"api_url", "display_name", "grpcwp_url", "msp_id"},
	}
	each(t, func(t *testing.T, k kind) {
		for _, field := range fields[k.name] {
			for how, change := range map[string]func(map[string]any){
				"left out": func(m map[string]any) { delete(m, field) },
				"null":     func(m map[string]any) { m[field] = nil },
			} {
				f := wantFault(t, k.parse(k.edited(t, func(m map[string]any) {
					change(m)
					if field == "display_name" {
						delete(m, "name")
					}
					if msp, ok := m["msp"].(map[string]any); ok {
						for _, a := range []string{"ca", "tlsca"} {
							if field == a+"_name" {
								delete(msp[a].(map[string]any), "name")
							}
						}
					}
				})), CodeField, fault.NotSent, false)
				if f.Facts["field"] != field || f.Facts["kind"] != k.name || f.Facts["item"] != "1" {
					t.Errorf("%s %s: %v", field, how, f.Facts)
				}
			}
		}
	})
}

func TestAnOrderingNodeNeedsTLS(t *testing.T) {
	t.Parallel()
	c := ordererComponent(t, "osnode1")
	c.APIURL = "grpc://osnode1.example.com:7050"
	_, err := ParseOrderers(ExportOrderers([]Component{ordererComponent(t, "osnode2"), c}))
	if f := wantFault(t, err, CodeField, fault.NotSent, false); f.Facts["field"] != "api_url" || f.Facts["item"] != "2" {
		t.Errorf("facts %v", f.Facts)
	}
}

func TestOrderingNodesGetIdsThatEveryConsoleTakes(t *testing.T) {
	t.Parallel()
	rule := regexp.MustCompile(`^[a-z][a-z0-9]{2,63}$`)
	long := strings.Repeat("Ordering Service ", 10)
	for _, c := range []struct{ ids, want []string }{
		{[]string{"osnode1", "osnode2"}, []string{"osnode1", "osnode2"}},
		{[]string{"os_node-1", "osnode1"}, []string{"osnode1", "osnode1n2"}},
		{[]string{"a1", "a1", "a1"}, []string{"a1node", "a1noden2", "a1noden3"}},
		{[]string{"2nd", "Ünode"}, []string{"n2nd", "node"}},
		{[]string{"", ""}, []string{"orderingservice", "orderingservicen2"}}, // by the display name
		{[]string{long, long + "x"}, []string{sanitize(long), sanitize(long) + "n2"}},
	} {
		var all []Component
		for _, id := range c.ids {
			n := ordererComponent(t, id)
			n.DisplayName, n.APIURL = "Ordering Service", "grpcs://os.example.com:7050"
			all = append(all, n)
		}
		got, err := ParseOrderers(ExportOrderers(all))
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range got {
			if n.ID != c.want[i] || !rule.MatchString(n.ID) {
				t.Errorf("%q becomes %q, want %q", c.ids[i], n.ID, c.want[i])
			}
		}
	}
	n := ordererComponent(t, "")
	n.DisplayName = "注文"
	if _, err := ParseOrderers(ExportOrderers([]Component{n})); !fault.Is(err, CodeField) {
		t.Errorf("a node without a usable name: %v", err)
	}
}

// FuzzParse looks for input that breaks a parser, or that one lets through without what an import needs.
func FuzzParse(f *testing.F) {
	all := kinds(f)
	for _, k := range all {
		f.Add(k.good)
		f.Add(bytes.ReplaceAll(k.good, []byte("name"), []byte("Name")))
	}
	for _, s := range []string{"", "[]", "{}", "null", `{"type":"msp"}`, `[[{]`, `{"a":1,"A":2}`, "\xef\xbb\xbf{}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		good := 0
		for _, k := range all {
			err := k.parse(data)
			if f, ok := fault.Of(err); err != nil && (!ok || f.Certainty != fault.NotSent) {
				t.Errorf("%s: %v", k.name, err)
			}
			if err == nil {
				good++
			}
		}
		if good > 1 {
			t.Errorf("%d kinds take it", good)
		}
		if nodes, err := ParseOrderers(data); err == nil {
			ids := map[string]bool{}
			for _, n := range nodes {
				if ids[n.ID] || n.ID == "" || n.MSPID == "" || len(n.MSP.TLSCA.RootCerts) == 0 || len(n.MSP.Component.TLSCert) == 0 {
					t.Errorf("node %+v", n)
				}
				ids[n.ID] = true
			}
		}
	})
}
