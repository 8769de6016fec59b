package steps

import (
	"strings"
	"testing"

	"farol/steps/region"
)

func TestNamesFollowFromTheOrganizationsNameUntilSomebodyTypesOne(t *testing.T) {
	t.Parallel()
	d := answeredDraft(t)
	derived := func(ca, admin, peer, name string) {
		t.Helper()
		for id, want := range map[string]string{"organization.ca": ca, "organization.admin": admin, "consoles.peer@us-east": peer} {
			if got := question(t, d, id).Get(d); got != want {
				t.Errorf("%s is %q, want %q", id, got, want)
			}
		}
		if d.Setup.Name != name {
			t.Errorf("the set-up is called %q, want %q", d.Setup.Name, name)
		}
	}
	derived("org1ca", "org1admin", "org1useastpeer1", "Org1 on trade")

	answer(t, d, "organization.name", "Acme Co")
	derived("acmecoca", "acmecoadmin", "acmecouseastpeer1", "Acme Co on trade")

	answer(t, d, "consoles.peer@us-east", "lighthouse1")
	answer(t, d, "organization.ca", "roots")
	answer(t, d, "organization.name", "Bolt")
	answer(t, d, "channel.name", "freight")
	derived("roots", "boltadmin", "lighthouse1", "Bolt on freight")
	if got := question(t, d, "consoles.peer@us-south").Get(d); got != "boltussouthpeer1" {
		t.Errorf("a peer that nobody named is %q", got)
	}

	answer(t, d, "organization.ca", "")
	derived("boltca", "boltadmin", "lighthouse1", "Bolt on freight")
	if d.Sources["organization.ca"] != FromDefault || d.Sources["consoles.peer@us-east"] != FromTyped {
		t.Errorf("sources %v", d.Sources)
	}
}

func TestEnterGoesAllTheWayForEveryOrganizationsName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Org1", "A", "1st Bank", "Acme S/A", "Cooperativa Agrícola de São Pa", strings.Repeat("W", MaxDisplayName), "0 (零)"} {
		d := answeredDraft(t, everyRegion(MaxRegions)...)
		answer(t, d, "organization.name", name)
		if bad := Missing(d); len(bad) > 0 {
			t.Errorf("%s: %v", name, bad)
		}
	}
}

func TestOnlyWhatNobodyElseKnowsHasNoDefault(t *testing.T) {
	t.Parallel()
	d := NewDraft()
	missing := map[string]bool{}
	for id := range Missing(d) {
		missing[id] = true
	}
	for _, q := range Questions(d) {
		ours := q.Key != "ordering.file" && q.Key != "contract.package" && q.Key != "consoles.url" && q.Key != "consoles.api_key" && q.Key != "consoles.api_secret"
		if missing[q.ID()] == ours {
			t.Errorf("%s: missing is %v", q.ID(), missing[q.ID()])
		}
		if ours && q.Get(d) != "" && d.Sources[q.ID()] != FromDefault {
			t.Errorf("%s comes from %q", q.ID(), d.Sources[q.ID()])
		}
	}
}

func TestComponentIDsAreSuchAsConsolesTake(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Org1 MSP": "org1msp", "1st": "c1st", "": "c", "Ação": "ao", "a-b_c.d": "abcd",
		strings.Repeat("Q", 80): strings.Repeat("q", 64)} {
		if got := ComponentID(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	for mspID, want := range map[string]string{"Org1MSP": "org1msp", "AB": "abmsp", "A.B-C": "abc"} {
		if got := organizationID(mspID); got != want {
			t.Errorf("%q becomes %q, want %q", mspID, got, want)
		}
	}
}

// everyRegion is the first n regions of the catalogue.
func everyRegion(n int) []string {
	var out []string
	for _, r := range region.All()[:n] {
		out = append(out, r.ID)
	}
	return out
}
