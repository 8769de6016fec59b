package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"farol/state/fault"
)

func TestOrderingNodesAreSpreadAsTheLayoutSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		layout  Layout
		regions string
		want    string
	}{
		{EachOne, "a b c", "a b c"},
		{EachOne, "a b c d e", "a b c"}, // none beyond the third region
		{EachOne, "a b", "a b a"},       // the third node needs a place
		{ThreeAtHome, "a b c d", "a a a b c"},
		{ThreeAtHome, "a b", "a a a b a"},
		{OneInAll, "a b c", "a"},
	} {
		got := strings.Join(c.layout.places(strings.Fields(c.regions)), " ")
		if got != c.want {
			t.Errorf("%s over %s stands in %s, want %s", c.layout, c.regions, got, c.want)
		}
	}
}

func TestMoreRegionsThanFitAreRefusedWithTheirLimits(t *testing.T) {
	t.Parallel()
	many := func(n int) (ids []string) {
		for i := range n {
			ids = append(ids, "r"+strconv.Itoa(i))
		}
		return ids
	}
	for _, c := range []struct {
		regions int
		thin    bool
		want    map[string]string // facts; nil: they fit
	}{
		{1, false, map[string]string{"have": "1", "min": "2", "max": "5"}},
		{5, false, nil},
		{6, false, map[string]string{"have": "6", "min": "2", "max": "5", "limit": "10"}},
		{10, true, nil},
		{11, false, map[string]string{"have": "11", "min": "2", "max": "5"}},
		{11, true, map[string]string{"have": "11", "min": "2", "max": "10"}},
	} {
		err := Options{Regions: many(c.regions), Thin: c.thin}.Check()
		var facts map[string]string
		if f, ok := fault.Of(err); ok && f.Code == RegionsCount && f.Certainty == fault.NotSent {
			facts = f.Facts
		} else if err != nil {
			t.Errorf("%d regions: %v", c.regions, err)
		}
		if diff := cmp.Diff(c.want, facts); diff != "" {
			t.Errorf("%d regions, thin %v (-want +got)\n%s", c.regions, c.thin, diff)
		}
	}
}

func TestAnUnknownVariantIsRefused(t *testing.T) {
	t.Parallel()
	for what, o := range map[string]Options{
		"layout": {Orderers: "2-2-2"}, "consoles": {Consoles: "read-only"},
	} {
		o.Regions = []string{"a", "b"}
		if err := o.Check(); !fault.Is(err, BadVariant) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, l := range Layouts() {
		for _, k := range ConsoleKinds() {
			if err := (Options{Regions: []string{"a", "b"}, Orderers: l, Consoles: k}).Check(); err != nil {
				t.Errorf("%s, %s: %v", l, k, err)
			}
		}
	}
}

func TestOnlyWhatSomebodyAsksForHasToBeWhatRuns(t *testing.T) {
	t.Parallel()
	regions := []string{"a", "b"}
	runs := Options{Regions: regions, Channel: "freight", Orderers: OneInAll, Consoles: ImportOnly}.plan("")
	for what, c := range map[string]struct {
		wanted Options
		fits   bool
	}{
		"nothing more":     {Options{Regions: regions}, true},
		"the same":         {Options{Regions: regions, Channel: "freight", Orderers: OneInAll, Consoles: ImportOnly, Thin: true}, true},
		"another channel":  {Options{Regions: regions, Channel: "trade"}, false},
		"another layout":   {Options{Regions: regions, Orderers: EachOne}, false},
		"other consoles":   {Options{Regions: regions, Consoles: Full}, false},
		"other regions":    {Options{Regions: []string{"a", "c"}}, false},
		"another order":    {Options{Regions: []string{"b", "a"}}, false},
		"a region more":    {Options{Regions: []string{"a", "b", "c"}}, false},
		"another slowness": {Options{Regions: regions, Slow: 1}, true},
	} {
		err := c.wanted.fits("dir", runs)
		if (err == nil) != c.fits || err != nil && !fault.Is(err, OtherOptions) {
			t.Errorf("%s: %v", what, err)
		}
	}
	f, _ := fault.Of(Options{Regions: regions, Channel: "trade"}.fits("dir", runs))
	if want := map[string]string{"dir": "dir", "regions": "a b, freight, one, import-only", "wanted": "a b, trade, one, import-only"}; !cmp.Equal(f.Facts, want) {
		t.Errorf("facts %v, want %v", f.Facts, want)
	}
}

func TestAPlanSaysEverythingThatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	p := Options{Regions: []string{"a", "b"}}.plan("bin")
	if p.Channel != "trade" || p.Orderers != EachOne || p.Consoles != Full || p.Idle != idleLimit {
		t.Errorf("%+v", p)
	}
	if p.importOnly("a") || p.importOnly("b") {
		t.Error("a console can only import")
	}
	p.Consoles = ImportOnly
	if p.importOnly("a") || !p.importOnly("b") {
		t.Error("home is to have a whole console, and the others are not")
	}
	if !slices.Contains(Layouts(), p.Orderers) {
		t.Errorf("%s is in no list", p.Orderers)
	}
}
