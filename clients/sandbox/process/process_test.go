package process

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sleeper starts a process that would run for an hour.
func sleeper(t *testing.T, f Folder, name string, kind Kind, script string) *Child {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	c, err := Start(f, Spec{Name: name, Kind: kind, Exe: sh, Args: []string{"-c", script}, Dir: dir, Log: filepath.Join(dir, "log")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = Stop(context.Background(), f, c.Record) })
	return c
}

const forever = "while :; do sleep 0.05; done"

func TestRecordsWhatItStarts(t *testing.T) {
	t.Parallel()
	f := Folder(t.TempDir())
	c := sleeper(t, f, "peer1", Peer, forever)
	records, err := f.Records()
	if err != nil || len(records) != 1 {
		t.Fatal(records, err)
	}
	r := records[0]
	if r.PID != c.PID || r.Started == "" || !r.Alive() || r.RSS() == 0 {
		t.Errorf("record %+v of a live process", r)
	}
	if err := Stop(t.Context(), f, r); err != nil {
		t.Fatal(err)
	}
	<-c.Done()
	if r.Alive() {
		t.Error("alive after it was stopped")
	}
	if left, _ := f.Records(); len(left) != 0 {
		t.Errorf("records left: %v", left)
	}
}

func TestNeverSignalsAStrangerWithARecycledPID(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Record){
		"another start time": func(r *Record) { r.Started = "1" },
		"another program":    func(r *Record) { r.Exe = "/usr/bin/never" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := Folder(t.TempDir())
			stranger := sleeper(t, f, "peer1", Peer, forever)
			r := stranger.Record
			spoil(&r)
			if err := f.Save(r); err != nil {
				t.Fatal(err)
			}
			if err := r.Signal(syscall.SIGKILL); err != os.ErrProcessDone {
				t.Errorf("signal: %v", err)
			}
			if err := StopAll(t.Context(), f, func(Record) bool { return true }); err != nil {
				t.Fatal(err)
			}
			if !stranger.Alive() {
				t.Error("the stranger was killed")
			}
			if left, _ := f.Records(); len(left) != 0 {
				t.Error("the stale record is still there")
			}
		})
	}
}

func TestForcesAProcessThatDoesNotListen(t *testing.T) {
	t.Parallel()
	f := Folder(t.TempDir())
	deaf := filepath.Join(t.TempDir(), "deaf")
	c := sleeper(t, f, "deaf", CA, "trap '' TERM; echo >"+deaf+"; "+forever)
	if err := c.Ready(t.Context(), func(context.Context) bool { _, err := os.Stat(deaf); return err == nil }); err != nil {
		t.Fatal(err)
	}
	if err := Stop(t.Context(), f, c.Record); err != nil {
		t.Fatal(err)
	}
	if c.Alive() {
		t.Error("still alive")
	}
}

func TestTellsThatAProcessEndedBeforeItWasReady(t *testing.T) {
	t.Parallel()
	c := sleeper(t, Folder(t.TempDir()), "brief", Orderer, "exit 3")
	err := c.Ready(t.Context(), func(context.Context) bool { return false })
	if err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v does not tell the exit status", err)
	}
}

func TestInheritsNothing(t *testing.T) {
	t.Parallel()
	f, dir := Folder(t.TempDir()), t.TempDir()
	env, err := exec.LookPath("env")
	if err != nil {
		t.Skip(err)
	}
	c, err := Start(f, Spec{Name: "env", Kind: Peer, Exe: env, Env: []string{"HTTPS_PROXY=x"}, Dir: dir, Log: filepath.Join(dir, "log")})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-c.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("env does not end")
	}
	b, err := os.ReadFile(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	want := "PATH=/usr/local/bin:/usr/bin:/bin\nHOME=" + dir + "\nHTTPS_PROXY=x\n"
	if string(b) != want {
		t.Errorf("environment:\n%swant:\n%s", b, want)
	}
}

func TestStopsContractsBeforePeersAndTheRelayLast(t *testing.T) {
	t.Parallel()
	f := Folder(t.TempDir())
	log := filepath.Join(t.TempDir(), "order")
	say := func(name string) string {
		return "trap 'echo " + name + " >>" + log + "; exit' TERM; echo up >>" + log + "." + name + "; " + forever
	}
	for name, kind := range map[string]Kind{"p": Peer, "r": Relay, "k": Contract, "o": Orderer, "c": CA} {
		child := sleeper(t, f, name, kind, say(name))
		if err := child.Ready(t.Context(), func(context.Context) bool { _, err := os.Stat(log + "." + name); return err == nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := StopAll(t.Context(), f, func(Record) bool { return true }); err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(log)
	if got := strings.Join(strings.Fields(string(b)), ""); got != "kpocr" {
		t.Errorf("stopped in the order %q, want k p o c r", got)
	}
}
