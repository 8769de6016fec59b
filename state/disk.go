package state

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// temporary matches the names of half-written files. What a crash leaves of them is removed under the lock.
const temporary = ".farol-*.tmp"

// disk writes files so that a crash at any instant leaves the old content or the new, never a mixture
// (reliability.md 2.4). The zero value is the real file system.
type disk struct {
	before func(op, path string) error // called before each operation; its error is the operation's. For tests.
}

// replace writes a file atomically and durably. With prev set, the old content stays under that name.
// It tells whether the new content is in place, which it may be although an error is returned.
func (d disk) replace(path string, data []byte, mode fs.FileMode, prev string) (placed bool, err error) {
	tmp, err := d.temp(filepath.Dir(path), data, mode)
	if err != nil {
		return false, err
	}
	defer os.Remove(tmp)
	if prev != "" {
		if err := d.keep(path, prev); err != nil {
			return false, err
		}
	}
	if err := d.do("rename", path, func() error { return os.Rename(tmp, path) }); err != nil {
		return false, err
	}
	return true, d.syncDir(filepath.Dir(path))
}

// publish writes a file that must not exist yet, atomically and durably.
func (d disk) publish(path string, data []byte) error {
	tmp, err := d.temp(filepath.Dir(path), data, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	if err := d.do("link", path, func() error { return os.Link(tmp, path) }); err != nil {
		return err
	}
	return d.syncDir(filepath.Dir(path))
}

// temp writes a new file beside its destination, because a rename does not cross file systems.
func (d disk) temp(dir string, data []byte, mode fs.FileMode) (path string, err error) {
	var f *os.File
	err = d.do("create", dir, func() (err error) {
		f, err = os.CreateTemp(dir, temporary) // O_EXCL, 0600
		return err
	})
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if mode != 0o600 {
		if err := f.Chmod(mode); err != nil {
			return "", err
		}
	}
	if err := d.do("write", f.Name(), func() error { _, err := f.Write(data); return err }); err != nil {
		return "", err
	}
	if err := d.do("sync", f.Name(), f.Sync); err != nil {
		return "", err
	}
	return f.Name(), d.do("close", f.Name(), f.Close)
}

// keep gives the present content a second name: a hard link, or a copy where there are none.
func (d disk) keep(path, prev string) error {
	if err := os.Remove(prev); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := d.do("link", prev, func() error { return os.Link(path, prev) }); err == nil {
		return nil
	}
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	_, err = d.replace(prev, old, 0o600, "")
	return err
}

// makeDir makes a folder that only we can enter, and its parents, durably. An existing one stays as it is.
func (d disk) makeDir(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return &fs.PathError{Op: "mkdir", Path: dir, Err: fs.ErrExist}
	case err == nil || !errors.Is(err, fs.ErrNotExist):
		return err
	}
	parent := filepath.Dir(dir)
	if err := d.makeDir(parent); err != nil {
		return err
	}
	err = d.do("mkdir", dir, func() error { return os.Mkdir(dir, 0o700) })
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.syncDir(parent)
}

// syncDir makes names durable, where the system can.
func (d disk) syncDir(dir string) error {
	if runtime.GOOS == "windows" { // folders cannot be synced there
		return nil
	}
	return d.do("syncdir", dir, func() error {
		f, err := os.Open(dir)
		if err != nil {
			return err
		}
		defer f.Close()
		return f.Sync()
	})
}

func (d disk) do(op, path string, call func() error) error {
	if d.before != nil {
		if err := d.before(op, path); err != nil {
			return &fs.PathError{Op: op, Path: path, Err: err}
		}
	}
	return call()
}

// sweep removes what a crash left of half-written files, also one folder below.
func sweep(dir string) {
	for _, pattern := range []string{temporary, "*/" + temporary} {
		names, _ := fs.Glob(os.DirFS(dir), pattern)
		for _, name := range names {
			_ = os.Remove(filepath.Join(dir, name))
		}
	}
}

// WriteFile writes a file atomically and durably, in a folder that it makes (0700) if needed. When it
// returns an error, the old content or the new one is there, whole.
func WriteFile(path string, data []byte, mode fs.FileMode) error {
	d := disk{}
	err := d.makeDir(filepath.Dir(path))
	if err == nil {
		_, err = d.replace(path, data, mode, "")
	}
	if err != nil {
		return unwritable(path, err)
	}
	return nil
}

func unwritable(path string, err error) error {
	return trouble(CodeUnwritable, "dir", filepath.Dir(path), "path", path, "reason", reason(err)).Because(err)
}

// Probe tells whether a folder, or the first one above it that exists, can be written to. It leaves nothing
// behind: a set-up that was never begun has no folder.
func Probe(dir string) error {
	at, err := filepath.Abs(dir)
	if err != nil {
		return unwritable(dir, err)
	}
	for errors.Is(exists(at), fs.ErrNotExist) && at != filepath.Dir(at) {
		at = filepath.Dir(at)
	}
	f, err := os.CreateTemp(at, ".farol-probe-*")
	if err != nil {
		return unwritable(filepath.Join(dir, FileName), err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func exists(path string) error {
	_, err := os.Stat(path)
	return err
}
