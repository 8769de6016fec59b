package consoles

import (
	"cmp"
	"maps"
	"net/http"
	"regexp"
	"slices"
)

// dressed gives an answer the clothes of the door and the version: older versions have flat certificates, and
// browsers get fields of old plus the parts of validation messages (console-api.md 1.4 and 4.11).
func dressed(how asked, a answer) answer {
	var each func(document) document
	switch {
	case how.version != "v3":
		each = func(d document) document { return flat(d, how.version) }
	case how.browser:
		each = legacy
	default:
		return a
	}
	switch body := a.body.(type) {
	case document:
		a.body = each(body)
	case map[string]any:
		if msgs, is := body["msgs"].([]string); is && how.browser {
			body["raw"] = rawOf(msgs)
		}
		list, is := body["components"].([]document)
		if !is {
			break
		}
		out := make([]document, 0, len(list))
		for _, d := range list {
			out = append(out, each(d))
		}
		body["components"] = out
		if how.version == "v1" && a.status == http.StatusOK {
			slices.SortStableFunc(out, func(a, b document) int { return cmp.Compare(rank(a), rank(b)) })
			a.body = out
		}
	}
	return a
}

// rank is the order of kinds in the lists of version 1.
func rank(d document) int {
	return slices.Index([]string{kindMSP, kindCA, kindOrderer, kindPeer}, d.text("type"))
}

// legacy adds the names that fields had once.
func legacy(d document) document {
	out := maps.Clone(d)
	out["name"], out["short_name"], out["node_id"], out["node_type"] = d["display_name"], d["id"], d["id"], d["type"]
	if d["api_url"] != nil {
		out["backend_addr"] = d["api_url"]
		if d.text("type") == kindCA {
			out["ca_url"] = d["api_url"]
		}
	}
	return out
}

// flatKeys are where version 1 and 2 have what stands in msp.
var flatKeys = []struct{ flat, inside, kind, version string }{
	{"tls_cert", "msp.component.tls_cert", "", ""},
	{"ca_name", "msp.ca.name", kindCA, ""},
	{"tlsca_name", "msp.tlsca.name", kindCA, ""},
	{"ca_root_certs", "msp.ca.root_certs", "", "v1"},
	{"tls_ca_root_certs", "msp.tlsca.root_certs", "", "v1"},
	{"ecert", "msp.component.ecert", "", "v1"},
	{"admin_certs", "msp.component.admin_certs", "", "v1"},
}

func flat(d document, version string) document {
	kind := d.text("type")
	if kind == kindMSP {
		return d
	}
	out := maps.Clone(d)
	delete(out, "msp")
	for _, k := range flatKeys {
		if v, there := at(d, k.inside); there && (k.kind == "" || k.kind == kind) && (k.version == "" || k.version == version) {
			out[k.flat] = v
		}
	}
	if kind == kindCA {
		return out
	}
	if version == "v1" && out["admin_certs"] == nil {
		out["admin_certs"] = []any{}
	}
	if roots, _ := at(d, "msp.tlsca.root_certs"); version == "v2" {
		if list, _ := roots.([]any); len(list) > 0 {
			out["tls_ca_root_cert"] = list[0]
		}
	}
	return out
}

// unflat is the body of an old import as version 3 has it.
func unflat(kind string, fields map[string]any) map[string]any {
	out := maps.Clone(fields)
	take := func(key string) any {
		v := out[key]
		delete(out, key)
		return v
	}
	if kind == kindMSP {
		return out
	}
	ca, tlsca := map[string]any{}, map[string]any{}
	component := map[string]any{"tls_cert": take("tls_cert")}
	if kind == kindCA {
		ca["name"], tlsca["name"] = take("ca_name"), take("tlsca_name")
	} else {
		tlsca["root_certs"] = []any{take("tls_ca_root_cert")}
	}
	out["msp"] = map[string]any{"ca": ca, "tlsca": tlsca, "component": component}
	return out
}

var missingName = regexp.MustCompile(`^Expected parameter '(.*)' to exist\.$`)

// rawOf are the parts of messages. The record has them for what is missing.
func rawOf(msgs []string) []any {
	out := []any{}
	for _, msg := range msgs {
		if m := missingName.FindStringSubmatch(msg); m != nil {
			out = append(out, map[string]any{"key": "missing_required", "symbols": map[string]any{"$PROPERTY_NAME": m[1]}})
		}
	}
	return out
}
