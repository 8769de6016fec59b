package consoles

// The rules of the imports (console-api.md 4.1 to 4.4) and of the creations (4.7, 4.8).

func imports(kind string) (fields []field, extraKeys bool) {
	common := []field{
		{"id", false, isID}, {"location", false, isLocation}, {"tags", false, isType("array")},
		{"migrated_from", false, isText(128)}, {"cluster_type", false, isText(32)}, {"console_type", false, isText(32)},
	}
	node := []field{
		{"display_name", true, isText(64)}, {"api_url", false, isURL(grpcRule)},
		{"msp.tlsca.root_certs", true, isCerts(1)}, {"msp.component.tls_cert", true, isCert},
		{"msp.component.ecert", false, isCert}, {"msp.ca.root_certs", false, isCerts(1)}, {"msp.component.admin_certs", false, isCerts(0)},
		{"msp_id", true, isMSPID}, {"grpcwp_url", true, isURL(httpRule)}, {"operations_url", false, isURL(httpRule)},
		{"node_ou", false, isType("object")},
	}
	switch kind {
	case kindCA:
		return append([]field{
			{"display_name", true, isText(0)}, {"api_url", true, isURL(httpRule)}, {"operations_url", false, isURL(httpRule)},
			{"msp.component.tls_cert", true, isCert}, {"msp.ca.name", true, isText(0)}, {"msp.tlsca.name", true, isText(0)},
			{"msp.ca.root_certs", false, isCerts(1)}, {"msp.tlsca.root_certs", false, isCerts(1)}, {"tls_cert", false, isCert},
		}, common...), false
	case kindMSP:
		return []field{
			{"msp_id", true, isMSPID}, {"display_name", true, isText(64)}, {"root_certs", true, isCerts(1)},
			{"intermediate_certs", false, isCerts(0)}, {"admins", false, isCerts(0)}, {"tls_root_certs", false, isCerts(1)}, {"id", false, isID},
		}, true
	case kindOrderer:
		return append(append(node,
			field{"cluster_name", true, isText(64)}, field{"cluster_id", false, isText(64)}, field{"osnadmin_url", false, isURL(httpRule)},
			field{"systemless", false, isType("boolean")}, field{"system_channel_id", false, isText(256)}), common...), false
	}
	return append(node, common...), false
}

// create lists the rules of a creation. hosts proves that a host and port are those of a CA that the console
// knows (console-api.md 0.3).
func creations(kind string, hosts func(path string) func(string, any) string) []field {
	common := []field{
		{"id", false, isID}, {"resources", false, isType("object")}, {"storage", false, isType("object")}, {"zone", false, isText(0)},
		{"region", false, isText(0)}, {"version", false, isText(0)}, {"tags", false, isType("array")}, {"hsm", false, isType("object")},
		{"migrated_from", false, isText(128)}, {"config_override", false, isType("object")},
	}
	if kind == kindCA {
		return append([]field{
			{"display_name", true, isText(64)},
			{"config_override.ca.registry.maxenrollments", true, isType("number")},
			{"config_override.ca.registry.identities", true, isIdentities},
			{"replicas", false, isType("number")},
		}, common...)
	}
	out := []field{{"crypto", true, isType("object")}}
	for _, p := range []string{"crypto.enrollment.ca", "crypto.enrollment.tlsca"} {
		out = append(out,
			field{p + ".host", false, hosts(p)}, field{p + ".port", false, isType("number")}, field{p + ".name", false, isText(0)},
			field{p + ".tls_cert", false, isCert}, field{p + ".enroll_id", false, isEnrollText}, field{p + ".enroll_secret", false, isEnrollText},
			field{p + ".csr_hosts", false, isType("array")})
	}
	return append(append(out, field{"msp_id", true, isMSPID}, field{"display_name", true, isText(64)},
		field{"state_db", false, oneOf("couchdb", "leveldb")}), common...)
}

// enrollments are the parts that must be there once crypto is.
func enrollments() []field {
	out := []field{{"crypto.enrollment.component", true, isType("object")}}
	for _, p := range []string{"crypto.enrollment.ca", "crypto.enrollment.tlsca"} {
		for _, k := range []string{".host", ".port", ".name", ".tls_cert", ".enroll_id", ".enroll_secret"} {
			out = append(out, field{p + k, true, nil})
		}
	}
	return out
}

func isIdentities(path string, v any) string {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return isType("array")(path, v)
	}
	for _, one := range list {
		m, _ := one.(map[string]any)
		for _, key := range []string{"name", "pass", "type"} {
			s, ok := m[key].(string)
			if !ok {
				return "Expected parameter '" + path + "." + key + "' to exist."
			}
			if key != "type" && (len(s) < 4 || len(s) > 255) {
				return "The field '" + path + "." + key + "' must be 4 to 255 characters."
			}
		}
	}
	return ""
}
