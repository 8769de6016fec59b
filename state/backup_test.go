package state

import (
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"syscall"
	"testing"

	"farol/state/fault"
)

func TestKeepsOneBackupASession(t *testing.T) {
	t.Parallel()
	dir := left(t, 1)
	before := bytesOf(t, filepath.Join(dir, FileName))
	s, err := Open(dir, options())
	must(t, err)
	must(t, s.Update(func(f *File) { f.Setup.Name = "new" }))
	must(t, s.Update(func(f *File) { f.Setup.Name = "newer" }))
	must(t, s.Close())
	wantNames(t, filepath.Join(dir, backupsName), "000002-session.yaml")
	if kept := bytesOf(t, filepath.Join(dir, backupsName, "000002-session.yaml")); !reflect.DeepEqual(kept, before) {
		t.Errorf("the backup is %s", kept)
	}
	for range 2 { // two sessions without a save have the same backup
		s, err = Open(dir, options())
		must(t, err)
		must(t, s.Close())
	}
	wantNames(t, filepath.Join(dir, backupsName), "000002-session.yaml", "000004-session.yaml")
}

func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s has %v, want %v", dir, got, want)
	}
}

func TestDoesNotOpenWithoutABackup(t *testing.T) {
	t.Parallel()
	dir := left(t, 1)
	o := options()
	first := ""
	o.disk.before = failing(1, syscall.ENOSPC, &first)
	f := wantCode(t, second(Open(dir, o)), CodeUnwritable)
	if f.Facts["reason"] != "full" || first != "mkdir" {
		t.Errorf("first refused %q, fault %v", first, f)
	}
}

func TestTakesAnEditOnlyWhenTold(t *testing.T) {
	t.Parallel()
	dir := left(t, 1)
	path := filepath.Join(dir, FileName)
	spoil(t, path, "name: Org1 on trade", "name: Edited")
	edited := bytesOf(t, path)
	wantCode(t, second(Open(dir, options())), CodeEdited)

	o := options()
	o.AcceptEdited = true
	s, err := Open(dir, o)
	must(t, err)
	defer s.Close()
	if f := s.File(); f.Setup.Name != "Edited" || f.Serial != 3 {
		t.Errorf("name %q, serial %d", f.Setup.Name, f.Serial)
	}
	must(t, second(Read(dir))) // sealed again
	if kept := bytesOf(t, filepath.Join(dir, backupsName, "000002-edited.yaml")); !reflect.DeepEqual(kept, edited) {
		t.Error("what was edited is not among the backups")
	}
}

func TestAnEditPutsEverythingThatWasDoneInDoubt(t *testing.T) {
	t.Parallel()
	dir := left(t, 1)
	s, err := Open(dir, options())
	must(t, err)
	must(t, s.Update(func(f *File) {
		f.Steps = []Checkpoint{{ID: "a", Status: Done}, {ID: "b", Status: Todo}, {ID: "c", Status: Confirmed}}
	}))
	must(t, s.Close())
	spoil(t, filepath.Join(dir, FileName), "name: Org1 on trade", "name: Edited")
	o := options()
	o.AcceptEdited = true
	s, err = Open(dir, o)
	must(t, err)
	defer s.Close()
	for i, want := range []Status{Drifted, Todo, Confirmed} {
		if got := s.File().Steps[i].Status; got != want {
			t.Errorf("step %d is %s, want %s", i, got, want)
		}
	}
}

func TestAcceptsNoDamageAsAnEdit(t *testing.T) {
	t.Parallel()
	dir := left(t, 1)
	path := filepath.Join(dir, FileName)
	must(t, os.Truncate(path, int64(len(bytesOf(t, path))/2)))
	o := options()
	o.AcceptEdited = true
	wantCode(t, second(Open(dir, o)), CodeDamaged)
}

// damaged gives a torn set-up of five saves, the second and third of which are backups of sessions.
func damaged(t *testing.T) (dir string) {
	t.Helper()
	dir = left(t, 1)
	for _, session := range [][]string{{"third"}, {"fourth", "fifth"}} {
		s, err := Open(dir, options())
		must(t, err)
		for _, name := range session {
			must(t, s.Update(func(f *File) { f.Setup.Name = name }))
		}
		must(t, s.Close())
	}
	must(t, os.Truncate(filepath.Join(dir, FileName), 100))
	return dir
}

func TestSaysWhatADamagedSetupCanBeRestoredFrom(t *testing.T) {
	t.Parallel()
	dir := damaged(t)
	junk := filepath.Join(dir, backupsName, "000009-session.yaml")
	must(t, os.WriteFile(junk, []byte("no state"), 0o600))
	for name, open := range map[string]func() error{
		"Read": func() error { return second(Read(dir)) },
		"Open": func() error { return second(Open(dir, options())) },
	} {
		f := wantCode(t, open(), CodeDamaged)
		want := map[string]string{"path": filepath.Join(dir, FileName),
			"prev": filepath.Join(dir, FileName+".prev"), "prev_serial": "4",
			"backup": filepath.Join(dir, backupsName, "000003-session.yaml"), "backup_serial": "3"}
		if !reflect.DeepEqual(f.Facts, want) {
			t.Errorf("%s: facts %v, want %v", name, f.Facts, want)
		}
	}
	must(t, os.Remove(filepath.Join(dir, FileName+".prev")))
	f := wantCode(t, second(Read(dir)), CodeDamaged)
	if _, there := f.Facts["prev"]; there {
		t.Errorf("offers a save that is not there: %v", f.Facts)
	}
}

