package fabric

import "farol/state/fault"

// telling picks out of two nodes' failures the one that says more about a channel that both were asked for. A node
// that does not host the channel knows least: since Fabric 2.3 each ordering node hosts a selection of its own, so
// another node may have it, even one that is down. A node that forbids it knows most, for it has the channel.
func telling(a, b *fault.Fault) *fault.Fault {
	if a == nil || tells(b) > tells(a) {
		return b
	}
	return a
}

func tells(f *fault.Fault) int {
	switch {
	case f.Code == NotFound:
		return 0
	case f.Code == Forbidden:
		return 4
	case f.Certainty == fault.Refused:
		return 3 // it answered
	case f.Transient:
		return 2 // it may answer later
	}
	return 1
}
