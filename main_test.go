package main

import (
	"os"
	"testing"

	"farol/clients/sandbox"
)

// The test binary plays Farol itself: the sandbox copies it for its background processes, and the tests of
// crashes start it as the wizard that is killed.
func TestMain(m *testing.M) {
	if handled, code := sandbox.Command(os.Args); handled {
		os.Exit(code)
	}
	if os.Getenv(roleEnv) != "" {
		os.Exit(run(os.Args[1:], childApp()))
	}
	os.Exit(m.Run())
}

// roleEnv makes the test binary behave as Farol. Its value is empty for a plain one, or tells the ops at
// whose mutation it asks its parent what to do.
const roleEnv = "FAROL_TEST_ROLE"
