package steps

import (
	"os"
	"path/filepath"
	"testing"

	"farol/state"
	"farol/state/fault"
	"farol/state/secret"
)

// orderingFile is an ordering service of three nodes, as its administrator exported it.
const orderingFile = "testdata/ordering-service.json"

// answered is a draft in which every question has an answer that passes.
func answeredDraft(t *testing.T, regions ...string) *Draft {
	t.Helper()
	d := NewDraft()
	if len(regions) > 0 {
		SetRegions(d, regions)
		Derive(d)
	}
	d.Setup.Ordering.File, d.Setup.Contract.Package = orderingFile, state.SamplePackage
	for i := range d.Setup.Regions {
		r := &d.Setup.Regions[i]
		r.Console.URL, r.Console.APIKey = "https://console."+r.ID+".example.com", "key-of-"+r.ID
		d.Secrets[ConsoleSecret(r.ID)] = secret.FromString(planted(r.ID))
	}
	if err := Ready(d); err != nil {
		t.Fatal(err)
	}
	return d
}

// planted is a secret that must turn up nowhere in clear.
func planted(region string) string { return "PlantedSecretOf" + region }

// question finds a question by its id.
func question(t *testing.T, d *Draft, id string) Question {
	t.Helper()
	for _, q := range Questions(d) {
		if q.ID() == id {
			return q
		}
	}
	t.Fatalf("%s is not asked", id)
	return Question{}
}

// answer answers one question.
func answer(t *testing.T, d *Draft, id, value string) {
	t.Helper()
	question(t, d, id).Set(d, value)
}

// write makes a file in a folder of its own.
func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, content, 0o600))
	return path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hasCode fails unless an error has a fault with this code, and gives the outermost fault.
func hasCode(t *testing.T, err error, code fault.Code) *fault.Fault {
	t.Helper()
	f, _ := fault.Of(err)
	if !fault.Is(err, code) {
		t.Fatalf("got %v, want %s", err, code)
	}
	return f
}
