package steps

import "time"

// ConsoleTest is what a look at one console found, before anything is changed.
type ConsoleTest struct {
	Version   string        // of the console
	RoundTrip time.Duration // of one small request
	Roles     []string      // of the API key: reader, writer, manager
	Instance  string        // the console's own id; two regions with the same one are one console
}

// GateInfo is what a person needs at a gate.
type GateInfo struct {
	Who   string   // "ordering administrator" or "you": a code worded by ui/text
	Files []string // absolute paths of what to send or to upload
	Facts map[string]string
}
