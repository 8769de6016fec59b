package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"farol/clients/sandbox"
	"farol/ui/text"
)

func TestEveryFaultOfTheMenuHasWordsAndNoOther(t *testing.T) {
	t.Parallel()
	words := text.English.Commands.Faults
	for _, f := range sandbox.Faults() {
		if words[string(f)] == "" {
			t.Errorf("%s has no words", f)
		}
	}
	if len(words) != len(sandbox.Faults()) {
		t.Errorf("%d faults are worded, and %d are there", len(words), len(sandbox.Faults()))
	}
}

func TestTheMenuOfFaultsIsShownWithoutRegions(t *testing.T) {
	t.Parallel()
	code, out := farol(t, "sandbox", "fault", "list", "--dir", t.TempDir())
	says(t, code, out, 0, "answer-lost", "black-hole")
	code, out = farol(t, "sandbox", "fault", "on", "stop", "--dir", t.TempDir())
	says(t, code, out, 3, "No practice regions run here", "farol sandbox up")
	code, out = farol(t, "sandbox", "fault", "on", "--dir", t.TempDir())
	says(t, code, out, 2)
	code, out = farol(t, "sandbox", "fault", "onn", "--dir", t.TempDir())
	says(t, code, out, 2)
}

func TestAPersonBringsFaultsOverTheRegionsAndSeesWhoIsConnected(t *testing.T) {
	t.Parallel()
	w, dir := world(t, "--latency", "off")
	fault := func(want int, args ...string) string {
		t.Helper()
		code, out := farol(t, append([]string{"sandbox", "fault", "--dir", dir}, args...)...)
		if code != want {
			t.Errorf("%v: exit %d, want %d\n%s", args, code, want, out)
		}
		return out
	}
	for _, want := range []string{"acmeordering1", "us-south", "orderer2.us-east.farol.test:7050", "raft", "open"} {
		if table := fault(0); !strings.Contains(table, want) {
			t.Errorf("the table has no %q:\n%s", want, table)
		}
	}
	if out := fault(0, "on", "black-hole", "--region", "us-east"); !strings.Contains(out, "black-hole") || !strings.Contains(out, "us-east") {
		t.Errorf("said %q", out)
	}
	fault(0, "on", "slow-console") // at home
	if out := fault(0, "list"); column(out, "black-hole") != "us-east" || column(out, "slow-console") != "us-south" || column(out, "stop") != "-" {
		t.Errorf("the list shows\n%s", out)
	}
	if table := fault(0); !strings.Contains(table, "silent") {
		t.Errorf("nobody is silent:\n%s", table)
	}
	var all []sandbox.Connection
	if err := json.Unmarshal([]byte(fault(0, "--output", "json")), &all); err != nil || len(all) == 0 {
		t.Errorf("%d connections as JSON: %v", len(all), err)
	}
	if out := fault(2, "on", "earthquake"); !strings.Contains(out, "earthquake") || !strings.Contains(out, "black-hole") {
		t.Errorf("said %q", out)
	}
	fault(2, "on", "stop", "--region", "mars")
	fault(0, "back", "--region", "us-east")
	fault(0, "off", "all")
	s, err := w.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Regions {
		if len(r.Faults) > 0 {
			t.Errorf("%s is left with %v", r.ID, r.Faults)
		}
	}
}

func TestTheTableOfConnectionsIsPrintedAgainUntilItIsInterrupted(t *testing.T) {
	t.Parallel()
	_, dir := world(t, "--latency", "off")
	cmd := command(t, "sandbox", "fault", "--watch", "--dir", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tables := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "WHO ") {
			if tables++; tables == 2 {
				if err := cmd.Process.Signal(os.Interrupt); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := cmd.Wait(); err != nil || tables < 2 {
		t.Errorf("%d tables, then %v", tables, err)
	}
}

// column is the second column of the line that begins with a word.
func column(out, first string) string {
	for l := range strings.Lines(out) {
		if f := strings.Fields(l); len(f) > 1 && f[0] == first {
			return f[1]
		}
	}
	return ""
}
