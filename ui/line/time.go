package line

import (
	"slices"
	"time"

	"farol/state"
	"farol/steps/engine"
)

// span is a piece of time.
type span struct{ from, to time.Time }

// covered is how much time the spans cover together: what overlaps counts once.
func covered(spans []span) time.Duration {
	slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
	var sum time.Duration
	var end time.Time
	for _, s := range spans {
		if s.from.Before(end) {
			s.from = end
		}
		if s.to.After(s.from) {
			sum += s.to.Sub(s.from)
			end = s.to
		}
	}
	return sum
}

// spent is where the time of a set-up went.
type spent struct {
	wall    time.Duration // from the first beginning to the last end
	stages  []share       // in the order of the steps
	regions []share
	people  time.Duration // gates that were open; in no other number
}

// share is the time of one stage or region.
type share struct {
	name string
	took time.Duration
}

// timeOf adds up what the checkpoints say. A step that has not ended counts for nothing.
func timeOf(graph []engine.Step, checkpoints map[string]state.Checkpoint) spent {
	var all, people []span
	stages, regions := buckets{}, buckets{}
	var stageOrder, regionOrder []string
	for _, s := range graph {
		c := checkpoints[s.ID]
		if c.Started.IsZero() || c.Finished.Before(c.Started) {
			continue
		}
		one := span{c.Started, c.Finished}
		all = append(all, one)
		if s.Kind == engine.Gate {
			people = append(people, one)
			continue
		}
		stageOrder, regionOrder = stages.add(s.Stage, one, stageOrder), regions.add(s.Region, one, regionOrder)
	}
	out := spent{people: covered(people), stages: stages.shares(stageOrder), regions: regions.shares(regionOrder)}
	if len(all) > 0 {
		first := slices.MinFunc(all, func(a, b span) int { return a.from.Compare(b.from) })
		last := slices.MaxFunc(all, func(a, b span) int { return a.to.Compare(b.to) })
		out.wall = last.to.Sub(first.from)
	}
	return out
}

// buckets hold the spans of each name.
type buckets map[string][]span

// add puts a span into its bucket, and a new name at the end of the order.
func (b buckets) add(name string, s span, order []string) []string {
	if _, ok := b[name]; !ok {
		order = append(order, name)
	}
	b[name] = append(b[name], s)
	return order
}

func (b buckets) shares(order []string) []share {
	var out []share
	for _, name := range order {
		out = append(out, share{name, covered(b[name])})
	}
	return out
}
