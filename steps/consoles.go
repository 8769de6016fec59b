package steps

import (
	"context"
	"slices"
	"strings"
	"time"

	"farol/clients/console"
	"farol/clients/wire"
	"farol/state/fault"
	"farol/steps/engine"
)

// ConsoleTest is what a look at one console found, before anything is changed.
type ConsoleTest struct {
	Version   string        // of the console
	RoundTrip time.Duration // of one small request
	Roles     []string      // of the API key: reader, writer, manager
	Instance  string        // the console's own id; two regions with the same one are one console
}

// CodeRole says that an API key may not do what the region needs; facts: region, have, need.
var CodeRole = fault.Define("steps.role")

// checkConsole proves that a console answers and that the key may create nodes there.
func checkConsole(s *Session, region string) engine.Step {
	return engine.Step{
		ID: id(region, "console"), Row: "P2", Stage: Prepare, Region: region, Kind: engine.Check,
		Op: "console.check", Target: region, Deadline: 30 * time.Second,
		Observe: func(ctx context.Context) (engine.Observation, error) {
			t, err := testConsole(ctx, s.console(region), region)
			if err != nil {
				return failed(err)
			}
			return present("version", t.Version, "roles", strings.Join(t.Roles, " "), "instance", t.Instance)
		},
	}
}

// TestConsole looks at one region's console with the answers of a draft: two reads, no change. A wrong
// secret is tried once only, because consoles lock out (console-api.md 0.9).
func TestConsole(ctx context.Context, d *Draft, region string) (ConsoleTest, error) {
	r, _ := d.Setup.Region(region)
	n, err := network(d.Setup.Proxy, wire.Network{})
	if err != nil {
		return ConsoleTest{}, err
	}
	c, err := newConsole(n, r.Console, d.Secrets[ConsoleSecret(region)])
	if err != nil {
		return ConsoleTest{}, err
	}
	return testConsole(ctx, c, region)
}

func testConsole(ctx context.Context, c *console.Client, region string) (ConsoleTest, error) {
	settings, err := c.Settings(ctx)
	if err != nil {
		return ConsoleTest{}, err
	}
	began := time.Now()
	user, err := c.User(ctx)
	if err != nil {
		return ConsoleTest{}, err
	}
	t := ConsoleTest{Version: settings.Version, Instance: settings.Instance, Roles: user.Roles, RoundTrip: time.Since(began)}
	if settings.ImportOnly {
		return t, fault.New(console.CodeNoDeployer, "region", region).Certain(fault.Refused)
	}
	if !slices.Contains(user.Actions, console.ActionCreate) {
		return t, fault.New(CodeRole, "region", region, "have", strings.Join(user.Roles, " "), "need", "manager").Certain(fault.Refused)
	}
	return t, nil
}

// checkDistinct proves that the region's console is not also another region's. Consoles that do not answer
// are left out, because their own region fails, and so are those without an id: their addresses differ.
func checkDistinct(s *Session, region string) engine.Step {
	return engine.Step{
		ID: id(region, "distinct"), Row: "P5", Stage: Prepare, Region: region, Kind: engine.Check,
		Op: "consoles.distinct", Target: region, Needs: []string{id(region, "console")}, Deadline: 30 * time.Second,
		Observe: func(ctx context.Context) (engine.Observation, error) {
			own, err := s.console(region).Settings(ctx)
			if err != nil {
				return failed(err)
			}
			var compared []string
			all, _ := s.regions()
			for _, other := range all {
				if other == region {
					continue
				}
				theirs, err := s.console(other).Settings(ctx)
				if err != nil || own.Instance == "" || theirs.Instance == "" { // some consoles have no id to compare
					continue
				}
				if theirs.Instance == own.Instance {
					return failed(fault.New(CodeSameConsole, "a", region, "b", other).Certain(fault.Refused))
				}
				compared = append(compared, other)
			}
			return present("instance", own.Instance, "differs from", strings.Join(compared, " "))
		},
	}
}
