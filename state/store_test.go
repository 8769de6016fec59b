package state

import (
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCreatesOpensAndReads(t *testing.T) {
	t.Parallel()
	s := begun(t)
	if !Exists(s.Dir()) {
		t.Error("nothing exists after Create")
	}
	first := s.File()
	if diff := cmp.Diff(sample(), first.Setup); diff != "" {
		t.Error(diff)
	}
	if first.Serial != 1 || first.Schema != Schema || first.Tool != "1.0.0" || len(first.Lineage) != 32 || !first.Updated.Equal(noon) {
		t.Errorf("first save: %+v", first)
	}
	must(t, s.Update(func(f *File) { f.Steps = []Checkpoint{step(0)} }))
	want := s.File()
	read, err := Read(s.Dir()) // while the lock is held
	must(t, err)
	if diff := cmp.Diff(want, *read); diff != "" {
		t.Error(diff)
	}
	must(t, s.Close())
	again, err := Open(s.Dir(), options())
	must(t, err)
	defer again.Close()
	if diff := cmp.Diff(want, again.File()); diff != "" {
		t.Error(diff)
	}
}

func TestSerialGrowsAndLineageStays(t *testing.T) {
	t.Parallel()
	s := begun(t)
	first := s.File()
	for n := range int64(5) {
		must(t, s.Update(func(f *File) { f.Serial, f.Lineage, f.Schema = 99, "other", 99 }))
		if got := s.File(); got.Serial != first.Serial+n+1 || got.Lineage != first.Lineage || got.Schema != Schema {
			t.Fatalf("save %d: serial %d, lineage %s, schema %d", n, got.Serial, got.Lineage, got.Schema)
		}
	}
}

func TestRefusesASecondSetupInTheSameFolder(t *testing.T) {
	t.Parallel()
	dir := left(t, 0)
	before := bytesOf(t, filepath.Join(dir, FileName))
	wantCode(t, second(Create(dir, Setup{}, options())), CodeExists)
	if got := bytesOf(t, filepath.Join(dir, FileName)); !reflect.DeepEqual(before, got) {
		t.Error("the first set-up has changed")
	}
	s, err := Open(dir, options())
	must(t, err) // the refusal has given the lock back
	must(t, s.Close())
}

func TestOpensOnlyWhatIsThere(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	wantCode(t, second(Open(empty, options())), CodeAbsent)
	wantCode(t, second(Open(filepath.Join(empty, "none"), options())), CodeAbsent)
	wantCode(t, second(Read(empty)), CodeAbsent)
	wantCode(t, second(MoveAside(empty, options())), CodeAbsent)
	if names, _ := os.ReadDir(empty); len(names) != 0 {
		t.Errorf("looking left %v behind", names)
	}
}

func TestFileIsACopy(t *testing.T) {
	t.Parallel()
	s := begun(t)
	kept := []Checkpoint{step(0)}
	must(t, s.Update(func(f *File) { f.Steps = kept }))
	want := s.File()
	got := s.File()
	got.Setup.Regions[0].ID, got.Steps[0].Evidence["url"], got.Steps[0].Intent.Op = "x", "x", "x"
	kept[0].Evidence["url"], kept[0].Error.Facts["host"] = "x", "x" // what the caller gave stays the caller's
	must(t, s.Update(func(*File) {}))
	want.Serial++
	if diff := cmp.Diff(want, s.File()); diff != "" {
		t.Error(diff)
	}
}

func TestManyMayUpdateAtOnce(t *testing.T) {
	t.Parallel()
	s := begun(t)
	const callers = 20
	var all sync.WaitGroup
	for n := range callers {
		all.Go(func() {
			if err := s.Update(func(f *File) { f.Steps = append(f.Steps, Checkpoint{ID: strconv.Itoa(n)}) }); err != nil {
				t.Error(err)
			}
			_ = s.File()
		})
	}
	all.Wait()
	f, err := Read(s.Dir())
	must(t, err)
	if len(f.Steps) != callers || f.Serial != callers+1 {
		t.Errorf("%d steps, serial %d", len(f.Steps), f.Serial)
	}
}

func TestSavesNothingAfterClose(t *testing.T) {
	t.Parallel()
	s := begun(t)
	must(t, s.Close())
	must(t, s.Close())
	wantCode(t, s.Update(func(*File) { t.Error("asked for a change") }), CodeClosed)
}

func TestKeepsTheSaveBefore(t *testing.T) {
	t.Parallel()
	s := begun(t)
	must(t, s.Update(func(f *File) { f.Setup.Name = "second" }))
	must(t, s.Update(func(f *File) { f.Setup.Name = "third" }))
	prev, _, err := load(filepath.Join(s.Dir(), FileName+".prev"))
	must(t, err)
	if prev.Setup.Name != "second" || prev.Serial != 2 {
		t.Errorf("the save before is %q, serial %d", prev.Setup.Name, prev.Serial)
	}
}

func TestStopsWhenSomebodyElseWrote(t *testing.T) {
	t.Parallel()
	change := map[string]func(path string) error{
		"other content": func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) },
		"removed":       os.Remove,
	}
	for name, act := range change {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begun(t)
			must(t, act(s.path()))
			wantCode(t, s.Update(func(f *File) { f.Setup.Name = "mine" }), CodeOvertaken)
			if s.File().Setup.Name == "mine" {
				t.Error("a refused change is remembered")
			}
		})
	}
}

