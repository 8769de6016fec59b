package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"farol/state/secret"

	"gopkg.in/yaml.v3"
)

const canary = "Canary-7f3e9a"

// holders are the ways in which a secret lies inside other things when those are printed.
func holders() map[string]any {
	s := secret.FromString(canary)
	type hidden struct{ s secret.Secret }
	type shown struct{ S secret.Secret }
	return map[string]any{
		"itself":              s,
		"a pointer":           &s,
		"an unexported field": hidden{s},
		"behind a pointer":    &hidden{s},
		"an exported field":   shown{s},
		"a nested field":      struct{ h hidden }{hidden{s}},
		"a slice":             []secret.Secret{s},
		"a map":               map[string]secret.Secret{"k": s},
		"a hidden map":        struct{ m map[string]secret.Secret }{map[string]secret.Secret{"k": s}},
		"an interface":        struct{ v any }{s},
		"an error":            fmt.Errorf("with %v", s),
	}
}

// leaks tells whether a text holds the canary, in clear or in a form that a machine turns back.
func leaks(text string) bool {
	raw := []byte(canary)
	forms := []string{canary, hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)),
		strings.Trim(fmt.Sprint(raw), "[]"), strings.TrimPrefix(fmt.Sprintf("%#v", raw), "[]byte"),
		base64.StdEncoding.EncodeToString(raw)[:12]}
	return slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) })
}

func wantNoLeak(t *testing.T, text string) {
	t.Helper()
	if leaks(text) {
		t.Errorf("leaks: %s", text)
	}
}

func TestTheLeakCheckSeesLeaks(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%s", "%v", "%x", "%X", "%d", "%#v"} {
		if got := fmt.Sprintf(verb, []byte(canary)); !leaks(got) {
			t.Errorf("%s of the bare bytes passes: %s", verb, got)
		}
	}
}

func TestNoVerbPrintsASecret(t *testing.T) {
	t.Parallel()
	for name, v := range holders() {
		for _, verb := range "vsqxXdobceEfFgGtTpUw" {
			for _, flag := range []string{"", "+", "#", "-40", "05", " ", ".3"} {
				format := "%" + flag + string(verb)
				t.Run(name+" "+format, func(t *testing.T) { wantNoLeak(t, fmt.Sprintf(format, v)) })
			}
		}
	}
}

func TestPrintsItsMask(t *testing.T) {
	t.Parallel()
	s := secret.FromString(canary)
	for _, got := range []string{fmt.Sprint(s), fmt.Sprintf("%s", s), fmt.Sprintf("%#v", s), fmt.Sprintf("%q", s), s.String()} {
		if got != secret.Mask {
			t.Errorf("prints %q", got)
		}
	}
	if long := fmt.Sprint(secret.FromString(strings.Repeat("x", 100))); long != secret.Mask {
		t.Errorf("the mask tells the length: %q", long)
	}
}

func TestNoLogPrintsASecret(t *testing.T) {
	t.Parallel()
	for name, v := range holders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			slog.New(slog.NewTextHandler(&b, nil)).Info("m", "k", v)
			slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "k", v, slog.Group("g", "k", v))
			if b.Len() == 0 {
				t.Fatal("nothing was logged")
			}
			wantNoLeak(t, b.String())
		})
	}
}

func TestNoEncoderWritesASecret(t *testing.T) {
	t.Parallel()
	encoders := map[string]func(any) ([]byte, error){
		"json": json.Marshal,
		"yaml": yaml.Marshal,
		"xml":  xml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return b.Bytes(), err
		},
	}
	for encoder, encode := range encoders {
		for name, v := range holders() {
			t.Run(encoder+" "+name, func(t *testing.T) {
				t.Parallel()
				data, err := encode(v)
				wantNoLeak(t, string(data))
				if err != nil {
					wantNoLeak(t, err.Error())
				}
			})
		}
		t.Run(encoder+" refuses", func(t *testing.T) {
			t.Parallel()
			for _, v := range []any{secret.FromString(canary), struct{ S secret.Secret }{secret.FromString(canary)}} {
				if _, err := encode(v); err == nil {
					t.Errorf("%T was written: whoever reads it back has a mask for a secret", v)
				}
			}
		})
	}
	if _, err := json.Marshal(secret.FromString(canary)); !errors.Is(err, secret.ErrMarshal) {
		t.Errorf("json says %v", err)
	}
}

func TestRevealLendsACopyAndWipesIt(t *testing.T) {
	t.Parallel()
	given := []byte(canary)
	s := secret.New(given)
	clear(given) // the caller may wipe what it gave
	var kept []byte
	s.Reveal(func(b []byte) {
		if string(b) != canary {
			t.Errorf("lent %q", b)
		}
		kept = b
	})
	if !bytes.Equal(kept, make([]byte, len(canary))) {
		t.Errorf("after the loan the copy holds %q", kept)
	}
	if s.Expose() != canary {
		t.Errorf("wiping the copy wiped the secret: %q", s.Expose())
	}
}

func TestRevealWipesAlsoWhenItsUserPanics(t *testing.T) {
	t.Parallel()
	var kept []byte
	func() {
		defer func() { _ = recover() }()
		secret.FromString(canary).Reveal(func(b []byte) { kept = b; panic("x") })
	}()
	if len(kept) == 0 || bytes.Contains(kept, []byte("Canary")) {
		t.Errorf("the copy holds %q", kept)
	}
}

func TestTheZeroSecretIsEmpty(t *testing.T) {
	t.Parallel()
	var zero secret.Secret
	for _, s := range []secret.Secret{zero, secret.FromString("")} {
		called := false
		s.Reveal(func(b []byte) { called = len(b) == 0 })
		if !s.IsZero() || s.Expose() != "" || !called {
			t.Error("it holds something")
		}
	}
	if secret.FromString("x").IsZero() {
		t.Error("a secret counts as empty")
	}
}

func TestRandomSecretsAreLongAndDifferent(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		s := secret.Random(24).Expose()
		if len(s) != 24 || seen[s] || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			t.Errorf("random secret of %d characters, again %v", len(s), seen[s])
		}
		seen[s] = true
	}
}
