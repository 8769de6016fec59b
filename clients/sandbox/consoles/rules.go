package consoles

import "slices"

// The rules of the imports (console-api.md 4.1 to 4.4) and of the creations (4.7, 4.8).

var (
	needsComponent = []string{"component", "ca", "tlsca"}
	needsTLSCert   = []string{"tls_cert"}
)

// imports is the schema of an import. Values are looked at in the order of the alphabet.
func imports(kind string) schema {
	switch kind {
	case kindCA:
		authority := object([]string{"name"}, prop{"name", text(0, 0)}, prop{"root_certs", isCerts(1)})
		return schema{required: []string{"display_name", "api_url", "msp"}, props: []prop{
			{"api_url", isHTTP}, {"cluster_type", text(0, 32)}, {"console_type", text(0, 32)}, {"display_name", text(0, 0)}, {"id", isID},
			{"location", isLocation}, {"migrated_from", text(0, 128)},
			{"msp", object(needsComponent, prop{"ca", authority}, prop{"component", object(needsTLSCert, prop{"tls_cert", isCert})}, prop{"tlsca", authority})},
			{"operations_url", isHTTP}, {"tags", isTags}, {"tls_cert", isCert},
		}}
	case kindMSP:
		return schema{required: []string{"msp_id", "display_name", "root_certs"}, open: true, props: []prop{
			{"admins", isCerts(0)}, {"display_name", text(0, 64)}, {"id", isID}, {"intermediate_certs", isCerts(0)}, {"msp_id", isMSPID},
			{"root_certs", isCerts(1)}, {"tags", isTags}, {"tls_root_certs", isCerts(1)},
		}}
	}
	node := schema{required: []string{"msp_id", "display_name", "grpcwp_url", "msp"}, props: []prop{
		{"api_url", isGRPC}, {"cluster_type", text(0, 32)}, {"console_type", text(0, 32)}, {"display_name", text(0, 64)}, {"grpcwp_url", isHTTP},
		{"id", isID}, {"location", isLocation}, {"migrated_from", text(0, 128)},
		{"msp", object([]string{"component", "tlsca"},
			prop{"ca", object(nil, prop{"name", text(0, 0)}, prop{"root_certs", isCerts(1)})},
			prop{"component", object(needsTLSCert, prop{"admin_certs", isCerts(0)}, prop{"ecert", isCert}, prop{"tls_cert", isCert})},
			prop{"tlsca", object([]string{"root_certs"}, prop{"name", text(0, 0)}, prop{"root_certs", isCerts(1)})})},
		{"msp_id", isMSPID}, {"node_ou", object(nil, prop{"enabled", ofType("boolean")})}, {"operations_url", isHTTP}, {"tags", isTags},
	}}
	if kind == kindOrderer {
		node.required = []string{"msp_id", "cluster_name", "display_name", "grpcwp_url", "msp"}
		node.props = append(node.props, prop{"cluster_name", text(0, 64)}, prop{"cluster_id", text(0, 64)}, prop{"osnadmin_url", isHTTP},
			prop{"systemless", ofType("boolean")}, prop{"system_channel_id", text(0, 256)})
	}
	return node
}

// flatImports is the schema of an import in version 1 and 2.
func flatImports(kind string) schema {
	s := imports(kind)
	var lead []string
	var more []prop
	switch kind {
	case kindMSP:
		return s
	case kindCA:
		s.required, lead = []string{"display_name", "api_url"}, []string{"ca_name", "tlsca_name", "tls_cert"}
		more = []prop{{"ca_name", text(0, 0)}, {"tlsca_name", text(0, 0)}}
	default:
		lead = []string{"tls_cert", "tls_ca_root_cert"}
		more = []prop{{"tls_cert", isCert}, {"tls_ca_root_cert", isCert}}
	}
	without := func(name string) bool { return name == "msp" }
	s.required = append(slices.DeleteFunc(slices.Clone(s.required), without), lead...)
	s.props = append(slices.DeleteFunc(s.props, func(p prop) bool { return without(p.name) }), more...)
	return s
}

