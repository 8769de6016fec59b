package sandbox

import (
	"os"
	"testing"
)

// TestMain lets the test binary play the parts of the practice world, as the real program does.
func TestMain(m *testing.M) {
	if handled, exit := Command(os.Args); handled {
		os.Exit(exit)
	}
	os.Exit(m.Run())
}
