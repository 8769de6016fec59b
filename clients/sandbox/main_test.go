package sandbox

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"farol/clients/sandbox/binaries"
)

// parentEnv makes the test binary a program that starts the practice world in the named folder and ends before it
// is ready.
const parentEnv = "FAROL_TEST_PARENT"

// TestMain lets the test binary play the parts of the practice world, as the real program does, and two more: a
// parent that goes away, and an orderer that never gets ready.
func TestMain(m *testing.M) {
	if handled, exit := Command(os.Args); handled {
		os.Exit(exit)
	}
	if filepath.Base(os.Args[0]) == binaries.Orderer {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		defer stop()
		<-ctx.Done()
		os.Exit(0)
	}
	if dir := os.Getenv(parentEnv); dir != "" {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Minute, cancel)
		_, err := Up(ctx, Options{Dir: dir, Regions: []string{"a", "b"}, Bin: filepath.Join(dir, "stubs")}, func(p Progress) {
			if p.Phase == Starting {
				cancel() // the relay serves: go away in the middle
			}
		})
		fmt.Println(err)
		os.Exit(0)
	}
	os.Exit(m.Run())
}
