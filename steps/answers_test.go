package steps

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"farol/state"
	"farol/state/fault"
)

// whole is an answers file that leaves out what has a default.
const whole = `
organization: {name: Acme}
channel: {name: freight}
ordering: {file: files/ordering.json}
contract: {name: cargo, package: sample}
regions:
  - id: us-south
    console: {url: "https://console.us-south.example.com", api_key: k1, api_secret: {env: SOUTH}}
  - id: us-east
    home: true
    console: {url: "https://console.us-east.example.com", api_key: k2, api_secret: {file: files/east.secret}}
  - id: ca-tor
    console: {url: "https://console.ca-tor.example.com", api_key: k3}
`

// environment stands for variables that are set.
func environment(pairs ...string) func(string) string {
	vars := facts(pairs...)
	return func(name string) string { return vars[name] }
}

var secretsSet = environment("SOUTH", "south-secret", "FAROL_CA_TOR_API_SECRET", "toronto-secret")

// answersFile writes an answers file with what it refers to beside it.
func answersFile(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "files"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "files", "ordering.json"), exported(t), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "files", "east.secret"), []byte("east-secret\n"), 0o600))
	path := filepath.Join(dir, "answers.yaml")
	must(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestAnAnswersFileSaysWhatDiffersFromTheDefaults(t *testing.T) {
	t.Parallel()
	path := answersFile(t, whole)
	d, err := LoadAnswers(path, secretsSet)
	must(t, err)
	must(t, Ready(d))
	for id, want := range map[string]string{
		"organization.name": "Acme", "organization.msp_id": "Org1MSP", "organization.ca": "acmeca", "organization.admin": "acmeadmin",
		"channel.name": "freight", "contract.name": "cargo", "contract.version": "1.0", "contract.package": state.SamplePackage,
		"mirror": "all", "regions.list": "us-south,us-east,ca-tor", "regions.home": "us-east", "consoles.peer@us-east": "acmeuseastpeer1",
		"consoles.api_secret@us-south": "south-secret", "consoles.api_secret@us-east": "east-secret", "consoles.api_secret@ca-tor": "toronto-secret",
		"ordering.file": filepath.Join(filepath.Dir(path), "files", "ordering.json"),
	} {
		if got := question(t, d, id).Get(d); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	if d.Setup.Name != "Acme on freight" || d.Setup.Contract.Sequence != 1 || d.Setup.Organization.Registrar != "registrar" {
		t.Errorf("%+v", d.Setup)
	}
	for id, want := range map[string]Source{"organization.name": FromAnswers, "organization.msp_id": FromDefault, "organization.ca": FromDefault,
		"consoles.url@us-east": FromAnswers, "consoles.api_secret@ca-tor": FromAnswers, "consoles.peer@us-east": FromDefault, "consoles.ca_file@us-east": ""} {
		if d.Sources[id] != want {
			t.Errorf("%s comes from %q, want %q", id, d.Sources[id], want)
		}
	}
}

func TestWhatAnAnswersFileSaysIsNeverReplacedByADefault(t *testing.T) {
	t.Parallel()
	d, err := LoadAnswers(answersFile(t, strings.NewReplacer(
		"organization: {name: Acme}", "name: Org1 on trade\norganization: {name: Acme, ca: org1ca, admin: org1admin}",
		"id: us-south", "id: us-south\n    peer: org1ussouthpeer1").Replace(whole)), secretsSet)
	must(t, err)
	answer(t, d, "organization.name", "Bolt")
	for id, want := range map[string]string{"organization.ca": "org1ca", "organization.admin": "org1admin",
		"consoles.peer@us-south": "org1ussouthpeer1", "consoles.peer@us-east": "boltuseastpeer1"} {
		if got := question(t, d, id).Get(d); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	if d.Setup.Name != "Org1 on trade" {
		t.Errorf("the set-up is called %q", d.Setup.Name)
	}
}

func TestAnswersThatCannotBeUsedAreRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		content, cause string
	}{
		"unknown key":           {whole + "\nchanel: {name: x}\n", "chanel"},
		"unknown key deeper":    {strings.Replace(whole, "{name: Acme}", "{nome: Acme}", 1), "nome"},
		"key that is twice":     {whole + "\nchannel: {name: x}\n", "channel"},
		"not YAML":              {"regions: [", "line 1"},
		"a list":                {"- us-south", "cannot unmarshal"},
		"two documents":         {whole + "\n---\nchannel: {name: x}\n", "document"},
		"a secret in clear":     {strings.Replace(whole, "{env: SOUTH}", "Hunter2", 1), "cannot unmarshal"},
		"a long one":            {strings.Replace(whole, "{env: SOUTH}", "Hunter2Hunter2", 1), "cannot unmarshal"},
		"a secret as an anchor": {strings.Replace(whole, "{env: SOUTH}", "*Hunter2", 1), "unknown"},
		"a secret under value":  {strings.Replace(whole, "{env: SOUTH}", "{value: Hunter2}", 1), "value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := answersFile(t, tt.content)
			_, err := LoadAnswers(path, secretsSet)
			f := hasCode(t, err, CodeAnswers)
			if f.Facts["path"] != path || !strings.Contains(f.Facts["cause"], tt.cause) || f.Certainty != fault.NotSent {
				t.Errorf("%v", f)
			}
			if strings.Contains(err.Error(), "Hunter2") {
				t.Errorf("a secret is repeated: %v", err)
			}
		})
	}
	_, err := LoadAnswers(filepath.Join(t.TempDir(), "none.yaml"), secretsSet)
	if f := hasCode(t, err, CodePath); f.Facts["reason"] != "missing" {
		t.Error(f)
	}
}

