package ui

import (
	"strings"
	"time"

	"farol/steps"
	"farol/steps/region"
	"farol/ui/text"

	"strconv"
)

// page is what is asked at once: the questions of one screen, of one region where it has many.
type page struct {
	screen steps.Screen
	region string
	qs     []steps.Question // none: the page only tells
}

// pages cuts the questions into pages. In practice the regions come from a flag, and their consoles are
// known: those pages tell instead of asking.
func pages(d *steps.Draft, practice bool) []page {
	var out []page
	for _, q := range steps.Questions(d) {
		known := practice && (q.Screen == steps.RegionsScreen || q.Screen == steps.ConsolesScreen || q.Key == "ordering.file" || q.Key == "channel.name")
		last := len(out) - 1
		switch {
		case known && q.Key == "regions.list":
			out = append(out, page{screen: q.Screen})
		case known:
		case last < 0 || out[last].screen != q.Screen || out[last].region != q.Region || q.Screen == steps.RegionsScreen:
			out = append(out, page{q.Screen, q.Region, []steps.Question{q}})
		default:
			out[last].qs = append(out[last].qs, q)
		}
	}
	return short(out)
}

// perPage is how many lines of questions fit into 80x24 under the reason for them.
const perPage = 15

// short cuts pages that are too long. A console is asked whole, because it is tested whole.
func short(in []page) []page {
	var out []page
	for _, p := range in {
		whole, used := p.qs, 0
		if p.screen == steps.ConsolesScreen {
			out = append(out, p)
			continue
		}
		p.qs = nil
		for _, q := range whole {
			if used += lines(q); used > perPage && len(p.qs) > 0 {
				out = append(out, p)
				p.qs, used = nil, lines(q)
			}
			p.qs = append(p.qs, q)
		}
		out = append(out, p)
	}
	return out
}

// lines is the height of a question: its title, what it means, the answer, and a free line.
func lines(q steps.Question) int { return 3 + max(len(q.Options), 1) }

func (p page) name(n text.ScreenNames) string {
	return map[steps.Screen]string{steps.RegionsScreen: n.Regions, steps.ConsolesScreen: n.Consoles,
		steps.OrganizationScreen: n.Organization, steps.ChannelScreen: n.Channel}[p.screen]
}

// about says why a page asks.
func (p page) about(m *model) string {
	words := m.words.Screens.Ask
	out := words.Why[string(p.screen)]
	if len(p.qs) == 0 {
		out += "\n" + words.Practice
	}
	if r, ok := region.Find(p.region); ok {
		out = r.ID + " · " + r.City + "\n" + out
	}
	return out
}

// choice says how far chosen regions are from each other, and how good the choice is.
func choice(m *model, ids []string) []string {
	words := m.words.Screens.Ask
	var out []string
	for i, a := range ids {
		for _, b := range ids[i+1:] {
			rtt, measured := region.RTT(a, b)
			facts := map[string]string{"a": a, "b": b, "rtt": trip(rtt)}
			if !measured {
				facts["estimated"] = words.Estimate
			}
			out = append(out, text.Fill(words.Pair, facts))
		}
	}
	worst, ok := region.WorstPair(ids)
	if !ok {
		return out
	}
	s := region.Score(ids)
	n := strconv.Itoa
	if len(out) > 6 {
		out = nil // the worst one says it
	}
	out = append(out,
		text.Fill(words.Worst, map[string]string{"a": worst.A, "b": worst.B, "rtt": trip(worst.RTT)}),
		text.Fill(words.Score, map[string]string{"total": n(s.Total()), "latency": n(s.Latency), "distance": n(s.Distance),
			"zones": n(s.Zones), "residency": n(s.Residency)}))
	for _, stop := range s.Stops {
		out = append(out, styles.Ask.Render(words.Stops[string(stop)]))
	}
	return append(out, text.Fill(words.Published, map[string]string{"from": region.PublishedFrom, "to": region.PublishedTo}))
}

func trip(d time.Duration) string {
	return strconv.FormatInt(d.Round(time.Millisecond).Milliseconds(), 10) + " ms"
}

// ids lists the regions as they are chosen right now on the page.
func (s *questionScreen) ids(m *model) []string {
	if s.form != nil && len(s.form.fields) == 1 && s.form.fields[0].many != nil {
		return *s.form.fields[0].many
	}
	var out []string
	for _, r := range m.deps.Draft.Setup.Regions {
		out = append(out, r.ID)
	}
	return out
}

func joined(parts ...[]string) string {
	var out []string
	for _, p := range parts {
		if len(p) > 0 {
			out = append(out, strings.Join(p, "\n"))
		}
	}
	return strings.Join(out, "\n\n")
}
