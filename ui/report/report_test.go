package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"farol/state"
	"farol/steps"
	"farol/ui/golden"
	"farol/ui/text"
)

func file() *state.File {
	begun := time.Date(2026, 11, 23, 10, 41, 0, 0, time.UTC)
	console := func(region string) state.Console {
		return state.Console{URL: "https://console." + region + ".example.com", APIKey: "kABCDEFGHIJKLMNO"}
	}
	return &state.File{
		Lineage: "5f0c2a", Serial: 57, Updated: begun.Add(5 * time.Minute),
		Setup: state.Setup{Name: "Org1 on trade",
			Regions: []state.Region{
				{ID: "us-south", Home: true, Console: console("us-south"), Peer: "org1ussouthpeer1"},
				{ID: "us-east", Console: console("us-east"), Peer: "org1useastpeer1"},
			},
			Organization: state.Organization{Name: "Org1", MSPID: "Org1MSP"}, Channel: state.Channel{Name: "trade"},
			Contract: state.Contract{Name: "basic", Version: "1.0", Sequence: 1}},
		Steps: []state.Checkpoint{
			{ID: "us-south/console", Row: "P2", Stage: "prepare", Region: "us-south", Status: state.Done, Attempts: 0,
				Started: begun, Finished: begun.Add(2 * time.Second), Evidence: map[string]string{"version": "1.0.9", "roles": "manager"}},
			{ID: "us-east/peer", Row: "4.2", Stage: "peers", Region: "us-east", Status: state.Failed, Attempts: 2,
				Started: begun.Add(3 * time.Second), Finished: begun.Add(108 * time.Second),
				Error: &state.Failure{Code: "wire.timeout", Facts: map[string]string{"host": "console.us-east.example.com:443"}, At: begun}},
			{ID: "us-east/wallet", Row: "3.4", Stage: "import", Region: "us-east", Status: state.Waiting, Started: begun},
			{ID: "all/contract/commit", Row: "1.16", Stage: "contract", Status: state.Unknown, Attempts: 1, Started: begun},
			{ID: "all/proof/ledger", Row: "A2", Stage: "proof", Status: "splendid"},
		},
	}
}

func proof() steps.Proof {
	return steps.Proof{Channel: "trade", Contract: "basic 1.0", Risks: []steps.Risk{{Code: "risk.no-drill"}}, Peers: []steps.PeerProof{
		{Region: "us-south", Peer: "org1ussouthpeer1", Height: "18", Hash: strings.Repeat("9c41", 16), Anchor: steps.Yes,
			PackageID: "basic_1.0:" + strings.Repeat("3fa1", 16), Endorses: steps.Yes, SeenBy: "2", Consoles: 2},
		{Region: "us-east", Peer: "org1useastpeer1", Consoles: 2},
	}}
}

