package main

import (
	"path/filepath"
	"testing"

	"farol/state"
	"farol/state/fault"
	"farol/state/secret"
	"farol/ui/text"
)

const good = "correct horse battery"

// typing is an app whose person types these lines.
func typing(t *testing.T, lines ...string) *app {
	t.Helper()
	return &app{words: &text.English, ask: func(string) (secret.Secret, error) {
		if len(lines) == 0 {
			t.Fatal("asked once too often")
		}
		line := lines[0]
		lines = lines[1:]
		return secret.FromString(line), nil
	}}
}

func TestANewPassphraseIsTypedTwiceAndOpensTheVaultAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	id, err := typing(t, "short", good, "another one entirely", good, good).unlock(dir, true)
	if err != nil || id.IsZero() {
		t.Fatalf("%v, %v", id.IsZero(), err)
	}
	if _, err := state.CreateVault(filepath.Join(dir, state.VaultName), id); err != nil {
		t.Fatal(err)
	}
	again, err := typing(t, "not this one, surely", good).unlock(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := state.OpenVault(filepath.Join(dir, state.VaultName), again); err != nil {
		t.Errorf("the same passphrase gives another identity: %v", err)
	}
}

func TestThreeWrongPassphrasesEndTheCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := typing(t, good, good).unlock(dir, true); err != nil {
		t.Fatal(err)
	}
	if _, err := typing(t, "wrong one number one", "wrong one number two", "wrong one number three").unlock(dir, false); !fault.Is(err, state.CodePassphrase) {
		t.Errorf("got %v", err)
	}
}
