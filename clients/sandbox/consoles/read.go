package consoles

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// deployedHere is the location of what this console made.
const deployedHere = "ibm_saas"

// deploymentAttrs are left out of answers unless they are asked for (console-api.md 3).
var deploymentAttrs = []string{"resources", "storage", "version", "zone", "region", "state_db", "dep_component_id", "node_ou", "config_override", "crypto"}

// query checks the parameters of reads.
func query(r *http.Request) (included bool, bad *answer) {
	for name, values := range map[string][]string{
		"deployment_attrs": {"included", "omitted"}, "ca_attrs": {"included", "omitted"}, "parsed_certs": {"included", "omitted"}, "cache": {"skip", "use"},
	} {
		v := r.URL.Query().Get(name)
		if r.URL.Query().Has(name) && !slices.Contains(values, v) {
			a := invalid([]string{"Expected query parameter '" + name + "' to be one of these values: '" + strings.Join(values, "', '") + "'."})
			return false, &a
		}
	}
	return r.URL.Query().Get("deployment_attrs") == "included", nil
}

// shown is a document as it is sent.
func shown(d document, included bool) document {
	out := maps.Clone(d)
	if included {
		return out
	}
	for _, k := range deploymentAttrs {
		delete(out, k)
	}
	if msp, isNode := out["msp"].(map[string]any); isNode {
		msp = maps.Clone(msp)
		if component, ok := msp["component"].(map[string]any); ok {
			component = maps.Clone(component)
			delete(component, "ecert")
			delete(component, "admin_certs")
			msp["component"] = component
		}
		out["msp"] = msp
	}
	return out
}

func (c *Console) many(r *http.Request, empty answer, keep func(document) bool) answer {
	included, bad := query(r)
	if bad != nil {
		return *bad
	}
	found := c.store.list(keep)
	if len(found) == 0 {
		return empty
	}
	for i, d := range found {
		found[i] = shown(d, included)
	}
	return ok(map[string]any{"components": found})
}

func (c *Console) list(r *http.Request, _ map[string]string) answer {
	return c.many(r, ok(map[string]any{"components": []any{}}), func(document) bool { return true })
}

// none is the status that consoles have for an empty list of a type or a tag.
func none(by string) answer {
	return answer{status: 222, body: map[string]any{"msg": "no components by " + by + " exist", "reason": "missing", "components": []any{}}}
}

func (c *Console) listType(r *http.Request, a map[string]string) answer {
	return c.many(r, none("type"), func(d document) bool { return d.text("type") == a["type"] })
}

func (c *Console) listTag(r *http.Request, a map[string]string) answer {
	return c.many(r, none("tag"), func(d document) bool {
		tags, _ := d["tags"].([]any)
		return slices.ContainsFunc(tags, func(t any) bool { s, _ := t.(string); return strings.EqualFold(s, a["tag"]) })
	})
}

func missing() answer {
	return fail(http.StatusNotFound, "msg", "no components by this id exist", "reason", "missing")
}

func (c *Console) get(r *http.Request, a map[string]string) answer {
	included, bad := query(r)
	if bad != nil {
		return *bad
	}
	d, found := c.store.get(a["id"])
	if !found {
		return missing()
	}
	return ok(shown(d, included))
}

// status asks the nodes whether they are well, all at once. Ids stand at the top level of the answer.
func (c *Console) status(r *http.Request, _ map[string]string) answer {
	body, bad := decode(r)
	if bad != nil {
		return *bad
	}
	asked, _ := body["components"].(map[string]any)
	if len(asked) == 0 {
		return invalid([]string{"Expected parameter 'components' to exist."})
	}
	type result struct {
		id string
		v  map[string]any
	}
	results := make(chan result)
	for id := range asked {
		go func() { results <- result{id, c.health(r.Context(), id)} }()
	}
	out := map[string]any{}
	for range asked {
		one := <-results
		out[one.id] = one.v
	}
	return answer{status: http.StatusMultiStatus, body: out}
}

func (c *Console) health(ctx context.Context, id string) map[string]any {
	d, found := c.store.get(id)
	url := ""
	switch {
	case found && d.text("type") == kindCA:
		url = d.text("api_url") + "/cainfo"
	case found && d.text("type") != kindMSP && d.text("operations_url") != "":
		url = d.text("operations_url") + "/healthz"
	default:
		return map[string]any{"status": nil, "error": "unknown component id", "status_url": "?"}
	}
	if err := c.o.Deployer.Healthy(ctx, url); err != nil {
		return map[string]any{"status": "not ok", "status_url": url}
	}
	return map[string]any{"status": "ok", "status_url": url}
}
