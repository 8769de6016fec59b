package consoles

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// typed finds the kind of a request's component in the route or the body.
func typed(a map[string]string, b body) (string, *answer) {
	kind := strings.ToLower(a["type"])
	if kind == "" {
		kind = textAt(b.fields, "type")
	}
	if !known(kind) {
		bad := invalid([]string{"Expected the component 'type' to be in the body or route."})
		return "", &bad
	}
	return kind, nil
}

// importOne keeps a document about something that exists elsewhere.
func (c *Console) importOne(r *http.Request, a map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	kind, bad := typed(a, b)
	if bad != nil {
		return *bad
	}
	old := howOf(r).version != "v3"
	rules := imports(kind)
	if old {
		rules = flatImports(kind)
	}
	if msgs := check(b, rules); len(msgs) > 0 {
		return invalid(msgs)
	}
	if old {
		b.fields = unflat(kind, b.fields)
	}
	return c.onboard(kind, b.fields)
}

func (c *Console) onboard(kind string, fields map[string]any) answer {
	if kind != kindMSP {
		if a := c.full(1); a != nil {
			return *a
		}
	}
	d := c.imported(kind, fields)
	if d.text("id") == "" {
		d, err := c.store.insert(d)
		if err != nil {
			return unstored()
		}
		return ok(shown(d, false))
	}
	switch free, err := c.store.insertAs(d); {
	case err != nil:
		return unstored()
	case !free:
		return fail(http.StatusConflict, "msg", "unable to onboard component b/c of id conflict. use a different component id.")
	}
	return ok(shown(d, false))
}

// imported is the document of an import.
func (c *Console) imported(kind string, fields map[string]any) document {
	d := document(maps.Clone(fields))
	d["type"], d["imported"], d["scheme_version"], d["timestamp"] = kind, true, "v1", c.o.Clock().UnixMilli()
	d["display_name"] = named(fields)
	if d["location"] == nil {
		d["location"] = "-"
	}
	d["tags"] = tags(kind, fields["tags"])
	switch kind {
	case kindMSP:
		for _, k := range []string{"admins", "tls_root_certs"} {
			if d[k] == nil {
				d[k] = []any{}
			}
		}
	case kindOrderer:
		if d["cluster_id"] == nil {
			d["cluster_id"] = idOf(d.text("cluster_name"))
		}
		d["consenter_proposal_fin"] = true
		fallthrough
	default:
		if d["msp"] == nil {
			d["msp"] = map[string]any{"component": map[string]any{}}
		}
	}
	return d
}

// named is a display name without what consoles strip from it.
func named(fields map[string]any) string {
	return strings.NewReplacer("<", "", ">", "", "`", "").Replace(textAt(fields, "display_name"))
}

// bulk imports a list without looking at it, as real consoles do (console-api.md 4.5).
func (c *Console) bulk(r *http.Request, _ map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	successes, errors := []any{}, []any{}
	for _, one := range b.list {
		fields, _ := one.(map[string]any)
		kind, bad := typed(nil, body{fields: fields})
		a := answer{}
		if bad != nil {
			a = *bad
		} else {
			a = c.onboard(kind, fields)
		}
		if a.status == http.StatusOK {
			successes = append(successes, a.body)
		} else {
			errors = append(errors, a.body)
		}
	}
	out := ok(map[string]any{"successes": successes, "errors": errors})
	if len(errors) > 0 {
		out.status = http.StatusMultiStatus
	}
	return out
}

// tags are those that were given and those that a console adds, each once.
func tags(kind string, given any, more ...string) []any {
	out := append([]string{kind}, more...)
	list, _ := given.([]any)
	for _, t := range list {
		if s, is := t.(string); is {
			out = append(out, strings.ToLower(s))
		}
	}
	slices.Sort(out)
	var all []any
	for _, t := range slices.Compact(out) {
		all = append(all, t)
	}
	return all
}

func unstored() answer {
	return fail(http.StatusInternalServerError, "msg", "unable to store component")
}

// editable lists the keys of documents that may be changed (console-api.md 4.6).
var editable = []string{"display_name", "api_url", "operations_url", "grpcwp_url", "msp", "msp_id", "location", "tags", "preferred_url",
	"cluster_name", "system_channel_id", "root_certs", "intermediate_certs", "admins", "tls_root_certs", "fabric_node_ous", "host_url"}

// shared are the keys that all nodes of an ordering service have alike.
var shared = []string{"cluster_name", "system_channel_id"}

func (c *Console) edit(r *http.Request, a map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	d, found := c.store.get(a["id"])
	if !found {
		return missing()
	}
	if msgs := check(b, imports(d.text("type")).only(editable)); len(msgs) > 0 {
		return invalid(msgs)
	}
	delete(b.fields, "type")
	edited := document{}
	err := c.store.update(func(all *data) {
		if d, found = all.Documents[a["id"]]; !found {
			return // deleted meanwhile
		}
		edited = maps.Clone(d)
		maps.Copy(edited, b.fields)
		edited["tags"], edited["edited_timestamp"] = tags(d.text("type"), edited["tags"]), c.o.Clock().UnixMilli()
		all.Documents[a["id"]] = edited
		all.share(edited, b.fields)
	})
	switch {
	case err != nil:
		return unstored()
	case !found:
		return missing()
	}
	out := shown(edited, true)
	out["message"] = "ok"
	return ok(out)
}

// share gives what was changed of one ordering node to the others of its service.
func (d *data) share(edited document, changes map[string]any) {
	if edited.text("type") != kindOrderer {
		return
	}
	for id, other := range d.Documents {
		if other.text("type") != kindOrderer || other.text("cluster_id") != edited.text("cluster_id") {
			continue
		}
		other = maps.Clone(other)
		for _, k := range shared {
			if v, there := changes[k]; there {
				other[k] = v
			}
		}
		d.Documents[id] = other
	}
}
