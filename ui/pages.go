package ui

import (
	"strings"

	"farol/steps"
	"farol/ui/guide"
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
		known := guide.Known(q, practice)
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

// about says why a page asks.
func (p page) about(m *model) string {
	out := guide.Why(m.words, p.screen, p.region)
	if len(p.qs) == 0 {
		out += "\n" + m.words.Screens.Ask.Practice
	}
	return out
}

// choice says how far chosen regions are from each other, and how good the choice is.
func choice(m *model, ids []string) []string {
	out, stops, published := guide.Choice(m.words, ids)
	for _, stop := range stops {
		out = append(out, styles.Ask.Render(stop))
	}
	if published != "" {
		out = append(out, published)
	}
	return out
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
