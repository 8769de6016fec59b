package consoles

import (
	"context"
	"maps"
	"net/http"
	"slices"
)

// changes are what may be changed of a deployment, and where a document has it (console-api.md 4.10).
func changes(kind string) schema {
	containers := map[string][]string{kindCA: {"ca"}, kindOrderer: {"orderer", "proxy"},
		kindPeer: {"peer", "proxy", "couchdb", "statedb", "chaincodelauncher", "dind", "fluentd"}}
	return schema{after: requestsFit, props: []prop{
		{"resources", isResources(containers[kind]...)}, {"version", text(0, 0)}, {"ignore_warnings", ofType("boolean")}, {"zone", text(0, 0)},
		{"replicas", number(0, 1024)}, {"config_override", ofType("object")}, {"crypto", ofType("object")},
		{"node_ou", object(nil, prop{"enabled", ofType("boolean")})}, {"admin_certs", isCerts(0)}, {"dry_run_mode", ofType("boolean")},
	}}
}

// noted are the changes that a deployer need not know of, because practice nodes do not depend on them.
var noted = []string{"resources", "version", "zone", "replicas", "node_ou", "admin_certs"}

// own finds a component that this console made.
func (c *Console) own(id string) (document, *answer) {
	d, found := c.store.get(id)
	bad := missing()
	switch {
	case !found:
		return nil, &bad
	case d.imported():
		bad = fail(http.StatusBadRequest, "msg", "This api is not applicable on imported components.")
		return nil, &bad
	}
	return d, nil
}

// change changes one thing of a deployment.
func (c *Console) change(r *http.Request, a map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	d, bad := c.own(a["id"])
	if bad != nil {
		return *bad
	}
	var wanted []string
	for _, k := range b.keys {
		if k != "type" && k != "ignore_warnings" {
			wanted = append(wanted, k)
		}
	}
	switch {
	case len(wanted) > 1 && !howOf(r).browser:
		return invalid([]string{"Too many fields in body. This API only supports 1 field in the body. Use multiple apis to update multiple fields."})
	case len(wanted) == 0:
		return invalid([]string{"Missing a field to update in body."})
	}
	kind := d.text("type")
	if msgs := check(b, changes(kind)); len(msgs) > 0 {
		return invalid(msgs)
	}
	var crypto map[string]any
	for _, field := range wanted {
		told, err := c.deployChange(r.Context(), d, field, b.fields[field])
		if err != nil {
			return deployError(err)
		}
		if told != nil {
			crypto = told
		}
	}
	edited, bad := c.revise(a["id"], func(d document) {
		for _, field := range wanted {
			apply(d, field, b.fields[field])
		}
	})
	if bad != nil {
		return *bad
	}
	if crypto != nil {
		edited["crypto"] = crypto // may hold an enroll secret: it is told once, and not kept
	}
	out := legacy(edited)
	out["message"] = "ok"
	return ok(out)
}

func (c *Console) deployChange(ctx context.Context, d document, field string, value any) (map[string]any, error) {
	changer, can := c.o.Deployer.(Changer)
	switch {
	case can:
		return changer.Change(ctx, d.text("type"), d.text("dep_component_id"), field, value)
	case slices.Contains(noted, field):
		return nil, nil
	}
	return nil, &DeployError{Status: http.StatusBadRequest, Message: field + " cannot be changed here"}
}

// apply writes a change down. Crypto is written down only as the deployer tells it.
func apply(d document, field string, value any) {
	switch field {
	case "resources":
		all := map[string]any{}
		old, _ := d["resources"].(map[string]any)
		maps.Copy(all, old)
		more, _ := withLimits(value).(map[string]any)
		maps.Copy(all, more)
		d["resources"] = all
	case "admin_certs":
		setAdmins(d, value)
	case "config_override":
		d[field] = redact(value)
	case "version", "zone", "replicas", "node_ou":
		d[field] = value
	}
}

// setAdmins gives a document a component with other administrators. Documents are never changed in place.
func setAdmins(d document, certs any) {
	msp, _ := d["msp"].(map[string]any)
	msp = maps.Clone(msp)
	component, _ := msp["component"].(map[string]any)
	component = maps.Clone(component)
	component["admin_certs"] = certs
	msp["component"], d["msp"] = component, msp
}

// revise changes a copy of a document, as it is at that moment, and keeps it in the place of its older self.
func (c *Console) revise(id string, change func(document)) (document, *answer) {
	var edited document
	err := c.store.update(func(all *data) {
		if d, found := all.Documents[id]; found {
			edited = maps.Clone(d)
			change(edited)
			edited["edited_timestamp"] = c.o.Clock().UnixMilli()
			all.Documents[id] = edited
		}
	})
	bad := unstored()
	switch {
	case err == nil && edited != nil:
		return maps.Clone(edited), nil
	case err == nil:
		bad = missing() // deleted meanwhile
	}
	return nil, &bad
}

// changeAdmins adds administrators to a node and takes others away.
func (c *Console) changeAdmins(r *http.Request, a map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	d, bad := c.own(a["id"])
	if bad != nil {
		return *bad
	}
	if msgs := check(b, schema{props: []prop{{"append_admin_certs", isCerts(0)}, {"remove_admin_certs", isCerts(0)}}}); len(msgs) > 0 {
		return invalid(msgs)
	}
	have, changed := readmit(d, b.fields)
	if _, err := c.deployChange(r.Context(), d, "admin_certs", have); err != nil {
		return deployError(err)
	}
	if _, bad = c.revise(a["id"], func(d document) { setAdmins(d, have) }); bad != nil {
		return *bad
	}
	return ok(map[string]any{"set_admin_certs": have, "changes_made": changed})
}

// readmit lists a node's administrators after some were added and others taken away.
func readmit(d document, changes map[string]any) (have []any, changed int) {
	list := func(v any) []any { l, _ := v.([]any); return l }
	old, _ := at(d, "msp.component.admin_certs")
	have = append([]any{}, list(old)...)
	for _, cert := range list(changes["append_admin_certs"]) {
		if !slices.Contains(have, cert) {
			have = append(have, cert)
			changed++
		}
	}
	for _, cert := range list(changes["remove_admin_certs"]) {
		if i := slices.Index(have, cert); i >= 0 {
			have = slices.Delete(have, i, i+1)
			changed++
		}
	}
	return have, changed
}
