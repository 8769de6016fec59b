package state

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"farol/state/fault"
)

// TestMain lets the test binary also be the other process: FAROL_STATE_CHILD names what it does in which folder.
func TestMain(m *testing.M) {
	if what := os.Getenv("FAROL_STATE_CHILD"); what != "" {
		child(what, os.Getenv("FAROL_STATE_DIR"))
		return
	}
	os.Exit(m.Run())
}

func child(what, dir string) {
	in := bufio.NewReader(os.Stdin)
	wait := func() { _, _ = in.ReadString('\n') }
	switch {
	case what == "open": // waits for a line, opens, says how it went, holds the lock until the next line
		wait()
		s, err := Open(dir, Options{Command: "farol run"})
		if f, ok := fault.Of(err); ok {
			fmt.Println(f.Code, f.Facts["pid"])
			return
		}
		fmt.Println("open", os.Getpid())
		wait()
		_ = s.Close()
	case strings.HasPrefix(what, "die:"): // is killed right before the n-th operation of one save
		n, _ := strconv.Atoi(what[len("die:"):])
		s, err := Open(dir, Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		s.opts.disk.before = func(string, string) error {
			if n--; n == 0 {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			}
			return nil
		}
		fmt.Println(s.Update(func(f *File) { f.Setup.Name = "new" }))
	}
}

// process is a child of a test.
type process struct {
	*exec.Cmd
	out *bufio.Reader
	in  interface{ Write([]byte) (int, error) }
}

func start(t *testing.T, what, dir string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0])}
	p.Env = append(os.Environ(), "FAROL_STATE_CHILD="+what, "FAROL_STATE_DIR="+dir)
	in, err := p.StdinPipe()
	must(t, err)
	out, err := p.StdoutPipe()
	must(t, err)
	p.in, p.out = in, bufio.NewReader(out)
	must(t, p.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = p.Process.Kill()
		_ = p.Wait()
	})
	return p
}

func (p *process) enter() { _, _ = p.in.Write([]byte("\n")) }

func (p *process) line(t *testing.T) string {
	t.Helper()
	s, err := p.out.ReadString('\n')
	must(t, err)
	return strings.TrimSpace(s)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantCode fails unless err is a fault with this code, and gives it.
func wantCode(t *testing.T, err error, code fault.Code) *fault.Fault {
	t.Helper()
	f, ok := fault.Of(err)
	if !ok || f.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	if f.Certainty != fault.NotSent {
		t.Errorf("%s: certainty %v: nothing of the store reaches a far side", code, f.Certainty)
	}
	return f
}

// sample is a set-up as people have it.
func sample() Setup {
	return Setup{
		Name: "Org1 on trade",
		Regions: []Region{
			{ID: "us-south", Home: true, Peer: "org1ussouthpeer1", Console: Console{URL: "https://console.us-south.example", APIKey: "k1"}},
			{ID: "us-east", Peer: "org1useastpeer1", Console: Console{URL: "https://console.us-east.example", APIKey: "k2"}},
		},
		Organization: Organization{Name: "Org1", MSPID: "Org1MSP", CADatabase: SQLite, StateDatabase: CouchDB},
		Channel:      Channel{Name: "trade"},
		Contract:     Contract{Name: "basic", Version: "1.0", Sequence: 1, Package: SamplePackage},
		Mirror:       AllAll,
	}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func options() Options {
	return Options{Tool: "1.0.0", Command: "farol", Now: func() time.Time { return noon }}
}

// begun creates a set-up in a new folder, which is closed at the end.
func begun(t *testing.T) *Store {
	t.Helper()
	s, err := Create(filepath.Join(t.TempDir(), "set-up"), sample(), options())
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// left creates a set-up with a few saves behind it, and closes it.
func left(t *testing.T, saves int) (dir string) {
	t.Helper()
	s := begun(t)
	for range saves {
		must(t, s.Update(func(f *File) { f.Steps = append(f.Steps, step(len(f.Steps))) }))
	}
	must(t, s.Close())
	return s.Dir()
}

func step(n int) Checkpoint {
	return Checkpoint{ID: "us-east/step/" + strconv.Itoa(n), Row: "1.7", Stage: "peers", Region: "us-east", Status: Doing,
		Attempts: 1, Started: noon, Intent: &Intent{Op: "peer.create", Target: "org1useastpeer1", At: noon},
		Evidence: map[string]string{"url": "https://peer.example:7051", "state": "deploying"},
		Error:    &Failure{Code: "wire.timeout", Facts: map[string]string{"host": "peer.example"}, At: noon}}
}

func bytesOf(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return data
}

// spoil replaces a part of a file.
func spoil(t *testing.T, path, from, to string) {
	t.Helper()
	old := bytesOf(t, path)
	data := bytes.Replace(old, []byte(from), []byte(to), 1)
	if bytes.Equal(old, data) {
		t.Fatalf("%s has no %q", path, from)
	}
	must(t, os.WriteFile(path, data, 0o600))
}
