package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"farol/state/fault"
)

// backupsName is the folder of a set-up's backups.
const backupsName = "backups"

// backup keeps bytes as backups/<serial>-<kind>.yaml. A name that is taken by other bytes gets a number.
func backup(dir string, d disk, serial int64, kind string, data []byte) error {
	folder := filepath.Join(dir, backupsName)
	if err := d.makeDir(folder); err != nil {
		return unwritable(folder, err)
	}
	path, err := free(func(suffix string) string {
		return filepath.Join(folder, fmt.Sprintf("%06d-%s%s.yaml", serial, kind, suffix))
	}, func(path string) bool {
		old, err := os.ReadFile(path)
		return err == nil && slices.Equal(old, data)
	})
	if err == nil {
		_, err = d.replace(path, data, 0o600, "")
	}
	if err != nil {
		return unwritable(path, err)
	}
	return nil
}

// free finds the first of a row of names that is not taken, or that will do although it is.
func free(name func(suffix string) string, willDo func(path string) bool) (string, error) {
	suffix := ""
	for n := 2; ; n++ {
		path := name(suffix)
		_, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return path, nil
		case err != nil:
			return path, err
		case willDo(path):
			return path, nil
		}
		suffix = "-" + strconv.Itoa(n)
	}
}

// older is a whole state file that is older than the present one.
type older struct {
	path   string
	serial int64
}

// rescue finds what a damaged set-up can be restored from: the save before, and the newest whole backup.
func rescue(dir string) (prev, newest *older) {
	if f, _, err := load(filepath.Join(dir, FileName+".prev")); err == nil {
		prev = &older{filepath.Join(dir, FileName+".prev"), f.Serial}
	}
	names, _ := fs.Glob(os.DirFS(dir), backupsName+"/*.yaml")
	for _, name := range names {
		path := filepath.Join(dir, name)
		if f, _, err := load(path); err == nil && (newest == nil || f.Serial > newest.serial) {
			newest = &older{path, f.Serial}
		}
	}
	return prev, newest
}

// withRescue adds to the fault of a damaged or edited file what can be put in its place.
func withRescue(dir string, err error) error {
	f, ok := fault.Of(err)
	if !ok || f.Code != CodeDamaged && f.Code != CodeEdited {
		return err
	}
	prev, newest := rescue(dir)
	if prev != nil {
		f.With("prev", prev.path, "prev_serial", strconv.FormatInt(prev.serial, 10))
	}
	if newest != nil {
		f.With("backup", newest.path, "backup_serial", strconv.FormatInt(newest.serial, 10))
	}
	return err
}

// Restore puts an older, whole state file in the place of the present one, which is kept among the
// backups, and opens the set-up. The steps made since are observed again, as after every resume.
func Restore(dir, path string, o Options) (*Store, error) {
	if err := folder(dir); err != nil {
		return nil, err
	}
	l, err := acquire(dir, o)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, opts: o, lock: l}
	if err := s.restore(path); err != nil {
		return nil, errors.Join(err, l.release())
	}
	return s, nil
}

func (s *Store) restore(path string) error {
	f, _, err := load(path)
	if err != nil {
		return err
	}
	present, err := slurp(s.path(), maxFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s.serial = s.newest(f.Serial)
	if present != nil {
		if err := ours(s.path()); err != nil {
			return unwritable(s.path(), err)
		}
		if err := backup(s.dir, s.opts.disk, s.serial, "replaced", present); err != nil {
			return err
		}
		s.saved = present
	}
	return s.save(f)
}

// newest gives the greatest serial that is known to have been given out, so that the next one is new.
func (s *Store) newest(serial int64) int64 {
	if f, _, _ := load(s.path()); f.Serial > serial {
		serial = f.Serial
	}
	prev, kept := rescue(s.dir)
	for _, o := range []*older{prev, kept} {
		if o != nil {
			serial = max(serial, o.serial)
		}
	}
	return serial
}
