package consoles

import (
	"encoding/base64"
	"fmt"

	"farol/state/secret"
)

// What a deployer is to make, read from the body of a creation.

func furniture(fields map[string]any) Furniture {
	one := func(path string) []byte {
		b, _ := base64.StdEncoding.DecodeString(textAt(fields, "crypto.msp.component."+path))
		return b
	}
	return Furniture{Key: secret.New(one("ekey")), Cert: one("ecert"), TLSKey: secret.New(one("tls_key")), TLSCert: one("tls_cert"),
		Roots: certs(fields, "crypto.msp.ca.root_certs"), TLSRoots: certs(fields, "crypto.msp.tlsca.root_certs"),
		AdminCerts: certs(fields, "crypto.msp.component.admin_certs")}
}

func registry(fields map[string]any, path string) Registry {
	out := Registry{MaxEnrollments: -1}
	if n, ok := at(fields, path+".registry.maxenrollments"); ok {
		f, _ := n.(float64)
		out.MaxEnrollments = int(f)
	}
	v, _ := at(fields, path+".registry.identities")
	list, _ := v.([]any)
	for _, one := range list {
		m, _ := one.(map[string]any)
		i := Identity{Name: textAt(m, "name"), Type: textAt(m, "type"), Affiliation: textAt(m, "affiliation"),
			Pass: secret.FromString(textAt(m, "pass")), Attrs: map[string]string{}}
		attrs, _ := m["attrs"].(map[string]any)
		for k, v := range attrs {
			i.Attrs[k] = fmt.Sprint(v)
		}
		out.Identities = append(out.Identities, i)
	}
	return out
}

func enrollment(fields map[string]any, path string) Enrollment {
	cert, _ := base64.StdEncoding.DecodeString(textAt(fields, path+".tls_cert"))
	e := Enrollment{Host: textAt(fields, path+".host"), Port: portAt(fields, path+".port"), Name: textAt(fields, path+".name"), TLSCertPEM: cert,
		EnrollID: textAt(fields, path+".enroll_id"), EnrollSecret: secret.FromString(textAt(fields, path+".enroll_secret"))}
	hosts, _ := at(fields, path+".csr_hosts")
	list, _ := hosts.([]any)
	for _, h := range list {
		s, _ := h.(string)
		e.CSRHosts = append(e.CSRHosts, s)
	}
	return e
}

func certs(fields map[string]any, path string) [][]byte {
	v, _ := at(fields, path)
	list, _ := v.([]any)
	var out [][]byte
	for _, c := range list {
		s, _ := c.(string)
		if b, err := base64.StdEncoding.DecodeString(s); err == nil {
			out = append(out, b)
		}
	}
	return out
}
