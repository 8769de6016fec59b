package sandbox

import (
	"context"
	"errors"
	"net"
	"strconv"
	"syscall"
	"time"

	"farol/clients/sandbox/process"
	"farol/clients/sandbox/relay"
)

// firstSecond is how long a process lives that dies young.
const firstSecond = time.Second

// held implements troubles.
func (x *faults) held(s process.Spec) bool {
	return s.Kind == process.CA && x.has(CADown, s.Region) ||
		s.Kind == process.Peer && x.has(DiskFull, s.Region) && !process.CanLimitFiles
}

// doomed implements troubles.
func (x *faults) doomed(s process.Spec) bool {
	return s.Kind == process.Peer && (x.has(DiskFull, s.Region) || x.has(DiesYoung, s.Region))
}

// born implements troubles.
func (x *faults) born(c *process.Child, s process.Spec) {
	if s.Kind != process.Peer {
		return
	}
	if x.has(DiskFull, s.Region) {
		x.fill(c.Record, true)
	}
	time.AfterFunc(firstSecond, func() {
		if x.has(DiesYoung, s.Region) {
			_ = c.Signal(syscall.SIGKILL)
		}
	})
}

// fill makes the writes of a process fail, or succeed again. The kernel says "file too large" instead of "no space
// left", because a limit needs neither a file system of its own nor the rights to make one.
func (x *faults) fill(r process.Record, full bool) {
	if err := process.LimitFiles(r, full); err != nil && r.Alive() {
		x.d.log.Error("full disk", "process", r.Name, "error", err)
	}
}

// applyToNodes does what a fault of nodes needs beyond being marked.
func (x *faults) applyToNodes(ctx context.Context, f Fault, region string, on bool) error {
	crew := x.d.crew
	switch f {
	case CADown:
		if on {
			return crew.stop(ctx, region, process.CA)
		}
		return crew.mend(ctx, region, process.CA)
	case CALocks:
		if on {
			return x.d.region(region).nodes.lock(ctx)
		}
		return x.d.region(region).nodes.unlock(ctx)
	case NeverHealthy:
		return x.infirm(region, on)
	case DiskFull:
		if on && !process.CanLimitFiles {
			return crew.stop(ctx, region, process.Peer)
		}
		records, err := x.d.dir.run().Records()
		if err != nil {
			return err
		}
		for _, r := range records {
			if r.Region == region && r.Kind == process.Peer && r.Alive() {
				x.fill(r, on)
			}
		}
		if on {
			return nil
		}
		err = crew.stop(ctx, region, process.Peer) // a database does not trust itself after a write that failed
		return errors.Join(err, crew.mend(ctx, region, process.Peer))
	case DiesYoung:
		var err error
		if on {
			err = crew.stop(ctx, region, process.Peer)
		}
		return errors.Join(err, crew.mend(ctx, region, process.Peer))
	}
	return nil
}

// infirm puts a bad health check before the peers of a region, or takes it away.
func (x *faults) infirm(region string, on bool) error {
	if on {
		if err := x.openSickbay(region); err != nil {
			return err
		}
	}
	return x.d.network.renew()
}

// bend is for network.bend: the way to a peer's health check leads to the sickbay.
func (x *faults) bend(name string, to relay.Route, known func(string) bool) relay.Route {
	host, port, err := net.SplitHostPort(name)
	if err == nil && port == strconv.Itoa(operationsPort) && known(at(host, peerPort)) && x.has(NeverHealthy, to.Region) {
		to.Addr = x.sickbay(to.Region)
	}
	return to
}