func TestOnlyWeCanReadIt(t *testing.T) {
	t.Parallel()
	dir := left(t, 1)
	s, err := Open(dir, options())
	must(t, err)
	defer s.Close()
	must(t, filepath.Walk(filepath.Dir(dir), func(path string, info os.FileInfo, err error) error {
		want := os.FileMode(0o600)
		if info.IsDir() {
			want = 0o700
		}
		if path != filepath.Dir(dir) && info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	}))
}

func TestRefusesLinksAndStrangeFiles(t *testing.T) {
	t.Parallel()
	link := func(t *testing.T, name string) string { // a file of a good set-up becomes a link to itself elsewhere
		dir := left(t, 1)
		path := filepath.Join(dir, name)
		must(t, os.Rename(path, path+".real"))
		must(t, os.Symlink(path+".real", path))
		return dir
	}
	t.Run("the state", func(t *testing.T) {
		t.Parallel()
		dir := link(t, FileName)
		wantCode(t, second(Read(dir)), CodeNotPlain)
		wantCode(t, second(Open(dir, options())), CodeNotPlain)
	})
	t.Run("the lock", func(t *testing.T) {
		t.Parallel()
		wantCode(t, second(Open(link(t, lockName), options())), CodeNotPlain)
	})
	t.Run("the folder", func(t *testing.T) {
		t.Parallel()
		to := filepath.Join(t.TempDir(), "link")
		must(t, os.Symlink(left(t, 1), to))
		for _, dir := range []string{to, to + "/"} {
			wantCode(t, second(Read(dir)), CodeNotPlain)
			wantCode(t, second(Open(dir, options())), CodeNotPlain)
			wantCode(t, second(Create(dir, Setup{}, options())), CodeNotPlain)
			wantCode(t, second(MoveAside(dir, options())), CodeNotPlain)
		}
	})
	t.Run("a file for a folder", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "file")
		must(t, os.WriteFile(file, nil, 0o600))
		wantCode(t, second(Read(file)), CodeNotPlain)
		f := wantCode(t, second(Create(file, Setup{}, options())), CodeUnwritable)
		if f.Facts["dir"] != file {
			t.Errorf("facts %v", f.Facts)
		}
	})
	t.Run("a folder for the state", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		must(t, os.Mkdir(filepath.Join(dir, FileName), 0o700))
		wantCode(t, second(Open(dir, options())), CodeNotPlain)
	})
}

func TestRefusesTheFileOfAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir := left(t, 1)
	must(t, os.Chown(filepath.Join(dir, FileName), 12345, -1))
	f := wantCode(t, second(Open(dir, options())), CodeUnwritable)
	if f.Facts["reason"] != "owner" {
		t.Errorf("facts %v", f.Facts)
	}
}

func TestRefusesAFolderThatIsNotOursToWrite(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := left(t, 1)
	must(t, os.Chmod(dir, 0o500))
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	f := wantCode(t, second(Open(dir, options())), CodeUnwritable)
	if f.Facts["reason"] != "permission" {
		t.Errorf("facts %v", f.Facts)
	}
}
