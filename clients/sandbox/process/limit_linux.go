package process

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// CanLimitFiles tells whether LimitFiles works on this system.
const CanLimitFiles = true

// LimitFiles makes every write of a running process to a file fail, or lets it write again.
func LimitFiles(r Record, on bool) error {
	if !r.Alive() {
		return os.ErrProcessDone
	}
	var limit unix.Rlimit
	if err := unix.Prlimit(r.PID, unix.RLIMIT_FSIZE, nil, &limit); err != nil {
		return fmt.Errorf("limit of files: %w", err)
	}
	limit.Cur = limit.Max
	if on {
		limit.Cur = 0
	}
	if err := unix.Prlimit(r.PID, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		return fmt.Errorf("limit of files: %w", err)
	}
	return nil
}
