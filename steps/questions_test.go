package steps

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"farol/clients/fabric"
	"farol/state/fault"

	"github.com/google/go-cmp/cmp"
)

// question finds one by its id, as the draft asks it now.
func question(t *testing.T, d *Draft, id string) Question {
	t.Helper()
	for _, q := range Questions(d) {
		if q.ID() == id {
			return q
		}
	}
	t.Fatalf("nobody asks %s", id)
	return Question{}
}

// answered is a draft in which every answer passes.
func answeredDraft(t *testing.T) *Draft {
	t.Helper()
	d := NewDraft()
	d.Setup.Ordering.File = filepath.Join("testdata", "ordering-service.json")
	for _, r := range d.Setup.Regions {
		for what, v := range map[string]string{"url": "https://console." + r.ID + ".example.com", "api_key": "kABC", "api_secret": "s3cret"} {
			question(t, d, "consoles."+what+"@"+r.ID).Set(d, v)
		}
	}
	if err := Ready(d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryWrongAnswerIsNamedAndKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pkg, _, err := fabric.PackageSample("basic_1.0")
	if err != nil {
		t.Fatal(err)
	}
	orderers, err := os.ReadFile("testdata/ordering-service.json")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("a", 300)
	tests := []struct {
		question, value string
		want            fault.Code
	}{
		{"regions.list", "us-south", CodeRegionsCount},
		{"regions.list", "", CodeRegionsCount},
		{"regions.list", "us-south,us-south", CodeUnknownRegion},
		{"regions.list", "us-south,atlantis", CodeUnknownRegion},
		{"regions.home", "eu-de", ""}, // not among the regions: the home region stays

		{"consoles.url@us-east", "", CodeRequired},
		{"consoles.url@us-east", "http://console.example.com", CodeURL},
		{"consoles.url@us-east", "console.example.com", CodeURL},
		{"consoles.url@us-east", "https://", CodeURL},
		{"consoles.url@us-east", "https://me:secret@console.example.com", CodeURL},
		{"consoles.url@us-east", "https://console.example.com/nodes", CodeURL},
		{"consoles.url@us-east", "https://console.example.com?x=1", CodeURL},
		{"consoles.url@us-east", "https://console.us-south.example.com", CodeSameConsole},
		{"consoles.url@us-east", "https://CONSOLE.us-south.example.com/", CodeSameConsole},
		{"consoles.api_key@us-east", "", CodeRequired},
		{"consoles.api_secret@us-east", "", CodeRequired},
		{"consoles.ca_file@us-east", "/nowhere/roots.pem", CodePath},
		{"consoles.ca_file@us-east", dir, CodePath},
		{"consoles.ca_file@us-east", file("not.pem", "hello"), CodeCertificates},
		{"consoles.ca_file@us-east", file("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY"}))), CodeCertificates},
		{"consoles.peer@us-east", "", ""}, // derived again
		{"consoles.peer@us-east", "Peer1", CodeName},
		{"consoles.peer@us-east", "1peer", CodeName},
		{"consoles.peer@us-east", "peer-1", CodeName},
		{"consoles.peer@us-east", "org1ca", CodeSameName},
		{"consoles.peer@us-east", "org1ussouthpeer1", CodeSameName},
		{"consoles.peer@us-east", long, CodeNameTooLong},

		{"organization.name", "", CodeRequired},
		{"organization.name", "<b>", CodeName},
		{"organization.name", strings.Repeat("a", 31), CodeNameTooLong},
		{"organization.msp_id", "", CodeRequired},
		{"organization.msp_id", "Org 1", CodeName},
		{"organization.msp_id", "..", CodeName},
		{"organization.msp_id", "Ünion", CodeName},
		{"organization.msp_id", long, CodeNameTooLong},
		{"organization.ca", "Org1CA", CodeName},
		{"organization.ca", long, CodeNameTooLong},
		{"organization.admin", "org1 admin", CodeName},
		{"organization.admin", long, CodeNameTooLong},
		{"organization.ca_database", "oracle", CodeChoice},
		{"organization.state_database", "mysql", CodeChoice},

		{"channel.name", "", CodeRequired},
		{"channel.name", "Trade", CodeName},
		{"channel.name", "1trade", CodeName},
		{"channel.name", "trade_1", CodeName},
		{"channel.name", long, CodeNameTooLong},
		{"ordering.file", "", CodeRequired},
		{"ordering.file", "/nowhere.json", CodePath},
		{"ordering.file", dir, CodePath},
		{"ordering.file", file("empty.json", ""), "file.not-json"},
		{"ordering.file", file("page.json", "<html>"), "file.not-json"},
		{"ordering.file", file("half.json", string(orderers[:len(orderers)/2])), "file.not-json"},
		{"ordering.file", file("peer.json", strings.ReplaceAll(string(orderers), "fabric-orderer", "fabric-peer")), "file.kind"},
		{"ordering.file", file("plain.json", strings.ReplaceAll(string(orderers), "grpcs://", "grpc://")), "file.field"},
		{"ordering.file", file("roots.json", strings.ReplaceAll(string(orderers), "LS0t", "AAAA")), "file.certificate"},
		{"contract.name", "", CodeRequired},
		{"contract.name", "-basic", CodeName},
		{"contract.name", "my contract", CodeName},
		{"contract.name", long, CodeNameTooLong},
		{"contract.version", "", CodeRequired},
		{"contract.version", "1 0", CodeName},
		{"contract.package", "", CodeRequired},
		{"contract.package", "/nowhere.tar.gz", CodePath},
		{"contract.package", dir, CodePath},
		{"contract.package", file("text.tar.gz", "hello"), "package.not-package"},
		{"contract.package", file("half.tar.gz", string(pkg[:len(pkg)/2])), "package.not-package"},
		{"mirror", "some", CodeChoice},
	}
	for _, tt := range tests {
		t.Run(tt.question+"="+tt.value[:min(len(tt.value), 20)], func(t *testing.T) {
			t.Parallel()
			d := answeredDraft(t)
			question(t, d, tt.question).Set(d, tt.value)
			var got fault.Code
			q := question(t, d, tt.question)
			if f := q.Check(d, q.Get(d)); f != nil {
				got = f.Code
			}
			if got != tt.want {
				t.Errorf("%s = %q is %q, want %q", tt.question, tt.value, got, tt.want)
			}
			if tt.want != "" && tt.want != CodeUnknownRegion && q.Get(d) != tt.value {
				t.Errorf("%q was typed, %q is kept", tt.value, q.Get(d))
			}
		})
	}
	t.Logf("%d wrong answers", len(tests))
}