func TestRestoresTheSaveBeforeAndTheBackup(t *testing.T) {
	t.Parallel()
	for fact, name := range map[string]string{"prev": "fourth", "backup": "third"} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			dir := damaged(t)
			torn := bytesOf(t, filepath.Join(dir, FileName))
			f, _ := fault.Of(second(Read(dir)))
			s, err := Restore(dir, f.Facts[fact], options())
			must(t, err)
			defer s.Close()
			got := s.File()
			if got.Setup.Name != name {
				t.Errorf("restored %q", got.Setup.Name)
			}
			if got.Serial != 5 { // one more than the newest save that is still known
				t.Errorf("serial %d", got.Serial)
			}
			if kept := bytesOf(t, filepath.Join(dir, backupsName, "000004-replaced.yaml")); !reflect.DeepEqual(kept, torn) {
				t.Error("what was replaced is lost")
			}
			must(t, s.Update(func(*File) {}))
			must(t, second(Read(dir)))
		})
	}
}

func TestRestoresNothingThatIsNotWhole(t *testing.T) {
	t.Parallel()
	dir := damaged(t)
	torn := bytesOf(t, filepath.Join(dir, FileName))
	wantCode(t, second(Restore(dir, filepath.Join(dir, FileName), options())), CodeDamaged)
	wantCode(t, second(Restore(dir, filepath.Join(dir, "none.yaml"), options())), CodeAbsent)
	if got := bytesOf(t, filepath.Join(dir, FileName)); !reflect.DeepEqual(got, torn) {
		t.Error("the state has changed")
	}
	if _, held := LockOwner(dir); held {
		t.Error("a failed Restore keeps the lock")
	}
}

func TestMovesASetupAside(t *testing.T) {
	t.Parallel()
	dir := left(t, 1)
	s, err := Open(dir, options()) // makes a backup
	must(t, err)
	must(t, s.Close())
	for _, name := range []string{VaultName, SealedIdentityName, "export/admin.json.age", "handoff/org1.zip"} {
		must(t, WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
	}
	must(t, os.WriteFile(filepath.Join(dir, "answers.yaml"), nil, 0o600))

	to, err := MoveAside(dir, options())
	must(t, err)
	if want := filepath.Join(dir, backupsName, "000002-start-over"); to != want {
		t.Errorf("moved to %s", to)
	}
	wantNames(t, to, "000002-session.yaml", "export", SealedIdentityName, VaultName, FileName, FileName+".prev", "handoff")
	wantNames(t, dir, "answers.yaml", backupsName, lockName)
	wantNames(t, filepath.Join(dir, backupsName), "000002-start-over")
	must(t, second(Read(to))) // it can be looked at where it is

	again, err := Create(dir, sample(), options())
	must(t, err)
	must(t, again.Update(func(*File) {}))
	must(t, again.Close())
	to, err = MoveAside(dir, options())
	must(t, err)
	if want := filepath.Join(dir, backupsName, "000002-start-over-2"); to != want {
		t.Errorf("the second one moved to %s", to)
	}
}

func TestMovesADamagedSetupAside(t *testing.T) {
	t.Parallel()
	dir := damaged(t)
	to, err := MoveAside(dir, options())
	must(t, err)
	if Exists(dir) || !Exists(to) {
		t.Error("it did not move")
	}
}

func TestMovesAsideInTwoTriesWhatTheFirstLeft(t *testing.T) {
	t.Parallel()
	for n := range 3 { // the vault, the save before, the state
		t.Run(strconv.Itoa(n+1), func(t *testing.T) {
			t.Parallel()
			dir := left(t, 1)
			must(t, WriteFile(filepath.Join(dir, VaultName), []byte("x"), 0o600))
			o := options()
			moves := 0
			o.disk.before = func(op, _ string) error {
				if op == "rename" {
					if moves++; moves == n+1 {
						return syscall.EIO
					}
				}
				return nil
			}
			wantCode(t, second(MoveAside(dir, o)), CodeUnwritable)
			if !Exists(dir) {
				t.Fatal("a half-moved set-up no longer counts as one")
			}
			to, err := MoveAside(dir, options())
			must(t, err)
			wantNames(t, to, VaultName, FileName, FileName+".prev")
			wantNames(t, filepath.Join(dir, backupsName), filepath.Base(to))
		})
	}
}

func TestStartingOverKeepsNoPrivateKeyInClear(t *testing.T) {
	t.Parallel()
	dir := left(t, 1)
	key := filepath.Join(dir, "wallet", "us-east", "Org1_identity.json")
	must(t, WriteFile(key, []byte("PRIVATE KEY"), 0o600))
	to, err := MoveAside(dir, options())
	must(t, err)
	for _, path := range []string{key, filepath.Join(to, "wallet")} {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", path, err)
		}
	}
}
