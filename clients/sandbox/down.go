package sandbox

import (
	"context"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"farol/clients/sandbox/process"
	"farol/state/fault"
)

// downLimit is how long a daemon may take to end its world by itself.
const downLimit = 30 * time.Second

// Down ends the world in a folder: its daemon when it runs, or what a killed daemon left. A folder without a world
// is no error.
func Down(ctx context.Context, dir string) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	f := folder(abs)
	if !exists(abs) {
		return nil
	}
	if r, daemon, err := load(f); err == nil {
		asked := r.world(f).control.call(ctx, "POST", "/down", nil, nil) == nil
		if !asked || !process.Gone(ctx, daemon, downLimit) {
			if err := process.Stop(ctx, f.run(), daemon); err != nil {
				return failed(f, err)
			}
		}
	}
	lock := flock.New(f.lock())
	if !take(ctx, lock, time.Second) {
		return fault.New(NotAnswering, "dir", abs).Because(ctx.Err()) // hangs, or is started anew right now
	}
	defer lock.Close()
	return failed(f, clean(ctx, f))
}

// free waits until no daemon holds the folder.
func free(ctx context.Context, f folder, limit time.Duration) bool {
	lock := flock.New(f.lock())
	return take(ctx, lock, limit) && lock.Close() == nil
}

// take waits for a lock.
func take(ctx context.Context, lock *flock.Flock, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	got, err := lock.TryLockContext(ctx, 10*time.Millisecond)
	return got && err == nil
}
