package main

import (
	"path/filepath"
	"strings"
	"testing"

	"farol/clients/sandbox"
	"farol/clients/sandbox/binaries/realfabric"
	"farol/state"
)

func TestWhatNoPracticeCanHaveIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	var six strings.Builder
	six.WriteString("regions:\n")
	for _, id := range []string{"us-south", "us-east", "ca-tor", "eu-de", "eu-gb", "jp-tok"} {
		six.WriteString("  - {id: " + id + "}\n")
	}
	many, _ := ownAnswers(t, six.String())
	bad, _ := ownAnswers(t, strings.Replace(own, "freight", "Freight", 1))
	answers, _ := ownAnswers(t, own)
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"--like", many}, []string{"6", "--thin", "10"}},
		{[]string{"up", "--like", many}, []string{"6", "--thin", "10"}},
		{[]string{"up", "--regions", "us-south,us-east,ca-tor,eu-de,eu-gb,jp-tok"}, []string{"6", "--thin"}},
		{[]string{"up", "--regions", "us-south"}, []string{"1", "2 to 5"}},
		{[]string{"up", "--regions", "us-south,us-south"}, []string{"us-south us-south"}},
		{[]string{"--like", bad}, []string{"Freight"}},
		{[]string{"--like", filepath.Join(t.TempDir(), "none.yaml")}, []string{"none.yaml"}},
		{[]string{"--like", answers, "--regions", "us-south,us-east"}, []string{"--like", "--regions"}},
		{[]string{"up", "--orderers", "2-2-2"}, []string{"--orderers", "2-2-2", "3-1-1"}},
		{[]string{"up", "--consoles", "none"}, []string{"--consoles", "none", "import-only"}},
	} {
		code, out := farol(t, append([]string{"sandbox", "--dir", t.TempDir()}, c.args...)...)
		says(t, code, out, 2, c.says...)
		if strings.Contains(out, "building") {
			t.Errorf("%v began to build", c.args)
		}
	}
}

func TestAConsoleThatCanOnlyImportIsNamedWithItsRegion(t *testing.T) {
	t.Parallel()
	realfabric.Programs(t)
	dir := t.TempDir()
	t.Cleanup(func() { down(t, dir) })
	code, out := farol(t, "sandbox", "--yes", "--latency", "off", "--dir", dir, "--regions", "us-south,us-east", "--consoles", "import-only")
	says(t, code, out, 3, "The console of us-east can only import, not create.", "Give this region a console that can create nodes")
	if strings.Contains(out, "The console of us-south can only") {
		t.Errorf("the home region's console can create\n%s", out)
	}
	f, err := state.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	status := map[string]state.Status{}
	for _, c := range f.Steps {
		status[c.ID] = c.Status
	}
	if status["us-east/console"] != state.Failed || status["us-south/console"] != state.Done || status["us-south/peer"] != state.Done {
		t.Errorf("us-east is %s, home %s with its peer %s", status["us-east/console"], status["us-south/console"], status["us-south/peer"])
	}
}

func TestWhatRunsIsAttachedToWithoutNamingItsKind(t *testing.T) {
	t.Parallel()
	w, dir := world(t, "--latency", "off", "--thin", "--orderers", "one", "--regions", "us-south,us-east,ca-tor,eu-de,eu-gb,jp-tok")
	code, out := farol(t, "sandbox", "up", "--dir", dir, "--latency", "off")
	says(t, code, out, 0, "practice regions are up", "jp-tok")
	again, err := sandbox.Open(w.Dir)
	if err != nil || again.Regions[0].APIKey != w.Regions[0].APIKey {
		t.Errorf("these are other regions: %v", err)
	}
	code, out = farol(t, "sandbox", "up", "--dir", dir, "--latency", "off", "--orderers", "3-1-1")
	says(t, code, out, 3, "Other practice regions run already", "3-1-1")
}
