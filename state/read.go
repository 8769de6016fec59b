package state

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"farol/state/fault"
)

// Exists tells whether a set-up is in a folder, readable or not.
func Exists(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, FileName))
	return err == nil
}

// Read reads the set-up of a folder without its lock: saves replace the file, so it is always whole.
func Read(dir string) (*File, error) { return ReadEdited(dir, false) }

// ReadEdited is Read that, when told so, takes a file that was edited by hand as it is.
func ReadEdited(dir string, edited bool) (*File, error) {
	if err := folder(dir); err != nil {
		return nil, err
	}
	f, _, err := load(filepath.Join(dir, FileName))
	if err != nil && !(edited && fault.Is(err, CodeEdited)) {
		return nil, withRescue(dir, err)
	}
	return &f, nil
}

// load reads one state file. With the fault CodeEdited the file comes with it; the bytes come whenever
// they could be read.
func load(path string) (File, []byte, error) {
	data, err := slurp(path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, nil, trouble(CodeAbsent, "dir", filepath.Dir(path)).Because(err)
	}
	if err != nil {
		return File{}, nil, err
	}
	f, err := decode(path, data)
	return f, data, err
}

// slurp reads a plain file, at most one byte over its limit. That the file is missing it says with fs.ErrNotExist.
func slurp(path string, limit int64) ([]byte, error) {
	if err := regular(path); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, trouble(CodeUnreadable, "path", path, "reason", reason(err)).Because(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, trouble(CodeUnreadable, "path", path, "reason", reason(err)).Because(err)
	}
	return data, nil
}

// regular refuses links and devices: somebody could lead us elsewhere with them.
func regular(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return err
	case err != nil:
		return trouble(CodeUnreadable, "path", path, "reason", reason(err)).Because(err)
	case !info.Mode().IsRegular():
		return trouble(CodeNotPlain, "path", path)
	}
	return nil
}

// folder refuses what is not a folder itself, and says CodeAbsent where there is nothing.
func folder(dir string) error {
	info, err := os.Lstat(filepath.Clean(dir)) // with a slash at its end the name would lead through a link
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return trouble(CodeAbsent, "dir", dir).Because(err)
	case err != nil:
		return trouble(CodeUnreadable, "path", dir, "reason", reason(err)).Because(err)
	case !info.IsDir():
		return trouble(CodeNotPlain, "path", dir)
	}
	return nil
}
