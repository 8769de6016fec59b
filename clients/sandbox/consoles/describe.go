package consoles

import "maps"

// latest are the versions of nodes that are made when nobody asks for another.
var latest = map[string]string{kindCA: "1.5.15-1", kindPeer: "2.5.9-1", kindOrderer: "2.5.9-1"}

// describe is the document of a node that was made here. Names and secrets of the registry are redacted, and
// a CA's roots are not known (console-api.md 3).
func (c *Console) describe(kind string, n Node, body map[string]any) document {
	d := document{
		"id": n.ID, "dep_component_id": n.ID, "type": kind, "display_name": named(body), "imported": false, "location": deployedHere,
		"api_url": n.APIURL, "operations_url": n.OperationsURL, "scheme_version": "v1", "timestamp": c.o.Clock().UnixMilli(),
		"tags": tags(kind, body["tags"], deployedHere), "region": c.o.Region, "zone": body["zone"],
		"cluster_type": "typeiks", "console_type": "hlfoc", "version": latest[kind],
		"resources": withLimits(body["resources"]), "storage": body["storage"],
	}
	for _, k := range []string{"version", "region"} {
		if body[k] != nil {
			d[k] = body[k]
		}
	}
	if kind == kindCA {
		d["msp"] = mspOf(n, nil)
		override, _ := body["config_override"].(map[string]any)
		override = maps.Clone(override)
		if override["tlsca"] == nil {
			override["tlsca"] = override["ca"]
		}
		d["config_override"] = redact(override)
		return plain(d)
	}
	d["msp_id"], d["grpcwp_url"] = body["msp_id"], n.GRPCWebURL
	if kind == kindPeer {
		d["state_db"] = n.StateDB
	}
	d["node_ou"] = map[string]any{"enabled": true}
	d["msp"] = mspOf(n, certs(body, "crypto.enrollment.component.admin_certs"))
	return plain(d)
}

// mspOf is what a deployer tells of a node's certificates. It does not know a CA's roots.
func mspOf(n Node, admins [][]byte) map[string]any {
	if n.Kind == kindCA {
		return map[string]any{"ca": map[string]any{"name": n.CAName}, "tlsca": map[string]any{"name": n.TLSCAName},
			"component": map[string]any{"tls_cert": n.TLSCert}}
	}
	return map[string]any{
		"ca": map[string]any{"root_certs": n.Roots}, "tlsca": map[string]any{"root_certs": n.TLSRoots},
		"component": map[string]any{"tls_cert": n.TLSCert, "ecert": n.ECert, "admin_certs": admins},
	}
}

// redact replaces the names and secrets of a registry.
func redact(v any) any {
	switch t := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, v := range t {
			if k == "name" || k == "pass" {
				v = "[redacted]"
			}
			out[k] = redact(v)
		}
		return out
	case []any:
		var out []any
		for _, v := range t {
			out = append(out, redact(v))
		}
		return out
	}
	return v
}
