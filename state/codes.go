package state

import (
	"errors"
	"io/fs"
	"syscall"

	"farol/state/fault"
)

// Codes of the store. The facts stand behind each.
var (
	CodeAbsent     = fault.Define("state.absent")     // dir: no set-up is there
	CodeExists     = fault.Define("state.exists")     // dir: a set-up is there already
	CodeLocked     = fault.Define("state.locked")     // dir, user, host, pid, since, command: somebody works on it
	CodeUnwritable = fault.Define("state.unwritable") // dir, path, reason: permission, read-only, full, owner, io
	CodeUnreadable = fault.Define("state.unreadable") // path, reason: as above
	CodeNotPlain   = fault.Define("state.not-plain")  // path: a link or a folder where a file should be, or the reverse
	CodeEdited     = fault.Define("state.edited")     // path, serial: readable, but changed by hand
	CodeDamaged    = fault.Define("state.damaged")    // path, and if valid: prev, prev_serial, backup, backup_serial
	CodeNewer      = fault.Define("state.newer")      // path, schema, tool: a newer Farol wrote it
	CodeOvertaken  = fault.Define("state.overtaken")  // dir: somebody else wrote past the lock
	CodeUnfit      = fault.Define("state.unfit")      // dir: what should be saved could not be read back: too large, not text
	CodeClosed     = fault.Define("state.closed")     // dir: saved after Close: a bug
)

// trouble is a fault of the store: nothing of it ever reaches a far side.
func trouble(code fault.Code, facts ...string) *fault.Fault {
	return fault.New(code, facts...).Certain(fault.NotSent)
}

// reason says in one stable word why the file system refused.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "permission"
	case errors.Is(err, syscall.EROFS):
		return "read-only"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "full"
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return "file"
	case errors.Is(err, errOwner):
		return "owner"
	default:
		return "io"
	}
}

// errOwner means that the file belongs to another user: rewriting it would lock that user out.
var errOwner = errors.New("the file belongs to another user")
