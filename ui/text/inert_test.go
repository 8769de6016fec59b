package text

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

// hostile holds one of each kind of character that a terminal obeys or hides.
const hostile = "a\x00\x07\x1b]0;t\x07\u009b31m\u202e\u2066\u200b\u200d\ufeff\u00ad\u034f\u2028\U000e0041\ufe0f\x7f\xffz"

func TestInertReplacesWhatIsObeyedOrHidden(t *testing.T) {
	t.Parallel()
	got := Inert(hostile)
	for _, r := range got {
		if r < ' ' || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector) {
			t.Errorf("%q keeps %U", got, r)
		}
	}
	if !strings.HasPrefix(got, "a") || !strings.HasSuffix(got, "z") {
		t.Errorf("%q lost what is harmless", got)
	}
}

func TestInertKeepsHonestText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"Org1 Admin", "São Paulo · 東京 ✓", "cafe\u0301", "https://a.example:7051/x?y=[z]"} {
		if got := Inert(s); got != s {
			t.Errorf("Inert(%q) = %q", s, got)
		}
	}
	if got := Inert("two\nlines\tand a tab"); got != "two lines and a tab" {
		t.Errorf("line breaks became %q", got)
	}
}

func TestInertJSONLosesNothing(t *testing.T) {
	t.Parallel()
	want := strings.ToValidUTF8(hostile, "\ufffd")
	encoded, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	calm := InertJSON(append(encoded, '\n'))
	var got string
	if err := json.Unmarshal(calm, &got); err != nil {
		t.Fatalf("%s: %v", calm, err)
	}
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, r := range strings.TrimSuffix(string(calm), "\n") {
		if hidden(r) {
			t.Errorf("%s keeps %U", calm, r)
		}
	}
}
