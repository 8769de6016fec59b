package sandbox

import (
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
	b, err := os.ReadFile(dir.failure())
	if err == nil && json.Unmarshal(b, &w) == nil && w.Code != "" {
		return w.unpack()
	}
	return fault.New(Failed, "log", dir.log("daemon")).Because(errors.New(w.Cause))
}
