package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFillLeavesOutAPartWhoseFactIsMissing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		template string
		facts    map[string]string
		want     string
	}{
		{"plain", nil, "plain"},
		{"to {host}.", map[string]string{"host": "a.example"}, "to a.example."},
		{"to {host}.", nil, "to unknown."},
		{"the console[ of {region}] refused", nil, "the console refused"},
		{"the console[ of {region}] refused", map[string]string{"region": "us-east"}, "the console of us-east refused"},
		{"[{a} and {b}. ]Then", map[string]string{"a": "x"}, "Then"},
		{"[{a}][{b}]", map[string]string{"b": "y"}, "y"},
		{"{a}", map[string]string{"a": "{b} [c]", "b": "never"}, "{b} [c]"},
	} {
		if got := Fill(tt.template, tt.facts); got != tt.want {
			t.Errorf("Fill(%q, %v) = %q, want %q", tt.template, tt.facts, got, tt.want)
		}
	}
}

func TestFillKeepsHostileFactsInertAndShort(t *testing.T) {
	t.Parallel()
	got := Fill("{name}", map[string]string{"name": "\x1b[31mred\n" + strings.Repeat("x", 10_000)})
	if strings.ContainsAny(got, "\x1b\n") || utf8.RuneCountInString(got) > MaxFact {
		t.Errorf("got %d characters: %.40q", utf8.RuneCountInString(got), got)
	}
}
