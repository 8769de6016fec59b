package steps

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"farol/state"
	"farol/state/fault"

	"github.com/google/go-cmp/cmp"
)

// owner makes the identity of a vault.
func owner(t *testing.T) state.Identity {
	t.Helper()
	id, err := state.NewIdentityFile(filepath.Join(t.TempDir(), "identity"))
	must(t, err)
	return id
}

// begin makes a set-up of a draft in a new folder.
func begin(t *testing.T, d *Draft) (*state.Store, *state.Vault, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "set-up")
	store, vault, err := Begin(d, dir, owner(t), state.Options{})
	must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store, vault, dir
}

// names lists the files of a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestASetUpHoldsTheAnswersAndItsVaultTheSecrets(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	store, vault, dir := begin(t, d)
	if diff := cmp.Diff(d.Setup, store.File().Setup); diff != "" {
		t.Errorf("saved other answers: %s", diff)
	}
	var want []string
	for _, r := range d.Setup.Regions {
		want = append(want, ConsoleSecret(r.ID))
		if s, _ := vault.Get(ConsoleSecret(r.ID)); s.Expose() != planted(r.ID) {
			t.Errorf("the vault has another secret for %s", r.ID)
		}
	}
	slices.Sort(want)
	if !slices.Equal(vault.Names(), want) {
		t.Errorf("the vault holds %v", vault.Names())
	}
	if kept, err := os.ReadFile(filepath.Join(dir, OrderingCopy)); err != nil || string(kept) != string(exported(t)) {
		t.Errorf("the copy of the ordering service differs (%v)", err)
	}
}

func TestASecretIsInNoFileInClear(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "east.secret")
	must(t, os.WriteFile(file, []byte(planted("us-east")), 0o600))
	d := answeredDraft(t)
	d.Setup.Regions[1].Console.APISecret = state.SecretRef{File: file}
	_, _, dir := begin(t, d)
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		content, err := os.ReadFile(path)
		must(t, err)
		if strings.Contains(string(content), "PlantedSecretOf") || strings.Contains(string(content), file) {
			t.Errorf("%s holds a secret, or says where it was", path)
		}
		return nil
	}))
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others may enter the folder: %v %v", info.Mode(), err)
	}
}

func TestTheSecretOfARegionThatWasDroppedIsNotSealed(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	answer(t, d, "regions.list", "us-south,us-east")
	_, vault, _ := begin(t, d)
	if want := []string{ConsoleSecret("us-east"), ConsoleSecret("us-south")}; !slices.Equal(vault.Names(), want) {
		t.Errorf("the vault holds %v", vault.Names())
	}
}

func TestPathsDoNotDependOnTheFolderThatFarolIsStartedIn(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	store, _, _ := begin(t, d)
	here, err := os.Getwd()
	must(t, err)
	if got, want := store.File().Setup.Ordering.File, filepath.Join(here, orderingFile); got != want {
		t.Errorf("the ordering service is at %s, want %s", got, want)
	}
	if got := store.File().Setup.Contract.Package; got != state.SamplePackage {
		t.Errorf("the sample is at %s", got)
	}
}

func TestNothingIsBegunWithAnAnswerMissing(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	answer(t, d, "channel.name", "")
	dir := filepath.Join(t.TempDir(), "set-up")
	_, _, err := Begin(d, dir, owner(t), state.Options{})
	if f := hasCode(t, err, CodeMissing); f.Facts["questions"] != "channel.name" {
		t.Error(f)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a folder was made")
	}
}

func TestASetUpThatIsThereIsRefusedAndStaysAsItIs(t *testing.T) {
	t.Parallel()
	store, _, dir := begin(t, answeredDraft(t))
	must(t, store.Close())
	before := contents(t, dir)
	_, _, err := Begin(answeredDraft(t), dir, owner(t), state.Options{})
	if f := hasCode(t, err, state.CodeExists); f.Facts["dir"] != dir {
		t.Error(f)
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("the folder changed: %s", diff)
	}
}

// contents reads a folder's files.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range names(t, dir) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		out[name] = string(b)
	}
	return out
}

func TestAFolderThatCannotBeMadeIsNamed(t *testing.T) {
	t.Parallel()
	file := write(t, "file", nil)
	_, _, err := Begin(answeredDraft(t), filepath.Join(file, "set-up"), owner(t), state.Options{})
	if f := hasCode(t, err, CodePath); f.Facts["path"] != filepath.Join(file, "set-up") || f.Facts["reason"] != "unreadable" {
		t.Error(f)
	}
	_, _, err = Begin(answeredDraft(t), file, owner(t), state.Options{})
	if f, ok := fault.Of(err); !ok {
		t.Errorf("a file as the folder: %v", f)
	}
}

func TestTheStateFileIsWrittenLast(t *testing.T) {
	t.Parallel()
	for _, blocked := range []string{OrderingCopy, state.VaultName} {
		dir := t.TempDir()
		must(t, os.Mkdir(filepath.Join(dir, blocked), 0o700)) // so that no file of that name can be written
		if _, _, err := Begin(answeredDraft(t), dir, owner(t), state.Options{}); err == nil {
			t.Fatalf("it began without %s", blocked)
		} else if _, ok := fault.Of(err); !ok {
			t.Errorf("%s: no words for %v", blocked, err)
		}
		if state.Exists(dir) {
			t.Errorf("there is a set-up without %s: %v", blocked, names(t, dir))
		}
	}
}

func TestVaultsThatCrashesLeftAreAllKeptAside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var left []string
	for range 3 { // within one second
		id := owner(t)
		_, err := state.CreateVault(filepath.Join(dir, state.VaultName), id)
		must(t, err)
		content, err := os.ReadFile(filepath.Join(dir, state.VaultName))
		must(t, err)
		left = append(left, string(content))
		_, err = newVault(filepath.Join(dir, state.VaultName), id)
		must(t, err)
		must(t, os.Remove(filepath.Join(dir, state.VaultName)))
	}
	var kept []string
	for name, content := range contents(t, dir) {
		if !strings.HasPrefix(name, state.VaultName+".left-") {
			t.Errorf("%s is there", name)
		}
		kept = append(kept, content)
	}
	slices.Sort(left)
	slices.Sort(kept)
	if !slices.Equal(left, kept) {
		t.Errorf("%d of %d vaults are kept: %v", len(kept), len(left), names(t, dir))
	}
}

func TestASetUpBeginsBesideAVaultThatWasLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, state.VaultName), []byte("sealed by a crashed try"), 0o600))
	store, vault, err := Begin(answeredDraft(t), dir, owner(t), state.Options{})
	must(t, err)
	defer store.Close()
	if len(vault.Names()) != 3 || !state.Exists(dir) {
		t.Errorf("the vault holds %v", vault.Names())
	}
	aside, err := filepath.Glob(filepath.Join(dir, state.VaultName+".left-*"))
	must(t, err)
	if len(aside) != 1 {
		t.Fatalf("kept aside: %v", aside)
	}
	if kept, _ := os.ReadFile(aside[0]); string(kept) != "sealed by a crashed try" {
		t.Errorf("kept %q", kept)
	}
}
