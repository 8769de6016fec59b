package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"farol/clients/sandbox"
	"farol/clients/sandbox/binaries/realfabric"
	"farol/state"

	"gopkg.in/yaml.v3"
)

// farol runs the program as a child and gives its exit code and what it printed.
func farol(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	cmd := command(t, args...)
	var b bytes.Buffer
	cmd.Stdout, cmd.Stderr = &b, &b
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), b.String()
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), roleEnv+"=plain")
	return cmd
}

// world brings practice regions up for one test and takes them down after it.
func world(t *testing.T, args ...string) (w *sandbox.World, dir string) {
	t.Helper()
	realfabric.Programs(t)
	dir = t.TempDir()
	if code, out := farol(t, append([]string{"sandbox", "up", "--dir", dir}, args...)...); code != 0 {
		t.Fatalf("sandbox up: exit %d\n%s", code, out)
	}
	t.Cleanup(func() { down(t, dir) })
	w, err := sandbox.Open(filepath.Join(dir, "regions"))
	if err != nil {
		t.Fatal(err)
	}
	return w, dir
}

func down(t *testing.T, dir string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := sandbox.Down(ctx, filepath.Join(dir, "regions")); err != nil {
		t.Error(err)
	}
}

func TestThreeEmptyRegionsBecomeThreePeersThatSurviveTheLossOfOne(t *testing.T) {
	t.Parallel()
	realfabric.Programs(t)
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	t.Cleanup(func() { down(t, dir) })
	code, out := farol(t, "sandbox", "--yes", "--keep", "--dir", dir)
	t.Log(out)
	if code != 0 {
		t.Fatalf("exit %d", code)
	}
	w, err := sandbox.Open(filepath.Join(dir, "regions"))
	if err != nil {
		t.Fatal(err)
	}
	o := newOracle(t, w)
	o.once(ctx, dir)

	f, err := state.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range f.Steps {
		if c.Status != state.Done && !(c.Status == state.Waiting && strings.HasSuffix(c.ID, "/wallet")) {
			t.Errorf("%s is %s; only what a person alone can confirm may wait", c.ID, c.Status)
		}
	}
	v := o.vault(dir)
	for _, name := range v.Names() {
		if s, _ := v.Get(name); !strings.HasSuffix(name, "/certificate") {
			holdsSecret(t, dir, s)
		}
	}

	peers, ledger := o.peers(ctx), o.ledger(dir)
	lost, other := w.Regions[1].ID, w.Regions[2].ID
	if err := w.StopRegion(ctx, lost); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for {
		_, err := ledger.Submit(ctx, peers[other], w.Channel, "basic", "put", "while", lost+" is lost")
		if err == nil {
			break
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("nothing goes through %s while %s is lost: %v", other, lost, err)
		}
	}
	t.Logf("first transaction %.1f s after the loss of %s", time.Since(began).Seconds(), lost)
	if code, out := farol(t, "run", "--yes", "--dir", dir); code != 3 || strings.Contains(out, "The proof holds") {
		t.Errorf("with %s lost, another run ends with %d and says:\n%s", lost, code, out)
	}
	if err := w.StartRegion(ctx, lost); err != nil {
		t.Fatal(err)
	}
	began = time.Now()
	if h := o.agree(ctx, ledger, peers); h != o.wantHeight()+1 {
		t.Errorf("height %d after the return, want %d", h, o.wantHeight()+1)
	}
	t.Logf("equal heights and hashes %.1f s after its return", time.Since(began).Seconds())

	if code, out := farol(t, "run", "--yes", "--dir", dir); code != 0 || !strings.Contains(out, "The proof holds") {
		t.Errorf("with %s back, another run ends with %d and says:\n%s", lost, code, out)
	}
	if code, out := farol(t, "status", "--dir", dir, "--output", "json"); code != 0 || !strings.Contains(out, `"holds": true`) {
		t.Errorf("status: exit %d\n%s", code, out)
	}
	if code, out := farol(t, "sandbox", "down", "--dir", dir); code != 0 {
		t.Errorf("down: exit %d\n%s", code, out)
	}
	if _, err := sandbox.Open(filepath.Join(dir, "regions")); err == nil {
		t.Error("the regions still answer after down")
	}
}

// writeAnswers writes an answers file for practice regions, as somebody would for real ones.
func writeAnswers(t *testing.T, dir string, w *sandbox.World, proxy string, change ...func(*state.Setup)) string {
	t.Helper()
	s := state.Setup{
		Name: "Org1 on trade", Proxy: proxy,
		Organization: state.Organization{Name: "Org1", MSPID: "Org1MSP", CADatabase: state.SQLite, StateDatabase: state.LevelDB},
		Ordering:     state.Ordering{File: w.OrderingFile}, Channel: state.Channel{Name: w.Channel},
		Contract: state.Contract{Name: "basic", Version: "1.0", Sequence: 1, Package: state.SamplePackage}, Mirror: state.AllAll,
	}
	for i, r := range w.Regions {
		file := filepath.Join(dir, r.ID+".secret")
		if err := os.WriteFile(file, []byte(r.APISecret.Expose()), 0o600); err != nil {
			t.Fatal(err)
		}
		s.Regions = append(s.Regions, state.Region{ID: r.ID, Home: i == 0, Console: state.Console{
			URL: r.ConsoleURL, APIKey: r.APIKey, APISecret: state.SecretRef{File: file}, CAFile: w.CAFile}})
	}
	for _, c := range change {
		c(&s)
	}
	b, err := yaml.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "answers.yaml")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
