package consoles

import (
	"fmt"
	"slices"
)

// rule tells everything that is wrong with a value, in the words of a real console (console-transcripts.md).
type rule func(path string, v any) []string

// schema is how an object must be. A console tells first what is missing, then what is wrong with each value,
// then which keys it does not know.
type schema struct {
	required []string // in the order in which missing ones are told
	props    []prop   // in the order in which values are looked at
	open     bool     // other keys may stand there, too
	after    rule     // looks at the whole, last
}

type prop struct {
	name string
	is   rule
}

// check applies a schema to a body. The type may always stand there.
func check(b body, s schema) []string {
	msgs := s.values("", b.fields)
	if b.array {
		msgs = append(msgs, isType("array", "object")("", b.list)...)
	}
	msgs = append(msgs, s.unknown(b.keys)...)
	if s.after != nil {
		msgs = append(msgs, s.after("", b.fields)...)
	}
	return msgs
}

func (s schema) values(prefix string, fields map[string]any) []string {
	var msgs []string
	for _, name := range s.required {
		if _, there := fields[name]; !there {
			msgs = append(msgs, fmt.Sprintf("Expected parameter '%s' to exist.", prefix+name))
		}
	}
	for _, p := range s.props {
		if v, there := fields[p.name]; there && p.is != nil {
			msgs = append(msgs, p.is(prefix+p.name, v)...)
		}
	}
	return msgs
}

func (s schema) unknown(keys []string) []string {
	if s.open {
		return nil
	}
	var msgs []string
	for _, k := range keys {
		if k != "type" && !slices.ContainsFunc(s.props, func(p prop) bool { return p.name == k }) {
			msgs = append(msgs, fmt.Sprintf("Parameter '%s' is an unknown key for object.", k))
		}
	}
	return msgs
}

// only keeps the properties of some names, and requires none: what an edit may bring.
func (s schema) only(names []string) schema {
	out := schema{}
	for _, name := range names {
		i := slices.IndexFunc(s.props, func(p prop) bool { return p.name == name })
		if i < 0 {
			out.props = append(out.props, prop{name, nil})
			continue
		}
		out.props = append(out.props, s.props[i])
	}
	return out
}

// object is the rule that a value is an object of a schema. Keys that nobody knows are left alone inside.
func object(required []string, props ...prop) rule {
	s := schema{required: required, props: props}
	return func(path string, v any) []string {
		m, is := v.(map[string]any)
		if !is {
			return isType(typeOf(v), "object")(path, v)
		}
		return s.values(path+".", m)
	}
}

// each is the rule that a value is an array of least to most elements that follow a rule.
func each(least, most int, is rule) rule {
	return func(path string, v any) []string {
		list, array := v.([]any)
		switch {
		case !array:
			return isType(typeOf(v), "array")(path, v)
		case len(list) < least:
			return []string{fmt.Sprintf("Expected parameter '%s' is too small. Array must have >= %d element(s).", path, least)}
		case len(list) > most:
			return []string{fmt.Sprintf("Expected parameter '%s' is too large. Array must have <= %d element(s).", path, most)}
		}
		var msgs []string
		for i, one := range list {
			msgs = append(msgs, is(fmt.Sprintf("%s[%d]", path, i), one)...)
		}
		return msgs
	}
}

// isType is the rule that a value of one type should be of another.
func isType(have, want string) rule {
	return func(path string, _ any) []string {
		if have == want {
			return nil
		}
		return []string{fmt.Sprintf("Expected parameter '%s' to be of type: '%s', but instead was: '%s'.", path, want, have)}
	}
}

func ofType(want string) rule {
	return func(path string, v any) []string { return isType(typeOf(v), want)(path, v) }
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