// creations is the schema of a creation. known proves that a host is that of a CA which the console knows
// (console-api.md 0.3).
func creations(kind string, known func(fields map[string]any) func(ca string) rule) schema {
	common := []prop{{"display_name", text(0, 64)}, {"id", isID}, {"zone", text(0, 0)}, {"region", text(0, 0)}, {"version", text(0, 0)},
		{"tags", isTags}, {"hsm", ofType("object")}, {"migrated_from", text(0, 128)}}
	if kind == kindCA {
		return schema{required: []string{"display_name", "config_override"}, after: requestsFit, props: append([]prop{
			{"resources", isResources("ca")}, {"storage", isStorage("ca")},
			{"config_override", object([]string{"ca"}, prop{"ca", isAuthority}, prop{"tlsca", isAuthority})}, {"replicas", number(0, 1024)},
		}, common...)}
	}
	if kind == kindOrderer {
		list := ofType("array")
		return schema{required: []string{"crypto", "msp_id", "display_name", "orderer_type"}, after: requestsFit, props: append([]prop{
			{"crypto", each(1, 100, isCrypto(known))}, {"msp_id", isMSPID}, {"orderer_type", oneOf("raft")},
			{"resources", isResources("orderer", "proxy")}, {"storage", isStorage("orderer")}, {"cluster_name", text(0, 64)}, {"cluster_id", text(0, 64)},
			{"external_append", ofType("boolean")}, {"systemless", ofType("boolean")}, {"system_channel_id", text(0, 256)},
			{"zone", list}, {"region", list}, {"config_override", list},
		}, slices.DeleteFunc(common, func(p prop) bool { return p.name == "zone" || p.name == "region" })...)}
	}
	return schema{required: []string{"crypto", "msp_id", "display_name"}, after: requestsFit, props: append([]prop{
		{"crypto", isCrypto(known)}, {"msp_id", isMSPID},
		{"resources", isResources("peer", "proxy", "couchdb", "statedb", "chaincodelauncher", "dind", "fluentd")}, {"storage", isStorage("peer", "statedb")},
		{"state_db", oneOf("couchdb", "leveldb")}, {"config_override", ofType("object")},
	}, common...)}
}

// isAuthority is the configuration of one of the two authorities of a CA.
var isAuthority = object([]string{"registry"}, prop{"registry", object([]string{"maxenrollments", "identities"},
	prop{"maxenrollments", number(-1, 1<<31)},
	prop{"identities", each(1, 1024, object([]string{"name", "pass", "type"}, prop{"name", text(4, 255)}, prop{"pass", text(4, 255)},
		prop{"type", oneOf("client", "peer", "orderer", "user", "admin")}, prop{"affiliation", text(0, 0)}, prop{"attrs", ofType("object")}))})})

// isCrypto takes what a node enrolls with, its ready certificates, or both.
func isCrypto(known func(fields map[string]any) func(ca string) rule) rule {
	return func(path string, v any) []string {
		return cryptoOf(known(map[string]any{"crypto": v}))(path, v)
	}
}

func cryptoOf(known func(ca string) rule) rule {
	enrollment := func(ca string) prop {
		return prop{ca, object([]string{"host", "port", "name", "tls_cert", "enroll_id", "enroll_secret"},
			prop{"host", known("crypto.enrollment." + ca)}, prop{"port", isPort}, prop{"name", text(0, 0)}, prop{"tls_cert", isCert},
			prop{"enroll_id", isEnroll}, prop{"enroll_secret", isEnroll}, prop{"csr_hosts", each(0, 100, text(0, 0))})}
	}
	roots := object([]string{"root_certs"}, prop{"root_certs", isCerts(1)})
	return object(nil,
		prop{"enrollment", object(needsComponent, prop{"component", object(nil, prop{"admin_certs", isCerts(0)})}, enrollment("ca"), enrollment("tlsca"))},
		prop{"msp", object(needsComponent,
			prop{"component", object([]string{"ekey", "ecert", "tls_key", "tls_cert"}, prop{"ecert", isCert}, prop{"tls_cert", isCert}, prop{"admin_certs", isCerts(0)})},
			prop{"ca", roots}, prop{"tlsca", roots})})
}
