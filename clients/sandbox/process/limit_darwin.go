package process

import "errors"

// CanLimitFiles tells whether LimitFiles works on this system. Here a process can only limit itself.
const CanLimitFiles = false

// LimitFiles is not possible here.
func LimitFiles(Record, bool) error { return errors.ErrUnsupported }
