package consoles

import (
	"maps"
	"net/http"
	"slices"
)

// importOne keeps a document about something that exists elsewhere.
func (c *Console) importOne(r *http.Request, a map[string]string) answer {
	body, bad := decode(r)
	if bad != nil {
		return *bad
	}
	kind := a["type"]
	fields, extra := imports(kind)
	if msgs := check(body, fields, extra); len(msgs) > 0 {
		return invalid(msgs)
	}
	c.making.Lock()
	defer c.making.Unlock()
	id, given := body["id"].(string)
	if !given {
		id = free(idOf(textAt(body, "display_name")), c.taken)
	} else if c.taken(id) {
		return fail(http.StatusConflict, "msg", "unable to onboard component b/c of id conflict. use a different component id.")
	}
	d := document(maps.Clone(body))
	d["id"], d["type"], d["imported"], d["scheme_version"] = id, kind, true, "v1"
	d["timestamp"] = c.o.Clock().UnixMilli()
	if d["location"] == nil {
		d["location"] = "-"
	}
	d["tags"] = tags(kind, body["tags"])
	if kind == kindOrderer && d["cluster_id"] == nil {
		d["cluster_id"] = id
	}
	return c.keep(d, ok(shown(d, false)))
}

func tags(kind string, given any) []any {
	out := []any{kind}
	list, _ := given.([]any)
	for _, t := range list {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func (c *Console) taken(id string) bool {
	_, there := c.store.get(id)
	return there
}

// keep stores a document and sends an answer.
func (c *Console) keep(d document, then answer) answer {
	if err := c.store.update(func(all *data) { all.Documents[d.text("id")] = d }); err != nil {
		return fail(http.StatusInternalServerError, "msg", "unable to store component")
	}
	return then
}

// editable lists the keys of documents that may be changed (console-api.md 4.6).
var editable = []string{"display_name", "api_url", "operations_url", "grpcwp_url", "msp", "msp_id", "location", "tags", "preferred_url",
	"cluster_name", "system_channel_id", "root_certs", "intermediate_certs", "admins", "tls_root_certs", "fabric_node_ous", "host_url"}

func (c *Console) edit(r *http.Request, a map[string]string) answer {
	body, bad := decode(r)
	if bad != nil {
		return *bad
	}
	d, found := c.store.get(a["id"])
	if !found {
		return missing()
	}
	var msgs []string
	for _, k := range slices.Sorted(maps.Keys(body)) {
		if k != "type" && !slices.Contains(editable, k) {
			msgs = append(msgs, "Parameter '"+k+"' is an unknown key for object.")
		}
	}
	if len(msgs) > 0 {
		return invalid(msgs)
	}
	d = maps.Clone(d)
	maps.Copy(d, body)
	d["tags"], d["edited_timestamp"] = tags(d.text("type"), d["tags"]), c.o.Clock().UnixMilli()
	out := shown(d, false)
	out["message"] = "ok"
	return c.keep(d, ok(out))
}

func (c *Console) forget(d document, message string) answer {
	id := d.text("id")
	if err := c.store.update(func(all *data) { delete(all.Documents, id) }); err != nil {
		return fail(http.StatusInternalServerError, "msg", "unable to delete component")
	}
	return ok(map[string]any{"message": message, "type": d.text("type"), "id": id, "display_name": d.text("display_name")})
}

// remove forgets a document only. On a node that this console made, the deployment goes on without anybody
// knowing: the orphan trap of real consoles (console-api.md 4.10).
func (c *Console) remove(_ *http.Request, a map[string]string) answer {
	d, found := c.store.get(a["id"])
	if !found {
		return missing()
	}
	return c.forget(d, "deleted")
}

// deleteNode ends a node that this console made, and forgets it.
func (c *Console) deleteNode(r *http.Request, a map[string]string) answer {
	d, found := c.store.get(a["id"])
	switch {
	case !found:
		return missing()
	case d["imported"] == true:
		return fail(http.StatusBadRequest, "msg", "This api is not applicable on imported components.")
	}
	if err := c.o.Deployer.Delete(r.Context(), d.text("type"), d.text("dep_component_id")); err != nil && r.URL.Query().Get("force") != "yes" {
		return deployError(err)
	}
	return c.forget(d, "deleted")
}

// deleteDeployment ends a deployment that may have no document: the cure for orphans. The answer is empty.
func (c *Console) deleteDeployment(r *http.Request, a map[string]string) answer {
	if err := c.o.Deployer.Delete(r.Context(), a["type"], a["deployment"]); err != nil {
		return deployError(err)
	}
	return answer{status: http.StatusOK}
}

// deployed lists what runs in the cluster, known or not.
func (c *Console) deployed(r *http.Request, _ map[string]string) answer {
	nodes, err := c.o.Deployer.List(r.Context())
	if err != nil {
		return deployError(err)
	}
	out := []any{}
	for _, n := range nodes {
		known := c.store.list(func(d document) bool { return d.text("dep_component_id") == n.ID })
		if len(known) > 0 {
			out = append(out, shown(known[0], true))
			continue
		}
		out = append(out, map[string]any{"dep_component_id": n.ID, "type": nil,
			"_error": "Unknown component to the IBP Console. This indicates an orphaned kubernetes deployment."})
	}
	return ok(map[string]any{"components": out})
}
