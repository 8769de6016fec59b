//go:build unix

package state

import (
	"os"
	"syscall"
)

// ours refuses a file of another user. Root could replace it, but then its owner could not read it any more.
func ours(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Uid) != os.Geteuid() {
		return errOwner
	}
	return nil
}
