package state

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gofrs/flock"
)

// lockName is the sidecar that carries the lock. It is never renamed nor deleted: a lock on a file that is
// replaced at every save would protect nothing (reliability.md finding 4).
const lockName = "farol.lock"

// patience is how long a held lock is tried again. LockOwner takes it for an instant to see whether it is free.
const patience = 250 * time.Millisecond

// lock is the right to write in a set-up's folder.
type lock struct {
	path string
	held *flock.Flock
}

// acquire takes the lock of a folder and writes down who has it.
func acquire(dir string, o Options) (*lock, error) {
	path := filepath.Join(dir, lockName)
	if err := regular(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l := &lock{path: path, held: flock.New(path)}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ok, err := l.held.TryLockContext(ctx, patience/25)
	switch {
	case err != nil && !errors.Is(err, context.DeadlineExceeded):
		return nil, unwritable(path, err)
	case !ok:
		return nil, locked(dir, readOwner(path))
	}
	data, err := json.Marshal(Owner{Author: author(), PID: os.Getpid(), Command: o.Command, Since: o.now()})
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		return nil, errors.Join(unwritable(path, err), l.release())
	}
	sweep(dir)
	return l, nil
}

// release empties the sidecar and lets the lock go.
func (l *lock) release() error {
	_ = os.Truncate(l.path, 0) // so that a name in a free lock tells of a run that ended abruptly
	return l.held.Unlock()
}

func locked(dir string, w Owner) error {
	return trouble(CodeLocked, "dir", dir, "user", w.User, "host", w.Host, "pid", strconv.Itoa(w.PID),
		"since", w.Since.Format(time.RFC3339), "command", w.Command).Later()
}

// LockOwner tells who holds the lock of a folder right now.
func LockOwner(dir string) (*Owner, bool) {
	path := filepath.Join(dir, lockName)
	probe := flock.New(path, flock.SetFlag(os.O_RDONLY))
	free, err := probe.TryRLock()
	if err != nil { // no lock was ever taken here, or it is not ours to see
		return nil, false
	}
	if free {
		_ = probe.Unlock()
		return nil, false
	}
	w := readOwner(path)
	return &w, true
}

// readOwner reads who wrote the sidecar. The lock counts, not its content: a broken one gives no names.
func readOwner(path string) Owner {
	var w Owner
	if data, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(data, &w)
	}
	return w
}

// author is the person who runs this process.
func author() Author {
	a := Author{User: os.Getenv("USER")}
	if u, err := user.Current(); err == nil {
		a.User = u.Username
	}
	a.Host, _ = os.Hostname()
	return a
}
