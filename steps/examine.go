package steps

import (
	"context"
	"errors"
	"maps"
	"sync"

	"farol/state/fault"
)

// Examine looks at every console of a draft, before anything is saved. It gives every region's fault at once;
// a secret is sent once only.
func Examine(ctx context.Context, d *Draft) error {
	found, faults := make([]ConsoleTest, len(d.Setup.Regions)), make([]error, len(d.Setup.Regions))
	var wg sync.WaitGroup
	for i, r := range d.Setup.Regions {
		wg.Go(func() {
			if found[i], faults[i] = TestConsole(ctx, d, r.ID); faults[i] != nil {
				faults[i] = in(r.ID, faults[i])
			}
		})
	}
	wg.Wait()
	if err := errors.Join(faults...); err != nil {
		return err
	}
	byRegion := map[string]ConsoleTest{}
	for i, r := range d.Setup.Regions {
		if err := SameConsole(byRegion, r.ID, found[i]); err != nil {
			return err
		}
		byRegion[r.ID] = found[i]
	}
	return nil
}

// SameConsole says whether a region's console is one that another region has already.
func SameConsole(others map[string]ConsoleTest, region string, found ConsoleTest) error {
	for other, t := range others {
		if other != region && t.Instance == found.Instance && t.Instance != "" {
			return fault.New(CodeSameConsole, "a", region, "b", other).Certain(fault.Refused)
		}
	}
	return nil
}

// in adds the region to a fault.
func in(region string, err error) error {
	f, ok := fault.Of(err)
	if !ok {
		return err
	}
	g := *f
	g.Facts = maps.Clone(f.Facts)
	return g.With("region", region)
}
