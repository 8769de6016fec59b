package consoles

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// certKeys are the keys of documents that hold certificates, one or a list.
var certKeys = []string{"tls_cert", "ecert", "root_certs", "admin_certs", "admins", "intermediate_certs", "tls_root_certs", "tls_intermediate_certs"}

// withParsed adds to each certificate what stands in it (query parsed_certs=included).
func withParsed(d document) document { return parse(map[string]any(d)) }

func parse(m map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		out[k] = v
		if inner, is := v.(map[string]any); is {
			out[k] = parse(inner)
		}
		if !slices.Contains(certKeys, k) {
			continue
		}
		switch v := v.(type) {
		case string:
			out[k+"_parsed"] = parseCert(v)
		case []any:
			all := []any{}
			for _, one := range v {
				s, _ := one.(string)
				all = append(all, parseCert(s))
			}
			out[k+"_parsed"] = all
		}
	}
	return out
}

func parseCert(s string) any {
	c := certificate(s)
	if c == nil {
		return nil
	}
	var names any
	if list := altNames(c); len(list) > 0 {
		names = list
	}
	subject, parts := distinguished(c.Subject)
	issuer, _ := distinguished(c.Issuer)
	return map[string]any{
		"base_64_pem": s, "issuer": issuer, "subject": subject, "subject_parts": parts, "subject_alt_names": names,
		"not_after_ts": c.NotAfter.UnixMilli(), "not_before_ts": c.NotBefore.UnixMilli(),
		"serial_number_hex": hex.EncodeToString(c.SerialNumber.Bytes()), "X509_version": c.Version,
		"signature_algorithm": strings.Replace(c.SignatureAlgorithm.String(), "ECDSA-SHA256", "SHA256withECDSA", 1),
		"time_left":           fmt.Sprintf("%.1f days", time.Until(c.NotAfter).Hours()/24),
	}
}

func altNames(c *x509.Certificate) []string {
	var out []string
	for _, n := range c.DNSNames {
		out = append(out, "DNS", n)
	}
	for _, ip := range c.IPAddresses {
		out = append(out, "IP", ip.String())
	}
	return out
}

var shortNames = map[string]string{"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU"}

// distinguished writes a name as /C=US/O=Hyperledger, in the order of the certificate.
func distinguished(n pkix.Name) (string, map[string]any) {
	var text strings.Builder
	parts := map[string]any{}
	for _, one := range n.Names {
		short, value := shortNames[one.Type.String()], fmt.Sprint(one.Value)
		if short == "" {
			short = one.Type.String()
		}
		text.WriteString("/" + short + "=" + value)
		parts[short] = value
	}
	return text.String(), parts
}
