package consoles

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// matters are the headers that clients look at. Others are not in the record.
var matters = []string{"Content-Type", "WWW-Authenticate", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"}

// reply is what a client sees of an answer.
type reply struct {
	status int
	header map[string]string
	body   string
}

func replyOf(status int, header http.Header, body string) reply {
	out := reply{status, map[string]string{}, body}
	for _, name := range matters {
		if v := header.Get(name); v != "" {
			out.header[name] = v
		}
	}
	return out
}

// unlike tells how an answer differs from the recorded one, after both were masked.
func unlike(e exchange, got reply, masks []mask, headers []headerMask) string {
	if got.status != e.status {
		return fmt.Sprintf("status %d, recorded %d: %.400s", got.status, e.status, got.body)
	}
	want, have := maps.Clone(e.header), maps.Clone(got.header)
	for _, m := range headers {
		if m.title == "" || m.title == e.title {
			m.header(want)
			m.header(have)
		}
	}
	if diff := gocmp.Diff(want, have); diff != "" {
		return "headers (-recorded +here)\n" + diff
	}
	if diff := gocmp.Diff(masked(e.title, e.answer, masks), masked(e.title, got.body, masks)); diff != "" {
		return "body (-recorded +here)\n" + diff
	}
	return ""
}

// header takes a header away, or, in every exchange, its value only.
func (m headerMask) header(h map[string]string) {
	switch {
	case m.title != "":
		delete(h, m.name)
	case h[m.name] != "":
		h[m.name] = "<masked>"
	}
}

// parsed is a body as a client sees it: JSON, or a text.
func parsed(s string) any {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	return v
}

func masked(title, body string, masks []mask) any {
	v := parsed(body)
	for _, m := range masks {
		if m.title == "" || m.title == title {
			v = m.put(v, strings.FieldsFunc(m.path, func(r rune) bool { return r == '.' }))
		}
	}
	return v
}

// put masks whatever a path leads to. A star is every element or value, two stars any depth, and a question mark
// keeps the elements that have a key.
func (m mask) put(v any, path []string) any {
	if len(path) == 0 {
		return m.how.of(v)
	}
	head, rest := path[0], path[1:]
	star, having, only := strings.Cut(head, "?")
	if only {
		head = star
	}
	switch v := v.(type) {
	case []any:
		for i, one := range v {
			switch fields, _ := one.(map[string]any); {
			case head == "**":
				v[i] = m.put(one, path)
			case head == "*" && (!only || fields[having] != nil):
				v[i] = m.put(one, rest)
			}
		}
	case map[string]any:
		for k, one := range v {
			switch {
			case head == "**" && k == rest[0]:
				m.set(v, k, one, rest[1:])
			case head == "**":
				v[k] = m.put(one, path)
			case head == "*" || head == k:
				m.set(v, k, one, rest)
			}
		}
	}
	return v
}

func (m mask) set(in map[string]any, k string, v any, rest []string) {
	if m.how == gone && len(rest) == 0 {
		delete(in, k)
		return
	}
	in[k] = m.put(v, rest)
}

// how is what a mask leaves of a value.
type how int

const (
	ofOneType how = iota // its JSON type
	shaped               // its keys and JSON types, down to the bottom
	gone                 // nothing
	unordered            // its elements, in any order
	deployed             // its elements that have a dep_component_id, in any order
)

func (h how) of(v any) any {
	switch h {
	case shaped:
		return shape(v)
	case unordered, deployed:
		list, _ := v.([]any)
		list = slices.DeleteFunc(list, func(v any) bool {
			fields, _ := v.(map[string]any)
			return h == deployed && fields["dep_component_id"] == nil
		})
		slices.SortFunc(list, func(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		return list
	}
	return typeName(v)
}

func typeName(v any) string { return fmt.Sprintf("<%T>", v) }

// shape is a value without its values. A list has the shape of its first element.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, one := range v {
			out[k] = shape(one)
		}
		return out
	case []any:
		if len(v) == 0 {
			return "[]"
		}
		return []any{shape(v[0])}
	}
	return typeName(v)
}

func TestAMaskHidesWhatItNamesAndNoMore(t *testing.T) {
	t.Parallel()
	const body = `{"a":1,"list":[{"a":2,"b":3},{"b":4,"e":1}],"in":{"a":{"c":5}}}`
	for _, e := range []struct {
		m    mask
		want string
	}{
		{mask{path: "a"}, `{"a":"<float64>","list":[{"a":2,"b":3},{"b":4,"e":1}],"in":{"a":{"c":5}}}`},
		{mask{path: "**.a"}, `{"a":"<float64>","list":[{"a":"<float64>","b":3},{"b":4,"e":1}],"in":{"a":"<map[string]interface {}>"}}`},
		{mask{path: "list.*.b", how: gone}, `{"a":1,"list":[{"a":2},{"e":1}],"in":{"a":{"c":5}}}`},
		{mask{path: "list.*?e.b", how: gone}, `{"a":1,"list":[{"a":2,"b":3},{"e":1}],"in":{"a":{"c":5}}}`},
		{mask{path: "in", how: shaped}, `{"a":1,"list":[{"a":2,"b":3},{"b":4,"e":1}],"in":{"a":{"c":"<float64>"}}}`},
		{mask{path: "list", how: unordered}, body},
		{mask{path: "list", how: deployed}, `{"a":1,"list":[],"in":{"a":{"c":5}}}`},
		{mask{title: "another", path: "a"}, body},
	} {
		if diff := gocmp.Diff(parsed(e.want), masked("this", body, []mask{e.m})); diff != "" {
			t.Errorf("%s %d (-want +got)\n%s", e.m.path, e.m.how, diff)
		}
	}
}
