package consoles

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// field is one rule for a body: where, whether it must be there, and what is wrong with a value ("" when
// nothing is). The texts are those of a real console (console-transcripts.md).
type field struct {
	path     string // "msp.component.tls_cert"
	required bool
	check    func(path string, v any) string
}

var (
	idRule    = regexp.MustCompile(`^[a-z][a-z0-9_-]{2,63}$`)
	mspRule   = regexp.MustCompile(`^[A-Za-z0-9.-]*$`)
	httpRule  = regexp.MustCompile(`^https?://[\w\-._~]+`)
	grpcRule  = regexp.MustCompile(`^grpcs?://[\w\-._~]+:\d{1,5}$`)
	badSecret = regexp.MustCompile("[\\s:/<>#{}%`\\[\\]\\\\^~|\"]")
)

func isType(want string) func(string, any) string {
	return func(path string, v any) string {
		have := typeOf(v)
		if have == want {
			return ""
		}
		return fmt.Sprintf("Expected parameter '%s' to be of type: '%s', but instead was: '%s'.", path, want, have)
	}
}

func typeOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case nil:
		return "null"
	}
	return "object"
}

func isText(max int) func(string, any) string {
	return func(path string, v any) string {
		if msg := isType("string")(path, v); msg != "" {
			return msg
		}
		if n := len(v.(string)); max > 0 && n > max {
			return fmt.Sprintf("The field '%s' is too long. Max %d characters.", path, max)
		}
		return ""
	}
}

func isURL(rule *regexp.Regexp) func(string, any) string {
	return func(path string, v any) string {
		if s, ok := v.(string); ok && rule.MatchString(s) {
			return ""
		}
		return fmt.Sprintf("The field '%s' must be a url including the protocol, hostname/ip and port.", path)
	}
}

func isMSPID(path string, v any) string {
	if s, ok := v.(string); ok && mspRule.MatchString(s) && s != "." && s != ".." {
		return ""
	}
	return fmt.Sprintf("The field '%s' can only contain alphanumerics characters, dashes, and dots.", path)
}

func isID(path string, v any) string {
	if s, ok := v.(string); ok && idRule.MatchString(s) {
		return ""
	}
	return fmt.Sprintf("The field '%s' must start with a letter and only contain lower case letters, numbers, dashes and underscores (3-64 characters).", path)
}

// isCert takes base64 of a PEM certificate, X.509 v3 only (console-api.md 0.12).
func isCert(path string, v any) string {
	if s, ok := v.(string); ok && certificate(s) != nil {
		return ""
	}
	return fmt.Sprintf("Expected parameter '%s' to be a Base64 encoded PEM-string.", path)
}

func certificate(s string) *x509.Certificate {
	text := []byte(s)
	if b, err := base64.StdEncoding.DecodeString(s); err == nil {
		text = b
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil || c.Version != 3 {
		return nil
	}
	return c
}

func isCerts(least int) func(string, any) string {
	return func(path string, v any) string {
		list, ok := v.([]any)
		if !ok {
			return isType("array")(path, v)
		}
		if len(list) < least {
			return fmt.Sprintf("Expected parameter '%s' to have at least %d entries.", path, least)
		}
		for i, c := range list {
			if msg := isCert(fmt.Sprintf("%s[%d]", path, i), c); msg != "" {
				return msg
			}
		}
		return ""
	}
}

func oneOf(values ...string) func(string, any) string {
	return func(path string, v any) string {
		if s, ok := v.(string); ok && slices.Contains(values, s) {
			return ""
		}
		return fmt.Sprintf("Expected parameter '%s' to be one of these values: '%s'.", path, strings.Join(values, "', '"))
	}
}

func isEnrollText(path string, v any) string {
	if msg := isText(255)(path, v); msg != "" {
		return msg
	}
	if badSecret.MatchString(v.(string)) {
		return fmt.Sprintf("The field '%s' contains invalid characters.", path)
	}
	return ""
}

func isLocation(path string, v any) string {
	if v == deployedHere {
		return fmt.Sprintf("The field '%s' cannot be '%s'.", path, deployedHere)
	}
	return isText(1024)(path, v)
}

// check applies rules to a body, all of them, and then looks for keys that no rule knows.
func check(body map[string]any, fields []field, extraKeys bool) []string {
	var msgs []string
	known := map[string]bool{"type": true}
	for _, f := range fields {
		top, _, _ := strings.Cut(f.path, ".")
		known[top] = true
		v, there := at(body, f.path)
		switch {
		case !there && f.required:
			msgs = append(msgs, fmt.Sprintf("Expected parameter '%s' to exist.", f.path))
		case there && f.check != nil:
			if msg := f.check(f.path, v); msg != "" {
				msgs = append(msgs, msg)
			}
		}
	}
	if !extraKeys {
		for _, k := range slices.Sorted(maps.Keys(body)) {
			if !known[k] {
				msgs = append(msgs, fmt.Sprintf("Parameter '%s' is an unknown key for object.", k))
			}
		}
	}
	return msgs
}

// at follows a path of keys.
func at(body map[string]any, path string) (any, bool) {
	var v any = body
	for key := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[key]; !ok {
			return nil, false
		}
	}
	return v, true
}

func textAt(body map[string]any, path string) string {
	v, _ := at(body, path)
	s, _ := v.(string)
	return s
}

// decode reads a JSON object, or says what a console says about anything else.
func decode(r *http.Request) (map[string]any, *answer) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		a := fail(http.StatusBadRequest, "msg", "input error", "details", err.Error())
		return nil, &a
	}
	body := map[string]any{}
	if err := json.Unmarshal(b, &body); err != nil {
		a := fail(http.StatusBadRequest, "msg", "invalid json", "details", "SyntaxError: "+err.Error())
		return nil, &a
	}
	return body, nil
}
