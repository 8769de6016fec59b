package steps

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"farol/clients/fabric"
	"farol/state"
	"farol/state/fault"
)

// real is an answers file of real regions: what it points to is on another computer.
const real = `
proxy: http://proxy.example.com:3128
organization: {name: Acme, msp_id: AcmeMSP, registrar: clerk, state_database: couchdb}
channel: {name: freight}
ordering: {file: nowhere/ordering.json}
contract: {name: cargo, version: "2.1", sequence: 4, package: sample, probe: [Count, all]}
mirror: home
regions:
  - id: us-south
    console: {url: "https://console.us-south.example.com", api_key: k1, api_secret: {env: NOT_SET}, ca_file: nowhere/roots.pem}
  - id: eu-de
    home: true
    peer: lighthouse1
    console: {url: "https://console.eu-de.example.com", api_key: k2, api_secret: {file: nowhere/secret}}
`

func TestARehearsalTakesNamesAndNothingThatBelongsToTheRealWorld(t *testing.T) {
	t.Parallel()
	d, err := LoadRehearsal(answersFile(t, real))
	must(t, err)
	want := state.Setup{
		Name: "Acme on freight", Practice: true, Mirror: state.HomeOnly, Channel: state.Channel{Name: "freight"},
		Regions: []state.Region{{ID: "us-south", Peer: "acmeussouthpeer1"}, {ID: "eu-de", Home: true, Peer: "lighthouse1"}},
		Organization: state.Organization{Name: "Acme", MSPID: "AcmeMSP", CA: "acmeca", CADatabase: state.SQLite, Registrar: "clerk",
			Admin: "acmeadmin", StateDatabase: state.LevelDB},
		// A new channel begins with the first definition, and the sample contract has no function of the real one.
		Contract: state.Contract{Name: "cargo", Version: "2.1", Sequence: 1, Package: state.SamplePackage},
	}
	if diff := cmp.Diff(want, d.Setup); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(d.Secrets) > 0 {
		t.Errorf("%d secrets were read", len(d.Secrets))
	}
	for id, want := range map[string]Source{"channel.name": FromAnswers, "consoles.peer@eu-de": FromAnswers, "organization.ca": FromDefault,
		"consoles.url@eu-de": "", "consoles.api_key@eu-de": "", "ordering.file": ""} {
		if d.Sources[id] != want {
			t.Errorf("%s comes from %q, want %q", id, d.Sources[id], want)
		}
	}
}

func TestARehearsalNeedsNoMoreThanARegionList(t *testing.T) {
	t.Parallel()
	d, err := LoadRehearsal(answersFile(t, "channel: {name: freight}\n"))
	must(t, err)
	if got := strings.Join(regionList(d), " "); got != "us-south us-east ca-tor" || d.Setup.HomeRegion().ID != "us-south" ||
		d.Setup.Contract.Package != state.SamplePackage {
		t.Errorf("%s %+v", got, d.Setup)
	}
}

func TestARehearsalTakesThePackageBesideTheAnswers(t *testing.T) {
	t.Parallel()
	path := answersFile(t, strings.Replace(real, "package: sample", "package: files/cargo.tar.gz", 1))
	file := filepath.Join(filepath.Dir(path), "files", "cargo.tar.gz")
	if _, err := LoadRehearsal(path); !missing(err, "contract.package") {
		t.Errorf("without the package: %v", err)
	}
	pkg, _, err := fabric.PackageSample("cargo_2.1")
	must(t, err)
	must(t, os.WriteFile(file, pkg, 0o600))
	d, err := LoadRehearsal(path)
	must(t, err)
	if d.Setup.Contract.Package != file {
		t.Errorf("takes %s", d.Setup.Contract.Package)
	}
}

func TestWhatARehearsalCannotUseIsSaidBeforeItBegins(t *testing.T) {
	t.Parallel()
	err := func(content string) error { _, err := LoadRehearsal(answersFile(t, content)); return err }
	if bad := err(strings.NewReplacer("freight", "Freight", "AcmeMSP", "Acme MSP").Replace(real)); !missing(bad, "channel.name, organization.msp_id") {
		t.Errorf("bad names: %v", bad)
	}
	if f := hasCode(t, err("chanel: {name: x}\n"), CodeAnswers); f.Certainty != fault.NotSent {
		t.Error(f)
	}
	if said := err(strings.Replace(real, "{env: NOT_SET}", "Hunter2", 1)); said == nil || strings.Contains(said.Error(), "Hunter2") {
		t.Errorf("a secret in clear: %v", said)
	}
	if _, err := LoadRehearsal(filepath.Join(t.TempDir(), "none.yaml")); !fault.Is(err, CodePath) {
		t.Error(err)
	}
}

// missing tells whether an error names exactly these questions.
func missing(err error, questions string) bool {
	all := every(err)
	return len(all) > 1 && all[0].Code == CodeMissing && all[0].Facts["questions"] == questions && all[1].Facts["question"] != ""
}