func TestNamesFollowTheOrganizationUntilSomebodyTypesOne(t *testing.T) {
	t.Parallel()
	d := NewDraft()
	question(t, d, "organization.name").Set(d, "Harbour Board")
	question(t, d, "consoles.peer@us-east").Set(d, "mine")
	question(t, d, "organization.name").Set(d, "Port")
	got := map[string]string{}
	for _, id := range []string{"organization.ca", "organization.admin", "consoles.peer@us-south", "consoles.peer@us-east"} {
		got[id] = question(t, d, id).Get(d)
	}
	want := map[string]string{"organization.ca": "portca", "organization.admin": "portadmin", "consoles.peer@us-south": "portussouthpeer1", "consoles.peer@us-east": "mine"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnotherChoiceOfRegionsKeepsTheAnswersOfThoseThatStay(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	question(t, d, "regions.home").Set(d, "us-east")
	question(t, d, "regions.list").Set(d, "us-east,eu-de")
	if r, _ := d.Setup.Region("us-east"); r.Console.URL != "https://console.us-east.example.com" || !r.Home {
		t.Errorf("us-east is now %+v", r)
	}
	question(t, d, "regions.list").Set(d, "eu-de,jp-tok")
	if home := d.Setup.HomeRegion().ID; home != "eu-de" {
		t.Errorf("the home region is %s after the old one went", home)
	}
}

func TestWhereAnAnswerCameFromIsForgottenOnceItIsTyped(t *testing.T) {
	t.Parallel()
	d := NewDraft()
	q := question(t, d, "organization.msp_id")
	if d.Sources[q.ID()] != FromDefault {
		t.Fatalf("it comes from %q", d.Sources[q.ID()])
	}
	q.Set(d, q.Get(d))
	if d.Sources[q.ID()] != FromDefault {
		t.Error("the same answer again counts as typed")
	}
	q.Set(d, "OtherMSP")
	if d.Sources[q.ID()] != FromTyped {
		t.Errorf("it comes from %q", d.Sources[q.ID()])
	}
}

func TestMissingAnswersAreListedAtOnce(t *testing.T) {
	t.Parallel()
	d := NewDraft()
	err := Ready(d)
	if !fault.Is(err, CodeMissing) {
		t.Fatalf("got %v", err)
	}
	f, _ := fault.Of(err)
	for _, want := range []string{"consoles.url@us-south", "consoles.api_secret@ca-tor", "ordering.file"} {
		if !strings.Contains(f.Facts["questions"], want) {
			t.Errorf("%s is not listed in %q", want, f.Facts["questions"])
		}
	}
}
