package text

import "strings"

// missing stands for a fact that a sentence cannot do without, and that nobody gave.
const missing = "unknown"

// Fill puts facts into a template. What it puts in is inert and short. A part in square brackets is left out
// when one of its facts is missing or empty; parts do not nest.
func Fill(template string, facts map[string]string) string {
	var out strings.Builder
	for template != "" {
		before, rest, found := strings.Cut(template, "[")
		filled, _ := fill(before, facts)
		out.WriteString(filled)
		if !found {
			break
		}
		part, after, _ := strings.Cut(rest, "]")
		if filled, complete := fill(part, facts); complete {
			out.WriteString(filled)
		}
		template = after
	}
	return out.String()
}

// fill replaces the names in braces, and tells whether all facts were there.
func fill(part string, facts map[string]string) (filled string, complete bool) {
	var out strings.Builder
	complete = true
	for {
		before, rest, found := strings.Cut(part, "{")
		out.WriteString(before)
		if !found {
			return out.String(), complete
		}
		name, after, _ := strings.Cut(rest, "}")
		fact := Short(Inert(facts[name]), MaxFact)
		if fact == "" {
			fact, complete = missing, false
		}
		out.WriteString(fact)
		part = after
	}
}
