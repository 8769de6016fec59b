package steps

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"farol/state"
	"farol/state/fault"
	"farol/state/secret"
)

func identity(t *testing.T) state.Identity {
	t.Helper()
	id, err := state.NewIdentityFile(filepath.Join(t.TempDir(), "identity"))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func answers(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "answers.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func noEnvironment(string) string { return "" }

func TestAnAnswersFileKeepsDefaultsForWhatItDoesNotSay(t *testing.T) {
	t.Parallel()
	path := answers(t, `
organization: {name: Harbour, msp_id: HarbourMSP}
ordering: {file: acme.json}
regions:
  - {id: us-south, console: {url: "https://a.example.com", api_key: k1, api_secret: {env: SECRET_A}}}
  - {id: eu-de, home: true, console: {url: "https://b.example.com", api_key: k2, ca_file: roots.pem}}
`)
	d, err := LoadAnswers(path, func(name string) string {
		return map[string]string{"SECRET_A": "alpha", "FAROL_EU_DE_API_SECRET": "beta"}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	s := d.Setup
	for name, ok := range map[string]bool{
		"the name":                   s.Organization.Name == "Harbour" && s.Organization.MSPID == "HarbourMSP",
		"derived names":              s.Organization.CA == "harbourca" && s.Regions[1].Peer == "harboureudepeer1",
		"the home region":            s.HomeRegion().ID == "eu-de",
		"a default":                  s.Contract.Name == "basic" && s.Organization.StateDatabase == state.LevelDB,
		"a path beside the file":     s.Ordering.File == filepath.Join(filepath.Dir(path), "acme.json"),
		"roots beside the file":      s.Regions[1].Console.CAFile == filepath.Join(filepath.Dir(path), "roots.pem"),
		"a secret by its name":       d.Secrets[ConsoleSecret("us-south")].Expose() == "alpha",
		"a secret by the usual name": d.Secrets[ConsoleSecret("eu-de")].Expose() == "beta",
		"where answers came from":    d.Sources["organization.name"] == FromAnswers && d.Sources["contract.name"] == FromDefault,
	} {
		if !ok {
			t.Errorf("%s is not as it should be: %+v", name, s)
		}
	}
}

func TestAnAnswersFileThatCannotBeUnderstoodIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want fault.Code
	}{
		"an unknown key":             {"organisation: {name: Org1}", CodeAnswers},
		"not YAML":                   {"a: b: c", CodeAnswers},
		"a secret in clear":          {`regions: [{id: us-south, console: {api_secret: geheim}}]`, CodeAnswers},
		"a variable that is not set": {`regions: [{id: us-south, console: {api_secret: {env: NOT_SET}}}]`, CodeSecretRef},
		"a secret file not there":    {`regions: [{id: us-south, console: {api_secret: {file: nowhere}}}]`, CodeSecretRef},
	} {
		if _, err := LoadAnswers(answers(t, tt.text), noEnvironment); !fault.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		} else if strings.Contains(err.Error(), "geheim") && name == "a secret in clear" {
			t.Errorf("%s: the error repeats the secret: %v", name, err)
		}
	}
	if _, err := LoadAnswers("/nowhere.yaml", noEnvironment); !fault.Is(err, CodePath) {
		t.Errorf("no file: %v", err)
	}
}

func TestBeginKeepsSecretsInTheVaultOnly(t *testing.T) {
	t.Parallel()
	const planted = "plantedSecretOfTheConsole"
	d := answeredDraft(t)
	d.Secrets[ConsoleSecret("us-east")] = secret.FromString(planted)
	dir, id := filepath.Join(t.TempDir(), "new", "setup"), identity(t)
	store, vault, err := Begin(d, dir, id, state.Options{Tool: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if s, ok := vault.Get(ConsoleSecret("us-east")); !ok || s.Expose() != planted {
		t.Error("the vault does not have the secret")
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err == nil && bytes.Contains(data, []byte(planted)) {
			t.Errorf("%s has the secret in clear", f.Name())
		}
	}
	for _, p := range []string{store.File().Setup.Ordering.File} {
		if !filepath.IsAbs(p) {
			t.Errorf("%s means another file in another folder", p)
		}
	}
	if _, _, err := Begin(d, dir, id, state.Options{}); !fault.Is(err, state.CodeExists) {
		t.Errorf("beginning again gives %v", err)
	}
}

func TestBeginSavesNothingForAnswersThatDoNotPass(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	d.Setup.Channel.Name = "Not A Channel"
	dir := t.TempDir()
	if _, _, err := Begin(d, dir, identity(t), state.Options{}); !fault.Is(err, CodeMissing) || !fault.Is(err, CodeName) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// A crash between the vault and the answers leaves a vault that belongs to no set-up.
func TestBeginKeepsALeftOverVaultAside(t *testing.T) {
	t.Parallel()
	dir, id := t.TempDir(), identity(t)
	left, err := state.CreateVault(filepath.Join(dir, state.VaultName), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := left.Put("old", secret.FromString("kept")); err != nil {
		t.Fatal(err)
	}
	store, _, err := Begin(answeredDraft(t), dir, id, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	aside, err := filepath.Glob(filepath.Join(dir, state.VaultName+".left-*"))
	if err != nil || len(aside) != 1 {
		t.Fatalf("kept aside: %v, %v", aside, err)
	}
	old, err := state.OpenVault(aside[0], id)
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := old.Get("old"); !ok || s.Expose() != "kept" {
		t.Error("the old vault is not what it was")
	}
}
