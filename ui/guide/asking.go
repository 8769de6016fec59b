package guide

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"farol/steps"
	"farol/steps/region"
	"farol/ui/text"
)

// Known tells whether practice regions answer a question themselves: regions come from a flag, and the rest is
// known once they are up.
func Known(q steps.Question, practice bool) bool {
	return practice && (q.Screen == steps.RegionsScreen || q.Screen == steps.ConsolesScreen || q.Key == "ordering.file" || q.Key == "channel.name")
}

// Why says why the questions of a screen are asked, and where.
func Why(c *text.Catalogue, screen steps.Screen, at string) string {
	out := c.Screens.Ask.Why[string(screen)]
	if r, ok := region.Find(at); ok {
		out = r.ID + " · " + r.City + "\n" + out
	}
	return out
}

// Screen names a screen with questions.
func Screen(c *text.Catalogue, s steps.Screen) string {
	n := c.Screens.Names
	return map[steps.Screen]string{steps.RegionsScreen: n.Regions, steps.ConsolesScreen: n.Consoles,
		steps.OrganizationScreen: n.Organization, steps.ChannelScreen: n.Channel}[s]
}

// About says what a question means, that it is for ever, and where its value comes from.
func About(c *text.Catalogue, q steps.Question, d *steps.Draft) string {
	var parts []string
	if h := c.Questions[q.Key].Help; h != "" {
		parts = append(parts, h)
	}
	if q.Permanent {
		parts = append(parts, c.Screens.Ask.Permanent)
	}
	if from := c.Screens.Sources[string(d.Sources[q.ID()])]; from != "" {
		parts = append(parts, from)
	}
	return strings.Join(parts, " · ")
}

// Example is a valid answer, or nothing.
func Example(c *text.Catalogue, q steps.Question) string {
	if e := c.Questions[q.Key].Example; e != "" {
		return text.Fill(c.Screens.Ask.Example, map[string]string{"example": e})
	}
	return ""
}

// Option words one of the answers to choose from.
func Option(c *text.Catalogue, q steps.Question, option string) string {
	if label := c.Questions[q.Key].Options[option]; label != "" {
		return label
	}
	return option
}

// Wrong words what is wrong with an answer, in one paragraph.
func Wrong(c *text.Catalogue, err error) string {
	p := c.Problem(err)
	return strings.TrimSpace(p.What + " " + p.Why)
}

// Choice says how far chosen regions are from each other, and how good the choice is: what was measured, what
// speaks against it, and where the figures are from.
func Choice(c *text.Catalogue, ids []string) (figures, stops []string, published string) {
	words := c.Screens.Ask
	for i, a := range ids {
		for _, b := range ids[i+1:] {
			rtt, measured := region.RTT(a, b)
			facts := map[string]string{"a": a, "b": b, "rtt": trip(rtt)}
			if !measured {
				facts["estimated"] = words.Estimate
			}
			figures = append(figures, text.Fill(words.Pair, facts))
		}
	}
	worst, ok := region.WorstPair(ids)
	if !ok {
		return figures, nil, ""
	}
	s := region.Score(ids)
	n := strconv.Itoa
	if len(figures) > 6 {
		figures = nil // the worst one says it
	}
	figures = append(figures,
		text.Fill(words.Worst, map[string]string{"a": worst.A, "b": worst.B, "rtt": trip(worst.RTT)}),
		text.Fill(words.Score, map[string]string{"total": n(s.Total()), "latency": n(s.Latency), "distance": n(s.Distance),
			"zones": n(s.Zones), "residency": n(s.Residency)}))
	for _, stop := range s.Stops {
		stops = append(stops, words.Stops[string(stop)])
	}
	return figures, stops, text.Fill(words.Published, map[string]string{"from": region.PublishedFrom, "to": region.PublishedTo})
}

func trip(d time.Duration) string {
	return strconv.FormatInt(d.Round(time.Millisecond).Milliseconds(), 10) + " ms"
}

// Testing says that a console is being asked.
func Testing(c *text.Catalogue, region string) string {
	return text.Fill(c.Screens.Ask.Testing, map[string]string{"region": region})
}

// Answered says what a console has answered.
func Answered(c *text.Catalogue, region string, found steps.ConsoleTest) string {
	return text.Fill(c.Screens.Ask.Answers, map[string]string{"region": region, "rtt": trip(found.RoundTrip),
		"version": found.Version, "role": highest(found.Roles)})
}

// highest is the role that includes the others.
func highest(roles []string) string {
	for _, r := range []string{"manager", "writer", "reader"} {
		if slices.Contains(roles, r) {
			return r
		}
	}
	return strings.Join(roles, ", ")
}

// Phase says how far practice regions are.
func Phase(c *text.Catalogue, p PracticeProgress, elapsed string) string {
	return text.Fill(c.Screens.Phases[p.Phase], map[string]string{"item": p.Item, "index": strconv.Itoa(p.Index), "total": strconv.Itoa(p.Total), "elapsed": elapsed})
}
