package consoles

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
)

// deployedHere is the location of what this console made.
const deployedHere = "ibm_saas"

// deploymentAttrs are left out of answers unless they are asked for (console-api.md 3).
var deploymentAttrs = []string{"resources", "storage", "version", "zone", "region", "state_db", "dep_component_id", "node_ou", "config_override", "crypto"}

// view is how much of a document is asked for.
type view struct{ deployment, ca, parsed bool }

// query checks the parameters of reads.
func query(r *http.Request) (view, *answer) {
	q := r.URL.Query()
	var msgs []string
	for _, name := range []string{"deployment_attrs", "ca_attrs", "parsed_certs", "cache"} {
		is := oneOf("included", "omitted")
		if name == "cache" {
			is = oneOf("skip", "use")
		}
		if q.Has(name) {
			msgs = append(msgs, is(name, q.Get(name))...)
		}
	}
	if len(msgs) > 0 {
		bad := invalid(msgs)
		return view{}, &bad
	}
	included := func(name string) bool { return q.Get(name) == "included" }
	return view{included("deployment_attrs") || howOf(r).version == "v1", included("ca_attrs"), included("parsed_certs")}, nil
}

// shown is a document as it is sent.
func (c *Console) shown(ctx context.Context, d document, v view) document {
	d = shown(d, v.deployment)
	if v.ca {
		c.addCAAttrs(ctx, d)
	}
	if v.parsed {
		d = withParsed(d)
	}
	return d
}

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
	v, bad := query(r)
	if bad != nil {
		return *bad
	}
	found := c.store.list(keep)
	if len(found) == 0 {
		return empty
	}
	for i, d := range found {
		found[i] = c.shown(r.Context(), d, v)
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
	return c.many(r, none("type"), func(d document) bool { return d.text("type") == strings.ToLower(a["type"]) })
}

func (c *Console) listTag(r *http.Request, a map[string]string) answer {
	return c.many(r, none("tag"), hasTag(a["tag"]))
}

// listMSP shows the certificates of every definition of one organization. Its keys are not sorted elsewhere, so
// it is the only list that shows parts of documents.
func (c *Console) listMSP(_ *http.Request, a map[string]string) answer {
	found := c.store.list(func(d document) bool { return d.text("type") == kindMSP && d.text("msp_id") == a["msp"] })
	if len(found) == 0 {
		return fail(http.StatusBadRequest, "msg", "MSP "+a["msp"]+" not found")
	}
	out := []any{}
	for _, d := range found {
		part := map[string]any{}
		for _, k := range []string{"msp_id", "root_certs", "admins", "tls_root_certs", "intermediate_certs"} {
			if d[k] != nil {
				part[k] = d[k]
			}
		}
		out = append(out, part)
	}
	return ok(map[string]any{"msps": out})
}

func missing() answer {
	return fail(http.StatusNotFound, "msg", "no components by this id exist", "reason", "missing")
}

func (c *Console) get(r *http.Request, a map[string]string) answer {
	v, bad := query(r)
	if bad != nil {
		return *bad
	}
	d, found := c.store.get(a["id"])
	if !found {
		return missing()
	}
	return ok(c.shown(r.Context(), d, v))
}

// deployed lists what runs in the cluster, known or not.
func (c *Console) deployed(r *http.Request, _ map[string]string) answer {
	nodes, err := c.o.Deployer.List(r.Context())
	if err != nil {
		return deployError(err)
	}
	out := []any{}
	for _, n := range nodes {
		one := c.running(n)
		if known := c.store.list(func(d document) bool { return d.text("dep_component_id") == n.ID }); len(known) > 0 {
			for _, k := range []string{"id", "type", "display_name", "resources", "storage", "version", "zone", "node_ou", "consenter_proposal_fin", "system_channel_id"} {
				if known[0][k] != nil {
					one[k] = known[0][k]
				}
			}
		} else {
			one["type"] = nil
			one["_error"] = "Unknown component to the IBP Console. This indicates an orphaned kubernetes deployment."
		}
		out = append(out, one)
	}
	return ok(map[string]any{"components": out})
}

// running is what a deployer says about a node, in the console's words.
func (c *Console) running(n Node) map[string]any {
	one := plain(document{"dep_component_id": n.ID, "api_url": n.APIURL, "operations_url": n.OperationsURL, "location": "-",
		"scheme_version": "v0", "region": c.o.Region, "msp": mspOf(n, nil)})
	if n.Kind == kindPeer {
		one["grpcwp_url"], one["state_db"] = n.GRPCWebURL, n.StateDB
	}
	if n.Kind == kindOrderer {
		one["grpcwp_url"], one["osnadmin_url"] = n.GRPCWebURL, n.AdminURL
	}
	return one
}

// plain turns a document into what reading it back from the file would give: bytes become base64, and keys
// without a value go.
func plain(d document) document {
	b, _ := json.Marshal(d) // maps, strings and bytes only
	out := document{}
	_ = json.Unmarshal(b, &out)
	maps.DeleteFunc(out, func(_ string, v any) bool { return v == nil })
	return out
}
