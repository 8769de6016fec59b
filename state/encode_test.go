package state

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"farol/state/fault"
)

func TestKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	f := File{Schema: Schema, MinReader: Schema, Tool: "1.0.0", Lineage: "l", Serial: 7, Updated: noon,
		By: Author{"maria", "bastion-1"}, Setup: sample(), Steps: []Checkpoint{step(0), {ID: "b", Status: Todo}}}
	data, err := encode(f)
	must(t, err)
	back, err := decode(FileName, data)
	must(t, err)
	if !reflect.DeepEqual(f, back) {
		t.Errorf("gave %+v\ngot  %+v", f, back)
	}
}

func TestRefusesEveryPrefix(t *testing.T) {
	t.Parallel()
	data := bytesOf(t, filepath.Join(left(t, 2), FileName))
	for n := range data {
		if _, err := decode(FileName, data[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes pass", n, len(data))
		}
	}
}

func TestCallsWhatLostItsFooterDamagedAndNotEdited(t *testing.T) {
	t.Parallel()
	data := bytesOf(t, filepath.Join(left(t, 2), FileName))
	body, _, _ := unseal(data)
	for n := range len(body) + len(end) + len("# integrity: sha256:") {
		_, err := decode(FileName, data[:n])
		wantCode(t, err, CodeDamaged)
	}
}

func TestRefusesEveryFlippedBit(t *testing.T) {
	t.Parallel()
	data := bytesOf(t, filepath.Join(left(t, 1), FileName))
	bits := 8
	if testing.Short() {
		bits = 1
	}
	for i := range data {
		for bit := range bits {
			data[i] ^= 1 << bit
			if _, err := decode(FileName, data); err == nil {
				t.Fatalf("bit %d of byte %d may flip", bit, i)
			}
			data[i] ^= 1 << bit
		}
	}
}

func TestRefusesDocumentsThatAreNotPlain(t *testing.T) {
	t.Parallel()
	const head = "schema: 1\nlineage: l\nserial: 1\n"
	tests := map[string]string{
		"nothing":              "",
		"not a mapping":        "- 1\n",
		"an unknown field":     head + "colour: red\n",
		"a field twice":        head + "tool: a\ntool: b\n",
		"an anchor":            head + "tool: &a x\n",
		"an alias":             head + "tool: &a x\nby: {user: *a}\n",
		"a merge":              head + "by:\n  <<: {user: x}\n",
		"a custom tag":         head + "tool: !secret x\n",
		"a standard tag":       head + "tool: !!str x\n",
		"a block text":         head + "tool: |\n  x\n",
		"a second document":    head + "---\nschema: 1\n",
		"text after its end":   head + "...\nschema: 1\n",
		"a text of 64 KiB + 1": head + "tool: " + strings.Repeat("x", 64<<10+1) + "\n",
		"depth 33":             head + "by: " + strings.Repeat("[", 33) + strings.Repeat("]", 33) + "\n",
		"no lineage":           "schema: 1\nserial: 1\n",
		"serial 0":             "schema: 1\nlineage: l\nserial: 0\n",
		"schema 0":             "schema: 0\nlineage: l\nserial: 1\n",
		"5 MiB":                head + strings.Repeat("# comment\n", 5<<20/10),
	}
	if _, err := decode(FileName, seal([]byte(head))); err != nil {
		t.Fatalf("the head alone must pass: %v", err)
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := wantCode(t, second(decode(FileName, seal([]byte(body)))), CodeDamaged)
			if f.Err == nil {
				t.Error("the log needs the cause")
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func TestNamesTheNewerFarolThatWroteIt(t *testing.T) {
	t.Parallel()
	_, err := decode(FileName, seal([]byte("schema: 2\ntool: 9.9.9\nnew_field: yes\n")))
	f := wantCode(t, err, CodeNewer)
	if f.Facts["tool"] != "9.9.9" || f.Facts["schema"] != "2" {
		t.Errorf("facts %v", f.Facts)
	}
}

func TestSavesAnyTextOfAFarSide(t *testing.T) {
	t.Parallel()
	letters := []rune("ab \n\t\r:#-|>'\"{}[]&*!%@`,?\u0085\u2028\ufeff\ufffe\U0010ffff\u0000\u0007\x1b\u202e\u200b\ufffdé世<=~.0159ynex")
	for range 2000 {
		var b strings.Builder
		for range rand.IntN(12) {
			b.WriteRune(letters[rand.IntN(len(letters))])
		}
		keepsFact(t, b.String())
	}
	keepsFact(t, "<<")
	keepsFact(t, "\xff\xfe\x00")
	keepsFact(t, "\tgoroutine 1\n\tmain.go:1\n")
	keepsFact(t, strings.Repeat("é", 64<<10))
}

// keepsFact saves a text as evidence and as a fact, and expects it back in one line.
func keepsFact(t *testing.T, text string) {
	t.Helper()
	f := File{Schema: 1, Lineage: "l", Serial: 1, Steps: []Checkpoint{{ID: "a",
		Evidence: map[string]string{"k": text}, Error: &Failure{Code: "c", Facts: map[string]string{"k": text}}}}}
	data, err := encode(f)
	if err != nil {
		t.Fatalf("%.40q cannot be saved: %v", text, err)
	}
	back, err := decode(FileName, data)
	must(t, err)
	got := back.Steps[0].Evidence["k"]
	if want := tidyFacts(map[string]string{"k": text})["k"]; got != want || got != back.Steps[0].Error.Facts["k"] {
		t.Fatalf("%.40q came back as %.40q", text, got)
	}
	if strings.ContainsAny(got, "\n\r\x1b") || len(got) > maxString {
		t.Fatalf("%.40q is not one short line", got)
	}
	if f.Steps[0].Evidence["k"] != text {
		t.Fatal("saving changed the caller's map")
	}
}

func TestSavesNoAnswerThatWouldComeBackDifferent(t *testing.T) {
	t.Parallel()
	s := begun(t)
	for _, name := range []string{"\nx", "a\nb", "\xff", strings.Repeat("x", 64<<10+1)} {
		err := s.Update(func(f *File) { f.Setup.Name = name })
		wantCode(t, err, CodeUnfit)
	}
	if got := s.File().Setup.Name; got != sample().Name {
		t.Errorf("name is now %q", got)
	}
}

func TestTellsAnEditFromDamage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, from, to string
		want           fault.Code
	}{
		{"another value", "name: Org1 on trade", "name: Org1 on trading", CodeEdited},
		{"a comment", "schema: 1", "# mine\nschema: 1", CodeEdited},
		{"another length in the footer", "  bytes: ", "  bytes: 1", CodeEdited},
		{"a field that is unknown", "schema: 1", "schema: 1\ncolour: red", CodeDamaged},
		{"no footer", "# integrity", "# farewell", CodeDamaged},
		{"no YAML", "schema: 1", "schema: [", CodeDamaged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := left(t, 1)
			spoil(t, filepath.Join(dir, FileName), tt.from, tt.to)
			_, err := Read(dir)
			f := wantCode(t, err, tt.want)
			if tt.want == CodeEdited && f.Facts["serial"] != "2" {
				t.Errorf("facts %v", f.Facts)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	data, err := encode(File{Schema: 1, Lineage: "l", Serial: 1, Updated: time.Unix(0, 0), Setup: sample()})
	if err != nil {
		f.Fatal(err)
	}
	body, _, _ := unseal(data)
	f.Add(body)
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decode(os.DevNull, seal(body))
		if err == nil && (got.Lineage == "" || got.Serial < 1) {
			t.Errorf("%+v passes", got)
		}
		if _, ok := fault.Of(err); err != nil && !ok {
			t.Errorf("%v is no fault", err)
		}
	})
}
