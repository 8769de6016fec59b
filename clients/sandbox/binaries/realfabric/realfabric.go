// Package realfabric gives tests the real programs of Fabric. Only tests import it.
package realfabric

import (
	"os"
	"testing"

	"farol/clients/sandbox/binaries"
)

// Programs gives the folder with peer, orderer and fabric-ca-server, and builds them when the cache has none.
// Where real Fabric cannot run, the test is skipped aloud, unless FAROL_REQUIRE_FABRIC forbids skipping.
func Programs(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: needs real Fabric, left out by -short")
	}
	machine := binaries.ThisMachine()
	cache, err := binaries.Cache()
	if err != nil {
		t.Fatal(err)
	}
	err = machine.CanRun()
	if err == nil {
		var dir string
		dir, err = binaries.Finder{Bin: os.Getenv("FAROL_FABRIC_BIN"), Cache: cache, Machine: machine}.Find(t.Context())
		if err == nil {
			return dir
		}
	}
	if os.Getenv("FAROL_REQUIRE_FABRIC") != "" {
		t.Fatalf("real Fabric cannot run here: %v", err)
	}
	t.Skipf("SKIPPED: real Fabric cannot run here: %v", err)
	return ""
}
