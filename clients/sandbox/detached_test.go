package sandbox

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"farol/clients/sandbox/binaries"
	"farol/clients/sandbox/process"
	"farol/state/fault"
)

// orderers is how many there usually are: the fewest that survive the loss of one.
const orderers = 3

// stubs makes programs that start and never get ready, for tests that need no Fabric.
func stubs(t *testing.T, dir string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{binaries.Peer, binaries.Orderer, binaries.CAServer} {
		if err := copyProgram(self, filepath.Join(dir, p)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheWorldOutlivesItsParentAndTheProgramThatWasStarted(t *testing.T) {
	t.Parallel()
	needsAddress(t)
	dir := t.TempDir()
	stubs(t, filepath.Join(dir, "stubs"))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	original := filepath.Join(t.TempDir(), "farol")
	if err := copyProgram(self, original); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := Down(context.Background(), dir); err != nil {
			t.Error(err)
		}
	})
	parent := exec.Command(original)
	parent.Env = append(os.Environ(), parentEnv+"="+dir)
	said, err := parent.CombinedOutput() // ends although the daemon runs on: it holds none of the parent's pipes
	if err != nil || !strings.Contains(string(said), "context canceled") {
		t.Fatalf("the parent said %q, %v", said, err)
	}
	if err := os.Remove(original); err != nil {
		t.Fatal(err)
	}
	r, _, err := load(folder(dir))
	if err != nil {
		t.Fatalf("the daemon is gone: %v", err)
	}
	within(t, 10*time.Second, func() bool {
		s, err := r.world(folder(dir)).Status(t.Context())
		return err == nil && !s.Ready && alive(s.Processes, process.Relay) == 1 && alive(s.Processes, process.Orderer) == orderers
	})
	if _, err := Open(dir); !fault.Is(err, NotRunning) {
		t.Errorf("a world that is not ready opened with %v", err)
	}
	if err := Down(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, dir)
}

func alive(all []Process, kind process.Kind) (n int) {
	for _, p := range all {
		if p.Kind == kind && p.Alive {
			n++
		}
	}
	return n
}

// nothingLeft proves that a world which was there has left no process and no lock; ports
// go with their processes.
func nothingLeft(t *testing.T, dir string) {
	t.Helper()
	if left, _ := folder(dir).run().Records(); len(left) > 0 {
		t.Errorf("records left: %v", left)
	}
	if !free(t.Context(), folder(dir), time.Second) {
		t.Error("the lock is held")
	}
	if _, err := Open(dir); !fault.Is(err, NotRunning) {
		t.Errorf("Open: %v", err)
	}
	for _, p := range livesIn(dir) {
		t.Errorf("still runs: %s", p)
	}
}

func within(t *testing.T, limit time.Duration, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within %s", limit)
}

func needsAddress(t *testing.T) {
	t.Helper()
	if err := binaries.ThisMachine().CanRun(); err != nil {
		skip(t, err.Error())
	}
}

// skip leaves a test out loudly, or fails it where everything must run.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("FAROL_REQUIRE_FABRIC") != "" {
		t.Fatal(why)
	}
	t.Skip("SKIPPED, the practice world is not tested: " + why)
}

func TestTellsWhyItDidNotStart(t *testing.T) {
	t.Parallel()
	needsAddress(t)
	dir := t.TempDir()
	stubs(t, filepath.Join(dir, "stubs"))
	truth, err := exec.LookPath("true")
	if err != nil {
		t.Skip(err)
	}
	if err := copyProgram(truth, filepath.Join(dir, "stubs", binaries.Orderer)); err != nil { // an orderer that ends at once
		t.Fatal(err)
	}
	_, err = Up(t.Context(), Options{Dir: dir, Regions: []string{"a", "b"}, Bin: filepath.Join(dir, "stubs")}, nil)
	f, ok := fault.Of(err)
	if !ok || f.Code != Failed || f.Facts["log"] == "" || !strings.Contains(err.Error(), "ended before it was ready") {
		t.Errorf("error %v, want %s with the log and the cause", err, Failed)
	}
	if left, _ := folder(dir).run().Records(); len(left) > 0 {
		t.Errorf("records left: %v", left)
	}
}
