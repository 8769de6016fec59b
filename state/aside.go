package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MoveAside makes room for a new set-up: the present one, damaged or not, moves with its vault, exports,
// hand-off packs and backups into backups/<serial>-start-over, which it returns. Nothing remote changes.
func MoveAside(dir string, o Options) (string, error) {
	if err := folder(dir); err != nil {
		return "", err
	}
	if !Exists(dir) {
		return "", trouble(CodeAbsent, "dir", dir)
	}
	l, err := acquire(dir, o)
	if err != nil {
		return "", err
	}
	to, err := moveAside(dir, o.disk)
	return to, errors.Join(err, l.release())
}

func moveAside(dir string, d disk) (string, error) {
	things, err := belongings(dir)
	if err != nil {
		return "", unwritable(dir, err)
	}
	// Private keys in clear are not kept: the vault has them.
	if err := d.do("remove", walletName, func() error { return os.RemoveAll(filepath.Join(dir, walletName)) }); err != nil {
		return "", unwritable(filepath.Join(dir, walletName), err)
	}
	serial := (&Store{dir: dir}).newest(0)
	to, err := free(func(suffix string) string {
		return filepath.Join(dir, backupsName, fmt.Sprintf("%06d-start-over%s", serial, suffix))
	}, func(path string) bool { return room(path, things) })
	if err == nil {
		err = d.makeDir(to)
	}
	for _, name := range things {
		if err == nil {
			err = d.do("rename", name, func() error {
				return os.Rename(filepath.Join(dir, name), filepath.Join(to, filepath.Base(name)))
			})
		}
	}
	for _, changed := range []string{to, filepath.Join(dir, backupsName), dir} {
		if err == nil {
			err = d.syncDir(changed)
		}
	}
	if err != nil {
		return "", unwritable(filepath.Join(dir, FileName), err)
	}
	return to, nil
}

// walletName is the folder with private keys in clear, while the gates for the wallets are open.
const walletName = "wallet"

// belongings lists what is there of a set-up. The state comes last: as long as it is there, what a crash
// left half-moved still counts as a set-up, and moving it aside again finishes the work.
func belongings(dir string) ([]string, error) {
	names, err := fs.Glob(os.DirFS(dir), backupsName+"/*.yaml")
	for _, name := range []string{VaultName, SealedIdentityName, "export", "handoff", "contract",
		"ordering-service.json", "farol.log", FileName + ".prev", FileName} {
		if _, missing := os.Lstat(filepath.Join(dir, name)); missing == nil {
			names = append(names, name)
		}
	}
	return names, err
}

// room tells whether a folder is one that a crash left unfinished, with none of the names in it.
func room(to string, names []string) bool {
	for _, name := range append(names, FileName) {
		if _, missing := os.Lstat(filepath.Join(to, filepath.Base(name))); missing == nil {
			return false
		}
	}
	return true
}
