package text

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"farol/state"
	"farol/state/fault"
	"farol/steps"
)

func TestNoWordIsEmpty(t *testing.T) {
	t.Parallel()
	for _, c := range catalogues() {
		visitStrings(reflect.ValueOf(*c), c.Tag.String(), func(path, s string) {
			if s == "" && !strings.HasSuffix(path, ".Example") { // what is chosen from a list needs none
				t.Errorf("%s is empty", path)
			}
			if strings.Contains(s, "!") && !strings.Contains(path, "Unknown") {
				t.Errorf("%s shouts: %q", path, s)
			}
		})
	}
}

// visitStrings visits every string of a value, with its path.
func visitStrings(v reflect.Value, path string, visit func(path, s string)) {
	switch v.Kind() {
	case reflect.String:
		visit(path, v.String())
	case reflect.Struct:
		if v.Type().PkgPath() != "farol/ui/text" {
			return
		}
		for i := range v.NumField() {
			visitStrings(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			visitStrings(v.MapIndex(k), fmt.Sprintf("%s[%v]", path, k), visit)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			visitStrings(v.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)
		}
	}
}

// facts are the names that faults, gates and risks give (the comments behind each code).
var facts = strings.Fields(`a actions allowed backup backup_serial b cause cc channel code command console detail dir
	expires fault field fingerprint free from got have host id identity item key kind length limit line list log max message messages min minimum missing mode msp
	name names need options organization path pid policy prev prev_serial probe problem program proxy question questions
	reason region regions schema sequence serial since status step subject target to tool transaction user value wait
	waited wanted want what where`)

var placeholder = regexp.MustCompile(`\{([^}]*)\}`)

func TestProblemsNameOnlyFactsThatExist(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, f := range facts {
		known[f] = true
	}
	for _, c := range catalogues() {
		for _, part := range []any{c.Problems, c.Gates, c.Risks, c.Unworded} {
			visitStrings(reflect.ValueOf(part), c.Tag.String(), func(path, s string) {
				for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
					if !known[m[1]] {
						t.Errorf("%s names {%s}, which nobody gives", path, m[1])
					}
				}
				if strings.Count(s, "[") != strings.Count(s, "]") || strings.Count(s, "{") != strings.Count(s, "}") {
					t.Errorf("%s is not balanced: %q", path, s)
				}
			})
		}
	}
}

// untidy finds what a template looks like when a fact was cut out of it without care.
var untidy = regexp.MustCompile(`[{}\[\]]|  | [.,:]|^[ .,:]|[^.]$|\(\)`)

func TestProblemsReadWellWithAndWithoutFacts(t *testing.T) {
	t.Parallel()
	all := map[string]string{}
	for _, f := range facts {
		all[f] = "x-" + f
	}
	for _, c := range catalogues() {
		for code := range c.Problems {
			for _, given := range []map[string]string{nil, all} {
				p := c.Problem(&fault.Fault{Code: code, Facts: given})
				for _, s := range []string{p.What, p.Why, p.Do} {
					if untidy.MatchString(s) {
						t.Errorf("%s with %d facts: %q", code, len(given), s)
					}
				}
			}
		}
	}
}

func TestProblemFindsTheFaultInAChain(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("while testing: %w", fault.New("steps.same-console", "a", "us-south", "b", "us-east"))
	if got, want := English.Problem(err).What, "The regions us-south and us-east have the same console."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProblemIsHonestAboutWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	if got := English.Problem(fault.New("future.code", "code", "19")); !strings.Contains(got.What, "future.code") {
		t.Errorf("an unknown code is not shown: %+v", got)
	}
	if got := English.Problem(errors.New("odd\x1b[2J")); !strings.Contains(got.Why, "odd") || strings.Contains(got.Why, "\x1b") {
		t.Errorf("a plain error became %+v", got)
	}
	if got := English.Problem(context.Canceled); got.What != English.Problems[Stopped].What {
		t.Errorf("a stopped run became %+v", got)
	}
	if got := English.Problem(nil); got != (Problem{}) {
		t.Errorf("no error became %+v", got)
	}
}

