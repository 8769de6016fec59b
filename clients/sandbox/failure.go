package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"farol/state/fault"
)

// saveFailure tells the program that waits why the daemon gave up. Nothing listens any more by then.
func saveFailure(dir folder, err error) error {
	b, marshalErr := json.Marshal(packFault(err))
	return errors.Join(marshalErr, replace(dir.failure(), b))
}

// readFailure is why the daemon gave up, as far as it could tell.
func readFailure(dir folder) error {
	var w wireFault
	if b, err := os.ReadFile(dir.failure()); err == nil {
		_ = json.Unmarshal(b, &w)
	}
	return failed(dir, w.unpack())
}

// failed turns an error that has no code into a fault that points to the log.
func failed(dir folder, err error) error {
	if _, coded := fault.Of(err); err == nil || coded || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fault.New(Failed, "log", dir.log("daemon")).Because(err)
}