func TestEverySecretThatIsNotWhereTheAnswersSayIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	content := strings.NewReplacer("files/east.secret", "files/none.secret", "api_key: k3", "api_key: k3, api_secret: {env: TORONTO}").Replace(whole)
	_, err := LoadAnswers(answersFile(t, content), environment("TORONTO", ""))
	said := map[string]string{}
	for _, f := range every(err) {
		if f.Code != CodeSecretRef || f.Certainty != fault.NotSent {
			t.Errorf("%v", f)
		}
		said[f.Facts["region"]] = f.Facts["where"]
	}
	if len(said) != 3 || said["us-south"] != "SOUTH" || said["us-east"] != "files/none.secret" || said["ca-tor"] != "TORONTO" {
		t.Errorf("said %v", said)
	}
}

func TestEveryMissingAnswerIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	d, err := LoadAnswers(answersFile(t, "channel: {name: Trade}\n"), environment("FAROL_US_EAST_API_SECRET", "east"))
	must(t, err)
	err = Ready(d)
	want := "channel.name, consoles.api_key@ca-tor, consoles.api_key@us-east, consoles.api_key@us-south, " +
		"consoles.api_secret@ca-tor, consoles.api_secret@us-south, consoles.url@ca-tor, consoles.url@us-east, consoles.url@us-south, contract.package, ordering.file"
	if f := hasCode(t, err, CodeMissing); f.Facts["questions"] != want {
		t.Errorf("names %s", f.Facts["questions"])
	}
	var named []string
	for _, f := range every(err)[1:] {
		named = append(named, f.Facts["question"])
		if f.Certainty != fault.NotSent {
			t.Errorf("%v may have been sent", f)
		}
	}
	if strings.Join(named, ", ") != want {
		t.Errorf("explains %v", named)
	}
}

// every lists the faults of a joined error.
func every(err error) []*fault.Fault {
	var out []*fault.Fault
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			out = append(out, every(e)...)
		}
		return out
	}
	if f, ok := fault.Of(err); ok {
		out = append(out, f)
	}
	return out
}
