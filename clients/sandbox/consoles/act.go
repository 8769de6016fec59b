package consoles

import (
	"maps"
	"net/http"
	"slices"
)

// actions are what can be done with a node, and of what.
func actionsOf(kind string) schema {
	flag := ofType("boolean")
	certs := object(nil, prop{"ecert", flag}, prop{"tls_cert", flag})
	s := schema{props: []prop{{"restart", flag}}}
	switch kind {
	case kindCA:
		s.props = append(s.props, prop{"renew", object(nil, prop{"tls_cert", flag})})
	case kindPeer:
		s.props = append(s.props, prop{"upgrade_dbs", flag})
		fallthrough
	default:
		s.props = append(s.props, prop{"reenroll", certs}, prop{"enroll", certs})
	}
	return s
}

// act hands actions on to the deployer, and answers before they are done.
func (c *Console) act(r *http.Request, a map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	d, bad := c.own(a["id"])
	if bad != nil {
		return *bad
	}
	if msgs := check(b, actionsOf(d.text("type"))); len(msgs) > 0 {
		return invalid(msgs)
	}
	delete(b.fields, "type")
	wanted := switched("", b.fields)
	if len(wanted) == 0 {
		return invalid([]string{"Expected at least one action in the body."})
	}
	actor, can := c.o.Deployer.(Actor)
	if !can {
		return deployError(&DeployError{Status: http.StatusBadRequest, Message: "actions are not available here"})
	}
	if err := actor.Act(r.Context(), d.text("type"), d.text("dep_component_id"), wanted); err != nil {
		return deployError(err)
	}
	return answer{status: http.StatusAccepted, body: map[string]any{"message": "accepted", "id": d.text("id"), "actions": wanted}}
}

// switched lists what is true, as restart or enroll.ecert.
func switched(prefix string, fields map[string]any) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(fields)) {
		switch v := fields[k].(type) {
		case bool:
			if v {
				out = append(out, prefix+k)
			}
		case map[string]any:
			out = append(out, switched(prefix+k+".", v)...)
		}
	}
	return out
}
