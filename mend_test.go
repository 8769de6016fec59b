package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"farol/clients/fabric"
	"farol/clients/sandbox/binaries/realfabric"
	"farol/state"
)

func TestAnOrderingServiceThatCannotBeReachedIsNamedAndMendedInTheFolder(t *testing.T) {
	t.Parallel()
	w, base := world(t, "--latency", "off")
	s := setupOn{t, w, filepath.Join(base, "setup")}
	right, err := os.ReadFile(w.OrderingFile)
	if err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(base, "wrong.json")
	if err := os.WriteFile(wrong, bytes.ReplaceAll(right, []byte("grpcs://orderer"), []byte("grpcs://0rderer")), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out := s.run(func(s *state.Setup) { s.Ordering.File = wrong })
	says(t, code, out, 3, "check ordering service", "What", "Do", "0rderer")
	if err := os.WriteFile(filepath.Join(s.dir, "ordering-service.json"), right, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out = s.run() // these answers name another file than those that the set-up began with
	says(t, code, out, 2, "other answers")
	go admit(t.Context(), w, s.dir, t.Context().Done())
	code, out = s.again()
	says(t, code, out, 0, "The proof holds")
	newOracle(t, w).once(t.Context(), s.dir)
}

func TestAChannelThatTheOrderingServiceDoesNotKnowIsNamedAndMendedInTheFile(t *testing.T) {
	t.Parallel()
	w, base := world(t, "--latency", "off")
	s := setupOn{t, w, filepath.Join(base, "setup")}
	code, out := s.run(func(s *state.Setup) { s.Channel.Name = "nosuch" })
	says(t, code, out, 3, "nosuch", "What", "Do")
	file := filepath.Join(s.dir, state.FileName)
	saved, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.ReplaceAll(saved, []byte("name: nosuch"), []byte("name: "+w.Channel)), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out = s.again()
	says(t, code, out, 6, "--accept-edited")
	go admit(t.Context(), w, s.dir, t.Context().Done())
	code, out = farol(t, "run", "--yes", "--dir", s.dir, "--accept-edited", "--vault-identity", filepath.Join(s.dir, identityFile))
	says(t, code, out, 0, "The proof holds")
}

func TestAPackageGivenByItsPathReachesThePeersByteForByte(t *testing.T) {
	t.Parallel()
	w, base := world(t, "--latency", "off")
	s := setupOn{t, w, filepath.Join(base, "setup")}
	pkg, _, err := fabric.PackageSample("harbour_2.7")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(base, "harbour.tar.gz")
	if err := os.WriteFile(file, pkg, 0o600); err != nil {
		t.Fatal(err)
	}
	go admit(t.Context(), w, s.dir, t.Context().Done())
	code, out := s.run(func(s *state.Setup) {
		s.Contract = state.Contract{Name: "harbour", Version: "2.7", Sequence: 1, Package: file}
	})
	says(t, code, out, 0, "The proof holds")
	sum := sha256.Sum256(pkg)
	want := "harbour_2.7:" + hex.EncodeToString(sum[:])
	o := newOracle(t, w)
	for region, peer := range o.peers(t.Context()) {
		installed, err := o.ledger(s.dir).Installed(t.Context(), peer)
		if err != nil || len(installed) != 1 || installed[0].PackageID != want {
			t.Errorf("%s has %v (%v), want %s", region, installed, err, want)
		}
	}
}

func TestPracticeRunsWithoutATerminalAndSpeaksJSON(t *testing.T) {
	t.Parallel()
	realfabric.Programs(t)
	dir := t.TempDir()
	t.Cleanup(func() { down(t, dir) })
	cmd := command(t, "sandbox", "--yes", "--latency", "off", "--output", "json", "--dir", dir, "--regions", "us-south,eu-de")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	ended := map[string]string{}
	for l := range strings.Lines(out.String()) {
		var e struct{ Event, Step, Status string }
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			t.Fatalf("not a line of JSON: %q", l)
		}
		if e.Event == "step-ended" {
			ended[e.Step] = e.Status
		}
	}
	for _, step := range []string{"us-south/ca", "eu-de/peer", "all/proof/ledger", "all/handoff/admitted"} {
		if ended[step] != "done" {
			t.Errorf("%s ended as %q", step, ended[step])
		}
	}
	for format, want := range map[string]string{"table": "Open gates", "json": `"id": "eu-de/peer"`, "yaml": "id: eu-de/peer"} {
		if code, out := farol(t, "status", "--dir", dir, "--output", format); code != 0 || !strings.Contains(out, want) {
			t.Errorf("status --output %s: exit %d, without %q:\n%s", format, code, want, out)
		}
	}
}

func TestASetupThatCannotBeReadIsNeverTouched(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func([]byte) []byte
		want  []string
	}{
		{"cut in half", func(b []byte) []byte { return b[:len(b)/2] }, []string{"damaged", "Do"}},
		{"of a newer schema", func(b []byte) []byte {
			return bytes.Replace(bytes.Replace(b, []byte("min_reader: 1"), []byte("min_reader: 99"), 1), []byte("schema: 1"), []byte("schema: 99"), 1)
		}, []string{"newer"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			store, err := state.Create(dir, state.Setup{Name: "Org1 on trade", Regions: []state.Region{{ID: "us-south", Home: true}}}, state.Options{Tool: "test"})
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, state.FileName)
			whole, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			spoilt := tt.spoil(whole)
			if bytes.Equal(spoilt, whole) {
				t.Fatal("the file is not spoilt")
			}
			if err := os.WriteFile(file, spoilt, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"run", "--yes"}, {"status"}} {
				code, out := farol(t, append(args, "--dir", dir)...)
				if code != 6 {
					t.Errorf("%v: exit %d, want 6\n%s", args, code, out)
				}
			}
			if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, spoilt) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestAMachineThatCannotRunFabricIsToldWhatIsMissing(t *testing.T) {
	t.Parallel()
	t.Run("no gcc", func(t *testing.T) {
		t.Parallel()
		tools, cache := t.TempDir(), t.TempDir()
		goTool, err := exec.LookPath("go")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(goTool, filepath.Join(tools, "go")); err != nil {
			t.Fatal(err)
		}
		cmd := command(t, "sandbox", "up", "--dir", filepath.Join(cache, "world"))
		cmd.Env = append(cmd.Env, "PATH="+tools, "XDG_CACHE_HOME="+cache, "CC=", "FAROL_FABRIC_BIN=")
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Error("it started without a C compiler")
		}
		says(t, cmd.ProcessState.ExitCode(), string(out), 3, "C compiler", "gcc", "--bin")
	})
	t.Run("no address but loopback", func(t *testing.T) {
		t.Parallel()
		if err := exec.CommandContext(t.Context(), "unshare", "-n", "true").Run(); err != nil {
			t.Skip("SKIPPED: this user may not make a network of its own")
		}
		inner := command(t, "sandbox", "up", "--dir", t.TempDir())
		cmd := exec.CommandContext(t.Context(), "unshare", append([]string{"-n"}, inner.Args...)...)
		cmd.Env = inner.Env
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Error("it started without an address")
		}
		says(t, cmd.ProcessState.ExitCode(), string(out), 3, "loopback", "IPv4")
	})
	t.Run("a folder that cannot be", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"sandbox", "up"}, {"sandbox", "--yes"}} {
			code, out := farol(t, append(args, "--dir", filepath.Join(file, "x"))...)
			says(t, code, out, 3, "cannot be saved", "a file, not a folder")
		}
	})
}
