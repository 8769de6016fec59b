package process

import (
	"context"
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

// patience is how long a process may take to end by itself. Fabric's need under 50 ms.
const patience = 5 * time.Second

// Stop asks the very process of the record to end, forces it when it does not, and forgets the record.
// A pid that passed on to a stranger is never signalled.
func Stop(ctx context.Context, f Folder, r Record) error {
	for _, try := range []struct {
		sig   syscall.Signal
		limit time.Duration
	}{{syscall.SIGTERM, patience}, {syscall.SIGKILL, patience}} {
		err := r.Signal(try.sig)
		if errors.Is(err, os.ErrProcessDone) {
			return f.Forget(r.Name)
		}
		if err != nil {
			return err
		}
		if Gone(ctx, r, try.limit) {
			return f.Forget(r.Name)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.New(r.Name + " does not end")
}

// Gone waits until the very process of the record has ended, and tells whether it has.
func Gone(ctx context.Context, r Record, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for r.Alive() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// StopAll ends every process that wanted picks, kind by kind, those of one kind at the same time.
func StopAll(ctx context.Context, f Folder, wanted func(Record) bool) error {
	records, err := f.Records()
	if err != nil {
		return err
	}
	var failed []error
	for _, kind := range stopOrder {
		var wait sync.WaitGroup
		errs := make([]error, len(records))
		for i, r := range records {
			if r.Kind == kind && wanted(r) {
				wait.Go(func() { errs[i] = Stop(ctx, f, r) })
			}
		}
		wait.Wait()
		failed = append(failed, errs...)
	}
	return errors.Join(failed...)
}
