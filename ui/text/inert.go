package text

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxFact is how many characters of one fact are shown. Names from other machines may be of any length.
const MaxFact = 300

// Inert makes text from other machines safe to print: control characters (so escape sequences too),
// characters that turn the direction of writing, and characters without a width are replaced by one that
// is seen. Line breaks and tabs become spaces, so that nobody can forge a line.
func Inert(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case hidden(r):
			return utf8.RuneError
		}
		return r
	}, s)
}

// InertJSON does the same for encoded JSON without losing anything: such characters become escapes.
func InertJSON(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for _, r := range string(b) {
		switch {
		case r < ' ' || !hidden(r): // below a space, encoded JSON has only its own line breaks
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			r -= 0x10000
			out = append(out, escape(0xd800+r>>10)+escape(0xdc00+r&0x3ff)...)
		default:
			out = append(out, escape(r)...)
		}
	}
	return out
}

func escape(r rune) string {
	hex := strconv.FormatInt(int64(r), 16)
	return `\u` + strings.Repeat("0", 4-len(hex)) + hex
}

// hidden tells whether a character is not seen, or changes how others are seen.
func hidden(r rune) bool {
	return !unicode.IsGraphic(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Short cuts text to at most max characters, with a mark where something is missing.
func Short(s string, max int) string {
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	return string([]rune(s)[:max-3]) + "..."
}
