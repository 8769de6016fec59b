package browser

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

// The UI is JavaScript, and what it takes follows from how that language treats a value. This file does as it
// does: which values count as none, what a blank is, how long a text is, and what its base64 forgives.

type object = map[string]any

// parse reads JSON as JSON.parse does: of keys that stand twice the last counts, and letters' case matters.
func parse(data []byte) (v any, err error) {
	err = json.Unmarshal(data, &v)
	return v, err
}

// withoutMark takes away the byte order mark, as a browser does that reads a file as text.
func withoutMark(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) }

// there tells whether a value counts as one: empty lists and objects do, an empty text and 0 do not.
func there(v any) bool {
	switch x := v.(type) {
	case nil:
		return false
	case bool:
		return x
	case float64:
		return x != 0
	case string:
		return x != ""
	}
	return true
}

// text is a value on which the UI calls a text's methods. Anything else breaks its program.
func text(v any, field string) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", silent(field + " is not a text")
	}
	return s, nil
}

func blank(r rune) bool { return r == '\ufeff' || r != '\u0085' && unicode.IsSpace(r) }

// long is a text's length as JavaScript counts it.
func long(s string) int { return len(utf16.Encode([]rune(s))) }

// fromBase64 is atob: blanks and missing padding are forgiven, and each byte becomes one character.
func fromBase64(s string) (string, bool) {
	s = strings.NewReplacer("\t", "", "\n", "", "\f", "", "\r", "", " ", "").Replace(s)
	if len(s)%4 == 0 {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
	}
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return "", false
	}
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return string(out), true
}

// toBase64 is btoa, which breaks on characters that are not one byte.
func toBase64(s string) (string, error) {
	var b []byte
	for _, r := range s {
		if r > 0xff {
			return "", silent("a character that base64 cannot take")
		}
		b = append(b, byte(r))
	}
	return base64.StdEncoding.EncodeToString(b), nil
}

// lines makes all of JavaScript's line ends one, for expressions that look at the ends of lines.
func lines(s string) string {
	return strings.NewReplacer("\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
}

var pem = regexp.MustCompile(`(?m)^-----BEGIN`)

// clean turns PEM, in clear or not, with line ends or with their escapes, into the base64 that wallets keep.
func clean(v any, field string) (any, error) {
	if !there(v) {
		return v, nil
	}
	s, err := text(v, field)
	if err != nil {
		return nil, err
	}
	s = strings.TrimFunc(s, blank)
	if !pem.MatchString(lines(s)) {
		if decoded, ok := fromBase64(s); ok {
			s = decoded
		}
	}
	if pem.MatchString(lines(s)) {
		s = strings.ReplaceAll(s, `\n`, "\n")
	}
	return toBase64(s)
}

// block recognises a kind of PEM by its first and last line. The UI looks at nothing between them.
type block struct{ begin, end *regexp.Regexp }

func blockOf(kind string) block {
	return block{regexp.MustCompile(`(?m)^-----BEGIN ` + kind + `-----`), regexp.MustCompile(`(?m)-----END ` + kind + `-----$`)}
}

var (
	certificates = blockOf("CERTIFICATE")
	privateKeys  = blockOf("PRIVATE KEY")
)

func (k block) fits(s string) bool {
	if s = lines(s); !k.begin.MatchString(s) {
		decoded, ok := fromBase64(s)
		if !ok {
			return false
		}
		s = lines(decoded)
	}
	return k.begin.MatchString(s) && k.end.MatchString(s)
}

const special = `!@#$%^&*()-_=+[{}]:;"',<.>?`

// badName says what is wrong with a name: the key of the UI's message, or nothing.
func badName(s string, most int, tooLong string) string {
	switch {
	case s != "" && strings.ContainsRune(special, []rune(s)[0]):
		return "no_special_first_char"
	case long(s) > most:
		return tooLong
	case strings.TrimLeftFunc(s, blank) != s:
		return "no_leading_whitespace"
	case strings.TrimRightFunc(s, blank) != s:
		return "no_trailing_whitespace"
	}
	return ""
}

func badIdentityName(s string) string { return badName(s, 64, "max_length_64") }
func badDisplayName(s string) string  { return badName(s, 30, "max_length_30") }

// isURL is what a browser's input field for addresses takes.
func isURL(s string) bool {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme == "" {
		return false
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss", "ftp":
		return u.Hostname() != ""
	}
	return true
}