func status(t *testing.T, f *state.File, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := (Printer{Words: &text.English}).Status(&out, f, proof(), format); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestStatusAsPeopleReadIt(t *testing.T) {
	t.Parallel()
	golden.Compare(t, "status-table", status(t, file(), "table"))
	golden.Compare(t, "status-markdown", status(t, file(), "markdown"))
	golden.Compare(t, "status-yaml", status(t, file(), "yaml"))
}

func TestStatusOfASetupThatWasNotBegun(t *testing.T) {
	t.Parallel()
	f := file()
	f.Steps = nil
	if got := status(t, f, "table"); !strings.Contains(got, text.English.Report.Empty) {
		t.Errorf("got:\n%s", got)
	}
}

func TestStatusWithoutUnicode(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := (Printer{Words: &text.English, ASCII: true}).Status(&out, file(), proof(), "table"); err != nil {
		t.Fatal(err)
	}
	for _, r := range out.String() {
		if r > 0x7e {
			t.Fatalf("%U is not ASCII:\n%s", r, out.String())
		}
	}
}

func TestTheTableHasOneLineForEachStep(t *testing.T) {
	t.Parallel()
	got := strings.Split(status(t, file(), "table"), "\n")
	for _, c := range file().Steps {
		n := 0
		for _, l := range got {
			if slices.Contains(strings.Fields(l), c.ID) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s stands on %d lines", c.ID, n)
		}
	}
}

func TestStatusForProgramsHasExactlyItsKeys(t *testing.T) {
	t.Parallel()
	for format, decode := range map[string]func([]byte, any) error{"json": json.Unmarshal, "yaml": yaml.Unmarshal} {
		var got map[string]any
		if err := decode([]byte(status(t, file(), format)), &got); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		sameKeys(t, format, got, "setup", "lineage", "serial", "regions", "steps", "proof")
		list, ok := got["steps"].([]any)
		if !ok || len(list) != len(file().Steps) {
			t.Fatalf("%s: steps are %v", format, got["steps"])
		}
		for _, s := range list {
			sameKeys(t, format, s.(map[string]any), "id", "row", "stage", "region", "status", "attempts", "started", "finished", "evidence", "error")
		}
		sameKeys(t, format, list[1].(map[string]any)["error"].(map[string]any), "code", "facts", "at")
		if waits := list[2].(map[string]any); waits["finished"] != nil || waits["error"] != nil || waits["started"] == nil {
			t.Errorf("%s: a step that waits is %v", format, waits)
		}
	}
}

func sameKeys(t *testing.T, what string, m map[string]any, want ...string) {
	t.Helper()
	var got []string
	for k := range m {
		got = append(got, k)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: keys (-want +got):\n%s", what, diff)
	}
}

func TestUnknownIsNeverShownAsOK(t *testing.T) {
	t.Parallel()
	for _, s := range []state.Status{state.Unknown, "", "splendid"} {
		f := file()
		f.Steps = []state.Checkpoint{{ID: "x", Stage: "proof", Status: s}}
		for _, format := range Formats() {
			var out bytes.Buffer
			if err := (Printer{Words: &text.English}).Status(&out, f, steps.Proof{Peers: []steps.PeerProof{{Region: "us-south"}}}, format); err != nil {
				t.Fatal(err)
			}
			got := out.String()
			if !strings.Contains(got, "unknown") || strings.Contains(got, "done") || strings.Contains(got, "yes") {
				t.Errorf("%s of %q:\n%s", format, s, got)
			}
		}
	}
}

func TestNoFormatHoldsAKeyOfAConsole(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		if got := status(t, file(), format); strings.Contains(got, "kABCDEFGHIJKLMNO") {
			t.Errorf("%s tells the API key", format)
		}
	}
}

func TestHostileTextIsInertInEveryFormat(t *testing.T) {
	t.Parallel()
	const evil = "x\x1b[2J\u009b\u202e\u200b|<script>\n# forged"
	f := file()
	f.Setup.Name, f.Setup.Regions[1].ID, f.Setup.Organization.Name = evil, evil, evil
	f.Steps = []state.Checkpoint{{ID: evil, Stage: evil, Region: evil, Status: evil, Evidence: map[string]string{evil: evil},
		Error: &state.Failure{Code: evil, Facts: map[string]string{evil: evil}}}, {ID: "y", Status: state.Done, Evidence: map[string]string{evil: evil}}}
	p := steps.Proof{Channel: evil, Peers: []steps.PeerProof{{Region: evil, Height: evil, Hash: evil, PackageID: evil}},
		Risks: []steps.Risk{{Code: evil, Facts: map[string]string{evil: evil}}}}
	for _, format := range Formats() {
		var out bytes.Buffer
		if err := (Printer{Words: &text.English}).Status(&out, f, p, format); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		if strings.ContainsAny(got, "\x1b\u009b\u202e\u200b") {
			t.Errorf("%s is not inert: %q", format, got)
		}
		if strings.Contains(got, "\n# forged") {
			t.Errorf("%s lets a line be forged:\n%s", format, got)
		}
		if format == "markdown" && strings.Contains(got, "<script>") {
			t.Errorf("Markdown lets HTML through:\n%s", got)
		}
	}
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	t.Parallel()
	if err := (Printer{Words: &text.English}).Status(&bytes.Buffer{}, file(), proof(), "pdf"); !errors.Is(err, ErrFormat) {
		t.Errorf("got %v", err)
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestStatusTellsWhenItCannotWrite(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		if err := (Printer{Words: &text.English}).Status(full{}, file(), proof(), format); err == nil {
			t.Errorf("%s says nothing", format)
		}
	}
}
