package steps

import (
	"context"
	"errors"
	"strconv"
	"time"

	"farol/clients/console"
	"farol/clients/wire"
	"farol/state/fault"
	"farol/steps/engine"
)

// checkOrdering proves that at least one node of the other company's ordering service answers, with a
// certificate that the file vouches for.
func checkOrdering(s *Session) engine.Step {
	return engine.Step{
		ID: id(global, "ordering"), Row: "1.12", Stage: Prepare, Kind: engine.Check,
		Op: "ordering.check", Target: OrderingCopy, Deadline: 30 * time.Second,
		Observe: func(ctx context.Context) (engine.Observation, error) {
			answered := 0
			var faults []error
			for _, n := range s.ordering() {
				if err := s.opts.Network.Handshake(ctx, n.Addr, wire.Trust{RootsPEM: n.RootsPEM}); err != nil {
					faults = append(faults, err)
					continue
				}
				answered++
			}
			if answered == 0 {
				f, ok := fault.Of(errors.Join(faults...))
				if !ok {
					f = fault.New(console.CodeKind, "want", console.KindOrderer)
				}
				return failed(f)
			}
			return present("nodes", strconv.Itoa(len(s.orderers)), "answer", strconv.Itoa(answered))
		},
	}
}

// importOrdering imports the ordering service into one console: one call a node, so one step a node
// (console-api.md 4.4). The document forgets this step for the other regions (procedure.md 1.6.1).
func importOrdering(s *Session, region string) []engine.Step {
	var out []engine.Step
	for i, o := range s.orderers {
		row := "3.5"
		if region == s.home() {
			row = "1.13"
		}
		out = append(out, engine.Step{
			ID: id(region, "ordering/"+strconv.Itoa(i+1)), Row: row, Stage: Import, Region: region, Kind: engine.Change,
			Op: "ordering.import", Target: o.ID, Settle: answered,
			Needs: []string{id(region, "distinct"), id(global, "ordering")},
			Observe: s.imported(region, o.ID, console.KindOrderer, func(c *console.Component) (string, string) {
				return o.APIURL, c.APIURL
			}),
			Act: func(ctx context.Context) error {
				o.Tags = s.tags()
				_, err := s.console(region).ImportOrderer(ctx, o)
				return err
			},
		})
	}
	return out
}

func (s *Session) orderingSteps(region string) []string {
	var out []string
	for i := range s.orderers {
		out = append(out, id(region, "ordering/"+strconv.Itoa(i+1)))
	}
	return out
}

// tags mark what this set-up imported, so that it can be found and undone.
func (s *Session) tags() []string { return []string{"farol"} }

// imported observes a document in a console. same gives the value wanted and the value found.
func (s *Session) imported(region, component, kind string, same func(*console.Component) (want, have string)) observer {
	return func(ctx context.Context) (engine.Observation, error) {
		c, found, err := s.console(region).Component(ctx, component)
		switch {
		case err != nil:
			return failed(err)
		case !found:
			return absent()
		case c.Type != kind:
			return differing("type", kind, c.Type)
		}
		if want, have := same(c); want != have {
			return differing("address", want, have)
		}
		s.keep(region, c)
		return present("id", c.ID, "url", c.APIURL)
	}
}
