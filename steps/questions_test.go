package steps

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"farol/clients/console"
	"farol/clients/fabric"
	"farol/state"
	"farol/state/fault"

	"github.com/google/go-cmp/cmp"
)

// wrong is one bad answer, and what must be said of it.
type wrong struct {
	name, question, value string
	code                  fault.Code
	facts                 map[string]string // all of them, except those that are free text
}

func TestEveryBadAnswerIsNamedWithItsFacts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 300)
	folder := t.TempDir()
	missing := filepath.Join(folder, "nowhere.json")
	prose := write(t, "prose.txt", []byte("this is no export"))
	list := write(t, "empty.json", []byte("[]"))
	certificate := write(t, "broken.pem", []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	msp := write(t, "msp.json", []byte(`{"type":"msp","display_name":"Org1","msp_id":"Org1MSP"}`))
	twice := write(t, "twice.json", []byte(`[{"type":"fabric-orderer","Type":"msp"}]`))
	half := write(t, "half.json", exported(t)[:400])
	sample, _, err := fabric.PackageSample("basic_1.0")
	must(t, err)
	cut := write(t, "cut.tar.gz", sample[:len(sample)/3])
	at := func(path string, more ...string) map[string]string { return facts(append(more, "path", path)...) }
	tooLong := func(v, max, length string) map[string]string { return facts("name", v, "max", max, "length", length) }
	chars := func(v, allowed string) map[string]string { return facts("name", v, "allowed", allowed) }
	for _, w := range []wrong{
		{"no region", "regions.list", "", CodeRegionsCount, facts("have", "0", "min", "2", "max", "10")},
		{"one region", "regions.list", "us-south", CodeRegionsCount, facts("have", "1", "min", "2", "max", "10")},
		{"eleven regions", "regions.list", "us-south,us-east,ca-tor,ca-mon,br-sao,eu-de,eu-gb,eu-es,jp-tok,jp-osa,au-syd", CodeRegionsCount, facts("have", "11", "min", "2", "max", "10")},
		{"unknown region", "regions.list", "us-south,atlantis", CodeUnknownRegion, facts("region", "atlantis")},
		{"region in capitals", "regions.list", "us-south,US-EAST", CodeUnknownRegion, facts("region", "US-EAST")},

		{"no address", "consoles.url@us-east", "", CodeRequired, facts()},
		{"address without TLS", "consoles.url@us-east", "http://console.example.com", CodeURL, facts("value", "http://console.example.com")},
		{"address without scheme", "consoles.url@us-east", "console.example.com", CodeURL, facts("value", "console.example.com")},
		{"address without host", "consoles.url@us-east", "https://", CodeURL, facts("value", "https://")},
		{"port without host", "consoles.url@us-east", "https://:443", CodeURL, facts("value", "https://:443")},
		{"port that is none", "consoles.url@us-east", "https://console.example.com:https", CodeURL, facts("value", "https://console.example.com:https")},
		{"address with a path", "consoles.url@us-east", "https://console.example.com/nodes", CodeURL, facts("value", "https://console.example.com/nodes")},
		{"address with a query", "consoles.url@us-east", "https://console.example.com/?a=b", CodeURL, facts("value", "https://console.example.com/?a=b")},
		{"address of a page", "consoles.url@us-east", "https://console.example.com/#/nodes", CodeURL, facts("value", "https://console.example.com/#/nodes")},
		{"address with a space", "consoles.url@us-east", "https://console example.com", CodeURL, facts("value", "https://console example.com")},
		{"no key", "consoles.api_key@us-east", "", CodeRequired, facts()},
		{"blank key", "consoles.api_key@us-east", "  ", CodeRequired, facts()},
		{"no secret", "consoles.api_secret@us-east", "", CodeRequired, facts()},
		{"blank secret", "consoles.api_secret@us-east", " \n", CodeRequired, facts()},
		{"roots that are not there", "consoles.ca_file@us-east", missing, CodePath, at(missing, "reason", "missing")},
		{"folder for roots", "consoles.ca_file@us-east", folder, CodePath, at(folder, "reason", "not-a-file")},
		{"prose for roots", "consoles.ca_file@us-east", prose, CodeCertificates, at(prose)},
		{"broken root", "consoles.ca_file@us-east", certificate, CodeCertificates, at(certificate)},
		{"long peer", "consoles.peer@us-east", long[:33], CodeNameTooLong, tooLong(long[:33], "32", "33")},
		{"short peer", "consoles.peer@us-east", "p1", CodeName, chars("p1", "a-z 0-9")},
		{"peer in capitals", "consoles.peer@us-east", "Peer1", CodeName, chars("Peer1", "a-z 0-9")},
		{"peer with a dash", "consoles.peer@us-east", "peer-1", CodeName, chars("peer-1", "a-z 0-9")},
		{"peer that begins with a digit", "consoles.peer@us-east", "1peer", CodeName, chars("1peer", "a-z 0-9")},
		{"peer named as another", "consoles.peer@us-east", "org1ussouthpeer1", CodeSameName, facts("name", "org1ussouthpeer1")},
		{"peer named as the CA", "consoles.peer@us-east", "org1ca", CodeSameName, facts("name", "org1ca")},
		{"peer named as the organization", "consoles.peer@us-east", "org1msp", CodeSameName, facts("name", "org1msp")},
		{"peer named as the administrator", "consoles.peer@us-east", "org1admin", CodeSameName, facts("name", "org1admin")},
		{"peer named as the registrar", "consoles.peer@us-east", "registrar", CodeSameName, facts("name", "registrar")},

		{"no name", "organization.name", "", CodeRequired, facts()},
		{"long name", "organization.name", long[:31], CodeNameTooLong, tooLong(long[:31], "30", "31")},
		{"name with a tag", "organization.name", "Org<b>", CodeName, chars("Org<b>", "A-Z a-z 0-9")},
		{"name with a special first character", "organization.name", "_Org", CodeName, chars("_Org", "A-Z a-z 0-9")},
		{"name with a line break", "organization.name", "Org\nOne", CodeName, chars("Org\nOne", "A-Z a-z 0-9")},
		{"no MSP id", "organization.msp_id", "", CodeRequired, facts()},
		{"long MSP id", "organization.msp_id", long[:251], CodeNameTooLong, tooLong(long[:251], "250", "251")},
		{"MSP id with a space", "organization.msp_id", "Org1 MSP", CodeName, chars("Org1 MSP", "A-Z a-z 0-9 . -")},
		{"MSP id that is a folder", "organization.msp_id", "..", CodeName, chars("..", "A-Z a-z 0-9 . -")},
		{"no CA", "organization.ca", "Org1 CA", CodeName, chars("Org1 CA", "a-z 0-9")},
		{"long CA", "organization.ca", long[:80], CodeNameTooLong, tooLong(long[:80], "32", "80")},
		{"CA named as the organization", "organization.ca", "org1msp", CodeSameName, facts("name", "org1msp")},
		{"long administrator", "organization.admin", long[:65], CodeNameTooLong, tooLong(long[:65], "64", "65")},
		{"administrator with a space", "organization.admin", "org1 admin", CodeName, chars("org1 admin", "A-Z a-z 0-9 . _ -")},
		{"administrator named as the registrar", "organization.admin", "registrar", CodeSameName, facts("name", "registrar")},
		{"another CA database", "organization.ca_database", "oracle", CodeChoice, facts("value", "oracle", "options", "sqlite")},
		{"another state database", "organization.state_database", "mongodb", CodeChoice, facts("value", "mongodb", "options", "leveldb, couchdb")},

		{"no channel", "channel.name", "", CodeRequired, facts()},
		{"long channel", "channel.name", long[:250], CodeNameTooLong, tooLong(long[:250], "249", "250")},
		{"channel in capitals", "channel.name", "Trade", CodeName, chars("Trade", "a-z 0-9 . -")},
		{"channel with an underscore", "channel.name", "trade_1", CodeName, chars("trade_1", "a-z 0-9 . -")},
		{"no ordering service", "ordering.file", "", CodeRequired, facts()},
		{"ordering service that is not there", "ordering.file", missing, CodePath, at(missing, "reason", "missing")},
		{"folder for the ordering service", "ordering.file", folder, CodePath, at(folder, "reason", "not-a-file")},
		{"prose for the ordering service", "ordering.file", prose, console.CodeNotJSON, at(prose)},
		{"half an ordering service", "ordering.file", half, console.CodeNotJSON, at(half)},
		{"empty list for the ordering service", "ordering.file", list, console.CodeField, at(list, "kind", "fabric-orderer", "field", "type", "item", "1")},
		{"organization for the ordering service", "ordering.file", msp, console.CodeKind, at(msp, "want", "fabric-orderer", "have", "msp")},
		{"key that stands twice", "ordering.file", twice, console.CodeDuplicate, at(twice, "key", "Type")},
		{"no contract", "contract.name", "", CodeRequired, facts()},
		{"long contract", "contract.name", long[:65], CodeNameTooLong, tooLong(long[:65], "64", "65")},
		{"contract that ends with a dash", "contract.name", "basic-", CodeName, chars("basic-", "A-Z a-z 0-9 - _")},
		{"no version", "contract.version", "", CodeRequired, facts()},
		{"version with a slash", "contract.version", "1/0", CodeName, chars("1/0", "A-Z a-z 0-9 . _ + -")},
		{"no package", "contract.package", "", CodeRequired, facts()},
		{"package that is not there", "contract.package", missing, CodePath, at(missing, "reason", "missing")},
		{"folder for a package", "contract.package", folder, CodePath, at(folder, "reason", "not-a-file")},
		{"prose for a package", "contract.package", prose, fabric.NotPackage, at(prose, "problem", "gzip")},
		{"half a package", "contract.package", cut, fabric.NotPackage, at(cut, "problem", "tar")},
		{"another mirror", "mirror", "some", CodeChoice, facts("value", "some", "options", "all, home, none")},
	} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			d := answeredDraft(t)
			q := question(t, d, w.question)
			q.Set(d, w.value)
			// An empty name follows again from the organization's, so what was typed is checked, not what was kept.
			f := q.Check(d, w.value)
			if q.Get(d) == strings.TrimSpace(w.value) {
				f = Missing(d)[w.question]
			}
			if f == nil {
				t.Fatalf("%q passes", w.value)
			}
			delete(f.Facts, "cause")
			if f.Code != w.code || !cmp.Equal(f.Facts, w.facts) {
				t.Errorf("%q: %s, want %s\n%s", w.value, f.Code, w.code, cmp.Diff(w.facts, f.Facts))
			}
		})
	}
}

func exported(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(orderingFile)
	must(t, err)
	return b
}

func TestOneBadAnswerSpoilsNoOther(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	answer(t, d, "channel.name", "Trade!")
	if bad := slices.Collect(maps.Keys(Missing(d))); !slices.Equal(bad, []string{"channel.name"}) {
		t.Errorf("wrong: %v", bad)
	}
}

func TestPracticeOffersNoDatabaseThatItDoesNotRun(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	d.Setup.Practice = true
	question(t, d, "organization.state_database").Set(d, string(state.CouchDB))
	if f := question(t, d, "organization.state_database").Check(d, string(state.CouchDB)); f == nil || f.Code != CodeChoice {
		t.Errorf("CouchDB in practice: %v", f)
	}
}
