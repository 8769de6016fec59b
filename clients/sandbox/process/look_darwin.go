package process

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// seen is what the kernel tells about a pid.
type seen struct {
	started string // seconds and microseconds
	exe     string // macOS tells it to cgo only: the start time to the microsecond must do
	dead    bool   // ended, but its parent has not looked yet
}

const zombie = 5 // SZOMB in sys/proc.h

func look(pid int) (seen, error) {
	p, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return seen{}, err
	}
	t := p.Proc.P_starttime
	return seen{started: fmt.Sprintf("%d.%06d", t.Sec, t.Usec), dead: p.Proc.P_stat == zombie}, nil
}

func resident(int) int64 { return 0 }
