package state

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// failing refuses the n-th operation and all after it, as a full disk does, and notes which one was the first.
func failing(n int, err error, first *string) func(op, path string) error {
	return func(op, _ string) error {
		if n--; n > 0 {
			return nil
		}
		if *first == "" {
			*first = op
		}
		return err
	}
}

// operations counts what one save does to the disk.
func operations(t *testing.T) (count int) {
	t.Helper()
	s := begun(t)
	s.opts.disk.before = func(string, string) error { count++; return nil }
	must(t, s.Update(func(*File) {}))
	if count < 7 {
		t.Fatalf("a save has only %d operations: create, write, sync, close, link, rename and syncdir are due", count)
	}
	return count
}

func TestAFailedSaveChangesNothingAndTheNextOneWorks(t *testing.T) {
	t.Parallel()
	for n := range operations(t) {
		t.Run(strconv.Itoa(n+1), func(t *testing.T) {
			t.Parallel()
			s := begun(t)
			before := s.File()
			refused := ""
			s.opts.disk.before = failing(n+1, syscall.ENOSPC, &refused)
			f := wantCode(t, s.Update(func(f *File) { f.Setup.Name = "new" }), CodeUnwritable)
			if f.Facts["reason"] != "full" || f.Facts["dir"] != s.Dir() || !errors.Is(f, syscall.ENOSPC) {
				t.Errorf("fault %v", f)
			}
			if got := s.File(); got.Setup.Name != before.Setup.Name || got.Serial != before.Serial {
				t.Errorf("the failed %s is remembered: %+v", refused, got)
			}
			disk, err := Read(s.Dir())
			must(t, err)
			if placed := refused == "syncdir"; placed != (disk.Setup.Name == "new") {
				t.Errorf("after a failed %s the file says %q", refused, disk.Setup.Name)
			}
			if left := temporaries(t, s.Dir()); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}

			s.opts.disk.before = nil
			must(t, s.Update(func(f *File) { f.Setup.Name = "newer" }))
			again, err := Read(s.Dir())
			must(t, err)
			if again.Setup.Name != "newer" || again.Serial <= disk.Serial {
				t.Errorf("then %q with serial %d after %d", again.Setup.Name, again.Serial, disk.Serial)
			}
		})
	}
}

func TestKeepsACopyWhereThereAreNoHardLinks(t *testing.T) {
	t.Parallel()
	s := begun(t)
	s.opts.disk.before = func(op, _ string) error {
		if op == "link" {
			return syscall.EOPNOTSUPP
		}
		return nil
	}
	must(t, s.Update(func(f *File) { f.Setup.Name = "new" }))
	prev, _, err := load(s.path() + ".prev")
	must(t, err)
	if prev.Setup.Name != sample().Name {
		t.Errorf("the copy says %q", prev.Setup.Name)
	}
}

func TestKilledBeforeAnyOperationLeavesTheOldFileOrTheNew(t *testing.T) {
	t.Parallel()
	for n := range operations(t) {
		t.Run(strconv.Itoa(n+1), func(t *testing.T) {
			t.Parallel()
			dir := left(t, 1)
			p := start(t, "die:"+strconv.Itoa(n+1), dir)
			if line, err := p.out.ReadString('\n'); err == nil {
				t.Fatalf("was not killed: %s", line)
			}
			_ = p.Wait()
			f, err := Read(dir)
			must(t, err)
			switch {
			case f.Serial == 2 && f.Setup.Name == sample().Name:
			case f.Serial == 3 && f.Setup.Name == "new":
			default:
				t.Errorf("serial %d, name %q", f.Serial, f.Setup.Name)
			}
			s, err := Open(dir, options())
			must(t, err)
			defer s.Close()
			if left := temporaries(t, dir); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
			must(t, s.Update(func(*File) {}))
		})
	}
}

func temporaries(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, temporary))
	must(t, err)
	return names
}

func TestSweepsWhatACrashLeftOfExports(t *testing.T) {
	t.Parallel()
	dir := left(t, 0)
	secret := filepath.Join(dir, "export", ".farol-1.tmp")
	must(t, os.Mkdir(filepath.Dir(secret), 0o700))
	must(t, os.WriteFile(secret, nil, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "export", "admin.json"), nil, 0o600))
	s, err := Open(dir, options())
	must(t, err)
	defer s.Close()
	names, err := os.ReadDir(filepath.Join(dir, "export"))
	must(t, err)
	if len(names) != 1 || names[0].Name() != "admin.json" {
		t.Errorf("left: %v", names)
	}
}

func TestWriteFileMakesItsFolderAndReplacesWhole(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a", "b", "pack.json")
	for _, text := range []string{"first, a long one", "second"} {
		must(t, WriteFile(path, []byte(text), 0o640))
		if got := string(bytesOf(t, path)); got != text {
			t.Errorf("got %q", got)
		}
	}
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v", info.Mode())
	}
	if info, _ := os.Stat(filepath.Dir(path)); info.Mode().Perm() != 0o700 {
		t.Errorf("folder mode %v", info.Mode())
	}
}

func TestWriteFileReplacesALinkAndNotItsTarget(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	must(t, os.WriteFile(target, []byte("theirs"), 0o600))
	must(t, os.Symlink(target, link))
	must(t, WriteFile(link, []byte("ours"), 0o600))
	if got := string(bytesOf(t, target)); got != "theirs" {
		t.Errorf("wrote through the link: %q", got)
	}
}

func TestWriteFileSaysWhereAndWhy(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	f := wantCode(t, WriteFile(filepath.Join(file, "x"), nil, 0o600), CodeUnwritable)
	if f.Facts["dir"] != file || f.Facts["reason"] != "file" || !strings.Contains(f.Error(), "file") {
		t.Errorf("fault %v", f)
	}
}

func TestProbeLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, Probe(dir))
	must(t, Probe(filepath.Join(dir, "not", "yet", "there")))
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestProbeSaysWhyAFolderCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if f := wantCode(t, Probe(dir), CodeUnwritable); f.Facts["reason"] != "file" || f.Facts["dir"] != dir {
			t.Errorf("%s: %v", dir, f)
		}
	}
}
