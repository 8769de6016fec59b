package consoles

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// body is what came with a request. Handlers read it, so nothing is read of a caller who was turned away.
type body struct {
	fields map[string]any
	keys   []string // of the fields, in the order in which they came
	list   []any    // when it was no object
	array  bool
}

// decode reads a JSON object or array, or says what a console says about anything else.
func decode(r *http.Request) (body, *answer) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return body{}, refused("input error", err.Error())
	}
	raw = bytes.TrimSpace(raw)
	b := body{fields: map[string]any{}}
	switch {
	case len(raw) == 0:
		return b, nil
	case raw[0] == '[':
		b.array = true
		err = json.Unmarshal(raw, &b.list)
	case raw[0] == '{':
		if err = json.Unmarshal(raw, &b.fields); err == nil {
			b.keys = keysOf(raw)
		}
	default:
		return body{}, refused("invalid json", unexpected(raw, 0))
	}
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return b, nil
	case errors.As(err, &syntax) && !strings.Contains(err.Error(), "unexpected end"):
		return body{}, refused("invalid json", unexpected(raw, int(syntax.Offset)-1))
	}
	return body{}, refused("input error", "SyntaxError: Unexpected end of JSON input")
}

func refused(msg, details string) *answer {
	a := fail(http.StatusBadRequest, "msg", msg, "details", details)
	return &a
}

// unexpected is how Node.js tells where JSON is wrong.
func unexpected(raw []byte, at int) string {
	return fmt.Sprintf("SyntaxError: Unexpected token '%c', \"%s\" is not valid JSON", raw[at], raw[:min(len(raw), 40)])
}

// keysOf lists the keys of an object in their order.
func keysOf(object []byte) []string {
	var out []string
	d := json.NewDecoder(bytes.NewReader(object))
	_, _ = d.Token() // {
	for d.More() {
		key, _ := d.Token()
		name, _ := key.(string)
		out = append(out, name)
		var value json.RawMessage
		if d.Decode(&value) != nil {
			break
		}
	}
	return out
}

// at follows a path of keys.
func at(fields map[string]any, path string) (any, bool) {
	var v any = fields
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

func textAt(fields map[string]any, path string) string {
	v, _ := at(fields, path)
	s, _ := v.(string)
	return s
}
