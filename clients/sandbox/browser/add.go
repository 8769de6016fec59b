package browser

import (
	"strings"

	"farol/state/secret"
)

// addLimit is the largest file that the panel reads, in bytes.
const addLimit = 1_024_000

// Add is Wallet → Add identity → Upload JSON. The panel shows the name of the file's identity in a field; as is
// what the person types there instead, or empty. That is the only way in which the UI renames: it counts up
// nothing by itself.
func (w *Wallet) Add(file []byte, as string) error {
	items, err := uploaded(file)
	if err != nil {
		return err
	}
	if as != "" && there(items[0]["name"]) {
		items[0]["name"] = as
	}
	id, err := single(items)
	if err != nil {
		return err
	}
	return w.create([]named{id})
}

// uploaded reads the file as the panel does: one object or a list.
func uploaded(file []byte) ([]object, error) {
	if len(file) > addLimit {
		return nil, refuse(TooBig, saysTooBig)
	}
	v, err := parse(withoutMark(file))
	if err != nil {
		return nil, refuse(NotJSON, saysNotJSON)
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	if len(list) == 0 {
		return nil, silent("an empty list")
	}
	var out []object
	for _, v := range list {
		item, ok := v.(object)
		if _, list := v.([]any); list {
			item, ok = object{}, true // a list has no fields
		}
		if !ok {
			return nil, silent("not an object")
		}
		for _, field := range []string{"cert", "private_key"} {
			if item[field], err = clean(item[field], field); err != nil {
				return nil, err
			}
		}
		out = append(out, item)
	}
	return out, nil
}

// single gives the one identity that the panel lets pass, or the first complaint that stands in its list.
func single(items []object) (named, error) {
	var found named
	names := map[string]bool{}
	for i, item := range items {
		id, err := checked(item)
		switch {
		case err != nil:
			return named{}, err
		case names[id.name]:
			return named{}, refuse(Repeated, saysRepeated)
		case i > 0:
			return named{}, refuse(TooMany, saysTooMany)
		}
		names[id.name] = true
		found = id
	}
	return found, nil
}

// ruleWords are the UI's messages about a name.
var ruleWords = map[string]string{
	"no_special_first_char":  "The value of '${field}' may not start with a special character.",
	"max_length_64":          "The value of '${field}' may not be more than 64 characters in length.",
	"no_leading_whitespace":  "The value of '${field}' may not start with a whitespace character.",
	"no_trailing_whitespace": "The value of '${field}' may not end with a whitespace character.",
}

func about(field, words string) string { return strings.ReplaceAll(words, "${field}", field) }

// checked looks at the fields in the panel's order. It does not look at the type.
func checked(item object) (named, error) {
	for _, field := range []string{"name", "cert", "private_key"} {
		if !there(item[field]) {
			return named{}, refuse(Missing, about(field, saysMissing), "field", field)
		}
		s, err := text(item[field], field)
		if err != nil {
			return named{}, err
		}
		switch field {
		case "name":
			if rule := badIdentityName(s); rule != "" {
				return named{}, refuse(BadName, about(field, ruleWords[rule]))
			}
		case "cert":
			if !certificates.fits(strings.TrimFunc(s, blank)) {
				return named{}, refuse(Certificate, saysCertificate)
			}
		case "private_key":
			if !privateKeys.fits(s) {
				return named{}, refuse(PrivateKey, saysPrivateKey)
			}
		}
	}
	return named{item["name"].(string), Identity{Cert: item["cert"].(string), PrivateKey: secret.FromString(item["private_key"].(string))}}, nil
}
