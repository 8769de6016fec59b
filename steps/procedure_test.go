package steps

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"farol/state"
	"farol/steps/engine"

	"github.com/google/go-cmp/cmp"
)

var tenRegions = []string{"us-south", "us-east", "ca-tor", "ca-mon", "br-sao", "eu-de", "eu-gb", "eu-es", "jp-tok", "au-syd"}

// graphOf is the procedure for a number of regions, with three ordering nodes.
func graphOf(t *testing.T, regions int) engine.Graph {
	t.Helper()
	d := NewDraft()
	SetRegions(d, tenRegions[:regions])
	d.Setup.Ordering.File = "testdata/ordering-service.json"
	g, err := Preview(d)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTheProcedureIsWellFormedForAnyNumberOfRegions(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 3, 5, 10} {
		g := graphOf(t, n)
		if err := g.Check(); err != nil {
			t.Errorf("%d regions: %v", n, err)
		}
		mirrors := 0
		for _, s := range g {
			if s.Op == "peer.import" {
				mirrors++
			}
			if !slices.Contains(Stages(), s.Stage) {
				t.Errorf("%s is in the stage %q", s.ID, s.Stage)
			}
		}
		if mirrors != n*(n-1) {
			t.Errorf("%d regions: %d mirrors", n, mirrors)
		}
	}
}

// What each row of procedure.md 1.2 to 1.5 became. Rows that need no step: P1 to P4 and P6 exist before, 1.2,
// 1.3, 2.4 and 3.2 are part of another step, 1.10 is the other party's and cannot be seen.
func TestEveryRowOfTheProcedureHasItsSteps(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"P2": "console.check", "P5": "consoles.distinct",
		"1.1": "ca.create", "1.4": "ca.enroll-registrar", "1.5a": "ca.register-peer", "1.5b": "ca.register-admin",
		"1.6": "organization.create organization.enroll-admin", "1.7": "peer.create", "1.8": "contract.install contract.package",
		"1.9": "handoff.pack", "1.11": "handoff.admitted", "1.12": "ordering.check", "1.13": "ordering.import",
		"1.14": "channel.join", "1.15": "channel.anchor", "1.16": "contract.approve contract.commit",
		"2.1": "export.ca", "2.2": "export.organization", "2.3": "export.identity", "2.4": "wallet.file",
		"3.1": "ca.import", "3.3": "organization.import", "3.4": "wallet.import", "3.5": "ordering.import",
		"4.1": "ca.register-peer", "4.2": "peer.create", "4.3": "channel.join", "4.4": "contract.install", "4.5": "channel.anchor",
		"5.1": "peer.import", "5.2": "peer.import",
	}
	got := map[string]string{}
	for _, s := range graphOf(t, 3) {
		if s.Stage == Proving {
			continue
		}
		ops := strings.Fields(got[s.Row])
		if !slices.Contains(ops, s.Op) {
			ops = append(ops, s.Op)
			slices.Sort(ops)
			got[s.Row] = strings.Join(ops, " ")
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// needs tells whether a step can begin only after another, directly or through others.
func needs(g engine.Graph, step, other string) bool {
	s, _ := g.Step(step)
	return slices.ContainsFunc(s.Needs, func(n string) bool { return n == other || needs(g, n, other) })
}

func TestNothingBeginsBeforeWhatItNeeds(t *testing.T) {
	t.Parallel()
	g := graphOf(t, 3)
	for _, r := range []string{"us-south", "us-east", "ca-tor"} {
		for _, pair := range [][2]string{
			{"peer", "ca/register-peer"}, {"peer", "ca"}, {"peer", "organization"}, {"channel/join", "peer"},
			{"channel/anchor", "channel/join"}, {"contract/install", "peer"},
		} {
			if !needs(g, r+"/"+pair[0], r+"/"+pair[1]) {
				t.Errorf("%s: %s does not wait for %s", r, pair[0], pair[1])
			}
		}
		if !needs(g, r+"/channel/join", "all/handoff/admitted") {
			t.Errorf("%s joins a channel that has not admitted the organization", r)
		}
		if !needs(g, r+"/contract/install", "all/contract/package") {
			t.Errorf("%s installs a package that is not there", r)
		}
	}
	for _, s := range g {
		if s.Kind == engine.Change && s.Region != "" && s.Op != "ca.register-peer" && !needs(g, s.ID, s.Region+"/distinct") {
			t.Errorf("%s changes a console that may be another region's", s.ID)
		}
	}
}

// The document forgets this import, and then its peers cannot join (procedure.md 1.6.1).
func TestEveryConsoleGetsTheOrderingServiceBeforeItsPeerJoins(t *testing.T) {
	t.Parallel()
	g := graphOf(t, 3)
	for _, r := range []string{"us-south", "us-east", "ca-tor"} {
		for node := 1; node <= 3; node++ {
			step := r + "/ordering/" + strconv.Itoa(node)
			if s, ok := g.Step(step); !ok || s.Op != "ordering.import" || s.Act == nil {
				t.Errorf("%s does not import ordering node %d", r, node)
			}
			if !needs(g, r+"/channel/join", step) {
				t.Errorf("%s joins before it knows ordering node %d", r, node)
			}
		}
	}
}

func TestUpdatesOfTheChannelsConfigNeverRunSideBySide(t *testing.T) {
	t.Parallel()
	locks := map[string]bool{}
	for _, s := range graphOf(t, 3) {
		if s.Op == "channel.anchor" {
			locks[s.Lock] = true
		}
	}
	if len(locks) != 1 || locks[""] {
		t.Errorf("the locks of anchor updates are %v", locks)
	}
}

func TestTheContractIsPackedApprovedAndCommittedOnce(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	for _, s := range graphOf(t, 5) {
		count[s.Op]++
	}
	for op, want := range map[string]int{"contract.package": 1, "contract.approve": 1, "contract.commit": 1, "contract.install": 5, "ca.create": 1,
		"organization.create": 1, "peer.create": 5, "ca.register-peer": 5, "channel.anchor": 5} {
		if count[op] != want {
			t.Errorf("%s stands %d times, want %d", op, count[op], want)
		}
	}
}

func TestMirrorsAreAsAnswered(t *testing.T) {
	t.Parallel()
	for mirror, want := range map[state.Mirror][]string{
		state.AllAll:   {"us-south", "us-south", "us-east", "us-east", "ca-tor", "ca-tor"},
		state.HomeOnly: {"us-south", "us-south"},
		state.None:     nil,
	} {
		d := NewDraft()
		d.Setup.Mirror, d.Setup.Ordering.File = mirror, "testdata/ordering-service.json"
		g, err := Preview(d)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range g {
			if s.Op == "peer.import" {
				got = append(got, s.Region)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", mirror, diff)
		}
	}
}