func TestFailureKnowsItsPlaceAndItsReasons(t *testing.T) {
	t.Parallel()
	got := English.Failure(&state.Failure{Code: "steps.role", Facts: map[string]string{"have": "reader", "need": "manager"}}, Place{Region: "us-east"})
	if !strings.Contains(got.What, "us-east") {
		t.Errorf("the place is missing: %q", got.What)
	}
	got = English.Failure(&state.Failure{Code: "steps.path", Facts: map[string]string{"path": "a.json", "reason": "missing"}}, Place{})
	if !strings.Contains(got.Why, "there is no such file") {
		t.Errorf("the reason is not worded: %q", got.Why)
	}
}

func TestEveryStatusHasItsOwnMark(t *testing.T) {
	t.Parallel()
	glyphs, ascii, words := map[string]bool{}, map[string]bool{}, map[string]bool{}
	all := []state.Status{state.Todo, state.Doing, state.Done, state.Failed, state.Unknown, state.Drifted, state.Skipped, state.Waiting, state.Confirmed}
	for _, s := range all {
		m := English.Status(s)
		glyphs[m.Glyph], ascii[m.ASCII], words[m.Word] = true, true, true
		if len(m.ASCII) != 1 || m.ASCII[0] >= 0x7f {
			t.Errorf("%s: %q is not one ASCII character", s, m.ASCII)
		}
	}
	if len(glyphs) != len(all) || len(ascii) != len(all) || len(words) != len(all) {
		t.Errorf("%d statuses have %d glyphs, %d ASCII glyphs and %d words", len(all), len(glyphs), len(ascii), len(words))
	}
}

func TestAStatusOfALaterVersionIsUnknown(t *testing.T) {
	t.Parallel()
	for _, s := range []state.Status{"", "splendid"} {
		if got := English.Status(s); got != English.Statuses.Unknown {
			t.Errorf("%q is shown as %v", s, got)
		}
	}
}

func TestForTakesWhatFitsTheFirstWishBest(t *testing.T) {
	t.Parallel()
	spoken := []language.Tag{language.English, language.BrazilianPortuguese}
	for _, tt := range []struct {
		wishes []string
		want   int
	}{
		{nil, 0}, {[]string{"", ""}, 0}, {[]string{"C.UTF-8"}, 0}, {[]string{"POSIX"}, 0}, {[]string{"xx"}, 0}, {[]string{"%%%"}, 0},
		{[]string{"", "en_GB.UTF-8"}, 0}, {[]string{"de,en;q=0.5"}, 0}, {[]string{"en", "pt_BR"}, 0},
		{[]string{"pt_BR.UTF-8"}, 1}, {[]string{"", "pt"}, 1}, {[]string{"pt-PT"}, 1}, {[]string{"pt_BR@euro"}, 1},
	} {
		if got := match(spoken, tt.wishes); got != tt.want {
			t.Errorf("%q gives language %d, want %d", tt.wishes, got, tt.want)
		}
	}
	if For("") != &English {
		t.Error("no wish does not give English")
	}
}

func TestHandOffInstructionsSayWhomAndWhatToCompare(t *testing.T) {
	t.Parallel()
	h := steps.HandOff{Organization: "Org1", MSPID: "Org1MSP", Channel: "trade",
		Files: map[string]string{"organization_msp.json": "aabb"}, Roots: []string{"ccdd"}}
	got := string(English.HandOff(h))
	for _, want := range []string{"Org1MSP", "trade", "aabb  organization_msp.json", "ccdd"} {
		if !strings.Contains(got, want) {
			t.Errorf("the instructions lack %q:\n%s", want, got)
		}
	}
	if again := string(English.HandOff(h)); again != got {
		t.Error("the same facts gave other bytes")
	}
}
