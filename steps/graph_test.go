package steps

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"farol/steps/engine"
)

// preview is the procedure for so many regions, the second one at home so that the order of the list is not
// what makes the home region.
func preview(t *testing.T, regions int) engine.Graph {
	t.Helper()
	d := answeredDraft(t, everyRegion(regions)...)
	answer(t, d, "regions.home", d.Setup.Regions[1].ID)
	g, err := Preview(d)
	must(t, err)
	return g
}

// forSizes runs a test on procedures of several sizes.
func forSizes(t *testing.T, test func(t *testing.T, g engine.Graph, home string, regions []string)) {
	t.Helper()
	for _, n := range []int{2, 3, 5, 10} {
		t.Run(strconv.Itoa(n)+" regions", func(t *testing.T) {
			t.Parallel()
			test(t, preview(t, n), everyRegion(n)[1], everyRegion(n))
		})
	}
}

// waits tells for every step which others have to be done before, by what it needs and by what those need.
func waits(g engine.Graph) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, s := range g { // what a step needs stands before it
		out[s.ID] = map[string]bool{}
		for _, n := range s.Needs {
			out[s.ID][n] = true
			maps.Copy(out[s.ID], out[n])
		}
	}
	return out
}

// withOp lists the steps of one kind.
func withOp(g engine.Graph, op string) []engine.Step {
	return slices.DeleteFunc(slices.Clone(g), func(s engine.Step) bool { return s.Op != op })
}

func TestEveryStepSaysWhereItIsDoneAndToWhat(t *testing.T) {
	t.Parallel()
	forSizes(t, func(t *testing.T, g engine.Graph, _ string, regions []string) {
		for _, s := range g {
			where, _, _ := strings.Cut(s.ID, "/")
			if s.Region == "" && where != global || s.Region != "" && (where != s.Region || !slices.Contains(regions, s.Region)) {
				t.Errorf("%s is of region %q", s.ID, s.Region)
			}
			if s.Target == "" {
				t.Errorf("%s does not say what it is done to", s.ID)
			}
			if s.Lock != "" && s.Op != "channel.anchor" {
				t.Errorf("%s has the lock %s", s.ID, s.Lock)
			}
		}
	})
}

func TestEveryRowIsDoneInTheRegionsThatItIsFor(t *testing.T) {
	t.Parallel()
	everywhere := []string{"P2", "P5", "2.4", "3.4", "A7"}
	forSizes(t, func(t *testing.T, g engine.Graph, home string, regions []string) {
		done := map[string][]string{}
		for _, s := range g {
			if !slices.Contains(done[s.Row], s.Region) && s.Region != "" {
				done[s.Row] = append(done[s.Row], s.Region)
			}
		}
		for row, got := range done {
			want := []string{home}
			switch {
			case slices.Contains(everywhere, row):
				want = regions
			case row == "5.2" || row[0] == '3' || row[0] == '4':
				want = slices.DeleteFunc(slices.Clone(regions), func(r string) bool { return r == home })
			}
			if !slices.Equal(got, want) {
				t.Errorf("row %s is done in %v, want %v", row, got, want)
			}
		}
	})
}

