package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"farol/state/fault"
)

// The faults of a world that nobody can have.
var (
	RegionsCount = fault.Define("sandbox.regions-count") // have, min, max, limit: that a thin world may have, if the max is too few
	BadVariant   = fault.Define("sandbox.variant")       // value, options
)

// The least and the most regions of a practice world.
const (
	MinRegions = 2
	MaxRegions = 5
	MaxThin    = 10 // of a thin one
)

// Layout is how the ordering nodes are spread: how many stand in the first region, the second, the third. Regions
// beyond have none, so that one more region costs no more than its console until somebody makes a peer there.
type Layout string

// The layouts.
const (
	EachOne     Layout = "1-1-1" // any one region can be lost
	ThreeAtHome Layout = "3-1-1" // nothing is ordered without the home region
	OneInAll    Layout = "one"   // nor here
)

// Layouts lists them, the usual one first.
func Layouts() []Layout { return []Layout{EachOne, ThreeAtHome, OneInAll} }

// places are the regions of the ordering nodes, one after the other. A node whose region is not there stands at home.
func (l Layout) places(regions []string) (out []string) {
	counts := map[Layout][]int{EachOne: {1, 1, 1}, ThreeAtHome: {3, 1, 1}, OneInAll: {1}}[l]
	for i, n := range counts {
		place := regions[0]
		if i < len(regions) {
			place = regions[i]
		}
		out = append(out, slices.Repeat([]string{place}, n)...)
	}
	return out
}

// ConsoleKind is what the consoles of the regions other than home can do.
type ConsoleKind string

// The kinds of consoles. That of the home region is always a whole one.
const (
	Full       ConsoleKind = "full"
	ImportOnly ConsoleKind = "import-only" // installed without the part that makes nodes
)

// ConsoleKinds lists them, the usual one first.
func ConsoleKinds() []ConsoleKind { return []ConsoleKind{Full, ImportOnly} }

// importOnly tells whether a region's console cannot make nodes.
func (p plan) importOnly(region string) bool {
	return p.Consoles == ImportOnly && region != p.Regions[0]
}

// regionID is fit for a name in DNS and for a folder.
var regionID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)

// Check tells whether there can be such a world. Up checks it too; who asks people first can tell them earlier.
func (o Options) Check() error {
	have, most := len(o.Regions), MaxRegions
	if o.Thin {
		most = MaxThin
	}
	if have < MinRegions || have > most {
		f := fault.New(RegionsCount, "have", strconv.Itoa(have), "min", strconv.Itoa(MinRegions), "max", strconv.Itoa(most))
		if have > most && have <= MaxThin {
			f = f.With("limit", strconv.Itoa(MaxThin))
		}
		return f.Certain(fault.NotSent)
	}
	possible := len(slices.Compact(slices.Sorted(slices.Values(o.Regions)))) == have
	for _, id := range o.Regions {
		possible = possible && id != Operator && regionID.MatchString(id)
	}
	if !possible {
		return fault.New(BadRegions, "regions", strings.Join(o.Regions, " ")).Certain(fault.NotSent)
	}
	if err := oneOf(o.Orderers, Layouts()); err != nil {
		return err
	}
	return oneOf(o.Consoles, ConsoleKinds())
}

func oneOf[T ~string](value T, options []T) error {
	if value == "" || slices.Contains(options, value) {
		return nil
	}
	names := strings.Join(strings.Fields(fmt.Sprint(options)), ", ")
	return fault.New(BadVariant, "value", string(value), "options", strings.Trim(names, "[]")).Certain(fault.NotSent)
}

// fits refuses a world that runs and is not what somebody asks for. What nobody says is as it is.
func (o Options) fits(dir string, runs plan) error {
	wanted := runs
	wanted.Regions = o.Regions
	or(&wanted.Channel, o.Channel)
	or(&wanted.Orderers, o.Orderers)
	or(&wanted.Consoles, o.Consoles)
	if has, want := runs.variant(), wanted.variant(); has != want {
		return fault.New(OtherOptions, "dir", dir, "regions", has, "wanted", want).Certain(fault.Refused)
	}
	return nil
}

// variant is what tells one world from another.
func (p plan) variant() string {
	return strings.Join([]string{strings.Join(p.Regions, " "), p.Channel, string(p.Orderers), string(p.Consoles)}, ", ")
}

// or takes a value that somebody gave.
func or[T ~string](into *T, value T) {
	if value != "" {
		*into = value
	}
}
