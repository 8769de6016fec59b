package consoles

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// forget takes a document away, and says which.
func (c *Console) forget(d document) answer {
	id, found := d.text("id"), false
	err := c.store.update(func(all *data) {
		_, found = all.Documents[id]
		delete(all.Documents, id)
	})
	switch {
	case err != nil:
		return fail(http.StatusInternalServerError, "msg", "unable to delete component")
	case !found: // by somebody else, at the same time
		return missing()
	}
	return ok(map[string]any{"message": "deleted", "type": d.text("type"), "id": id, "display_name": d.text("display_name")})
}

// remove forgets a document only. On a node that this console made, the deployment goes on without anybody
// knowing: the orphan trap of real consoles (console-api.md 4.10).
func (c *Console) remove(_ *http.Request, a map[string]string) answer {
	d, found := c.store.get(a["id"])
	if !found {
		return missing()
	}
	return c.forget(d)
}

// deleteNode ends a node that this console made, and forgets it.
func (c *Console) deleteNode(r *http.Request, a map[string]string) answer {
	d, found := c.store.get(a["id"])
	if !found {
		return missing()
	}
	return c.destroy(r.Context(), d, r.URL.Query().Get("force") == "yes")
}

func (c *Console) destroy(ctx context.Context, d document, force bool) answer {
	if d.imported() {
		return fail(http.StatusBadRequest, "msg", "This api is not applicable on imported components.")
	}
	if err := c.o.Deployer.Delete(ctx, d.text("type"), d.text("dep_component_id")); err != nil && !force {
		return deployError(err)
	}
	return c.forget(d)
}

// deleteDeployment ends a deployment that may have no document: the cure for orphans. The answer is empty.
func (c *Console) deleteDeployment(r *http.Request, a map[string]string) answer {
	if err := c.o.Deployer.Delete(r.Context(), strings.ToLower(a["type"]), a["deployment"]); err != nil {
		return deployError(err)
	}
	return answer{status: http.StatusOK}
}

// hasTag keeps the documents with a tag, in any case of its letters.
func hasTag(tag string) func(document) bool {
	return func(d document) bool {
		tags, _ := d["tags"].([]any)
		return slices.ContainsFunc(tags, func(t any) bool { s, _ := t.(string); return strings.EqualFold(s, tag) })
	}
}

// removeTag forgets every document with a tag.
func (c *Console) removeTag(_ *http.Request, a map[string]string) answer {
	return c.eachOfTag(a["tag"], "removed", c.forget)
}

// deleteTag ends every node with a tag.
func (c *Console) deleteTag(r *http.Request, a map[string]string) answer {
	force := r.URL.Query().Get("force") == "yes"
	return c.eachOfTag(a["tag"], "deleted", func(d document) answer { return c.destroy(r.Context(), d, force) })
}

func (c *Console) eachOfTag(tag, done string, do func(document) answer) answer {
	found := c.store.list(hasTag(tag))
	if len(found) == 0 {
		a := none("tag")
		return fail(http.StatusNotFound, "msg", a.body.(map[string]any)["msg"], "reason", "missing", "components", []any{})
	}
	out, results := ok(nil), []any{}
	for _, d := range found {
		a := do(d)
		if a.status != http.StatusOK {
			out.status = http.StatusMultiStatus
		}
		results = append(results, a.body)
	}
	out.body = map[string]any{done: results}
	return out
}