func TestNothingIsDoneBeforeWhatItNeeds(t *testing.T) {
	t.Parallel()
	forSizes(t, func(t *testing.T, g engine.Graph, home string, regions []string) {
		before := waits(g)
		wait := func(step string, wanted ...string) {
			t.Helper()
			if _, ok := g.Step(step); !ok {
				t.Fatalf("there is no step %s", step)
			}
			for _, w := range wanted {
				if !before[step][w] {
					t.Errorf("%s does not wait for %s", step, w)
				}
			}
		}
		for _, r := range regions {
			ordering := []string{r + "/ordering/1", r + "/ordering/2", r + "/ordering/3"}
			wait(r+"/peer", r+"/ca/register-peer", r+"/ca", r+"/organization", r+"/distinct", home+"/organization/enroll-admin")
			wait(r+"/channel/join", append(ordering, r+"/peer", "all/handoff/admitted")...)
			wait(r+"/channel/anchor", append(ordering, r+"/channel/join")...)
			wait(r+"/contract/install", r+"/peer", "all/contract/package")
			wait(r+"/wallet", r+"/wallet/file", home+"/organization/enroll-admin")
			wait(r+"/proof/endorse", append(ordering, r+"/channel/join", r+"/contract/install", "all/contract/commit")...)
			wait("all/proof/ledger", r+"/channel/anchor", "all/contract/commit")
			wait("all/proof/anchors", r+"/channel/anchor")
			wait("all/proof/package", r+"/contract/install", "all/contract/approve")
			wait("all/proof/consoles", r+"/peer")
			for _, o := range ordering {
				wait(o, r+"/distinct", "all/ordering")
			}
			if r == home {
				continue
			}
			wait(r+"/ca", home+"/export/ca", r+"/distinct")
			wait(r+"/organization", home+"/export/organization", r+"/distinct")
			wait(r+"/mirror/"+home, home+"/peer", r+"/distinct")
			wait(home+"/mirror/"+r, r+"/peer", home+"/distinct")
			wait("all/proof/consoles", r+"/mirror/"+home, home+"/mirror/"+r)
		}
		wait("all/handoff/admitted", "all/handoff/pack", home+"/organization", "all/ordering")
		wait("all/contract/approve", home+"/contract/install", home+"/channel/anchor", home+"/ordering/1")
		wait("all/contract/commit", "all/contract/approve")
	})
}

func TestOneRegionsFailureStopsNoOther(t *testing.T) {
	t.Parallel()
	forSizes(t, func(t *testing.T, g engine.Graph, home string, regions []string) {
		before := waits(g)
		for _, s := range g {
			if s.Region == "" || s.Op == "peer.import" {
				continue
			}
			for _, other := range g {
				if other.Region != "" && other.Region != s.Region && other.Region != home && before[s.ID][other.ID] {
					t.Errorf("%s waits for %s", s.ID, other.ID)
				}
			}
		}
		for _, other := range regions {
			if other != home && before["all/contract/commit"][other+"/console"] {
				t.Errorf("the contract waits for %s", other)
			}
		}
	})
}

func TestTheHandOffStartsAsSoonAsTheOrganizationExists(t *testing.T) {
	t.Parallel()
	g := preview(t, 3)
	before := waits(g)
	for _, op := range []string{"peer.create", "ordering.import", "wallet.import", "ca.import"} {
		for _, s := range withOp(g, op) {
			if before["all/handoff/pack"][s.ID] || before["all/handoff/admitted"][s.ID] {
				t.Errorf("the other company waits for %s", s.ID)
			}
		}
	}
}

func TestOnlyPeopleCloseGates(t *testing.T) {
	t.Parallel()
	for _, s := range preview(t, 3) {
		gate := s.Op == "handoff.admitted" || s.Op == "wallet.import"
		if gate != (s.Kind == engine.Gate) || s.Confirmable != (s.Op == "wallet.import") {
			t.Errorf("%s is a %s, confirmable %v", s.ID, s.Kind, s.Confirmable)
		}
	}
	g := preview(t, 3)
	before := waits(g)
	for _, s := range g {
		for _, w := range withOp(g, "wallet.import") {
			if before[s.ID][w.ID] {
				t.Errorf("%s waits for what nobody can observe, %s", s.ID, w.ID)
			}
		}
	}
}

func TestAPreviewNeedsAnOrderingService(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	d.Setup.Ordering.File = "testdata/none.json"
	_, err := Preview(d)
	hasCode(t, err, CodePath)
	d.Setup.Ordering.File = "procedure.go"
	if _, err = Preview(d); err == nil {
		t.Error("prose for an ordering service passes")
	}
}
