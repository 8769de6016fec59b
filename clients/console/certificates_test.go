package console

import (
	"strings"
	"testing"

	"farol/state/fault"
)

// certificateFields are where certificates stand that an import needs: the path within msp, and the older key.
var certificateFields = map[string][]struct{ field, old string }{
	KindCA:      {{"msp.component.tls_cert", "tls_cert pem"}},
	KindMSP:     {{"root_certs", ""}},
	KindPeer:    {{"msp.tlsca.root_certs", "tls_ca_root_cert"}, {"msp.component.tls_cert", "pem"}},
	KindOrderer: {{"msp.tlsca.root_certs", "tls_ca_root_cert"}, {"msp.component.tls_cert", "pem"}},
}

// put sets a field by its path; a list gets one entry. nil takes it away.
func put(m map[string]any, path string, v any) {
	steps := strings.Split(path, ".")
	for _, s := range steps[:len(steps)-1] {
		m = m[s].(map[string]any)
	}
	last := steps[len(steps)-1]
	switch {
	case v == nil:
		delete(m, last)
	case strings.HasSuffix(last, "certs"):
		m[last] = []any{v}
	default:
		m[last] = v
	}
}

func TestAMissingOrBrokenCertificateIsNamed(t *testing.T) {
	t.Parallel()
	_, key := certAndKey(t, "key")
	each(t, func(t *testing.T, k kind) {
		for _, c := range certificateFields[k.name] {
			for how, value := range map[string]any{
				"not there": nil, "empty": "", "not base64": "%%%", "PEM in clear": string(certOf(t, "948")), "base64 of no PEM": "aGVsbG8=",
				"an empty block": []byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"), "a key": key,
			} {
				if c.field == "root_certs" && (how == "not there" || how == "empty") {
					continue // a missing field, not a broken one
				}
				f := wantFault(t, k.parse(k.edited(t, func(m map[string]any) {
					put(m, c.field, value)
					for _, old := range strings.Fields(c.old) {
						delete(m, old)
					}
				})), CodeCert, fault.NotSent, false)
				if f.Facts["field"] != c.field || f.Facts["item"] != "1" {
					t.Errorf("%s %s: %v", c.field, how, f.Facts)
				}
			}
		}
	})
}

func TestOlderFilesHaveTheirCertificatesElsewhere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kind) {
		for _, c := range certificateFields[k.name] {
			for _, old := range strings.Fields(c.old) {
				file := k.edited(t, func(m map[string]any) {
					put(m, c.field, nil)
					for _, other := range strings.Fields(c.old) {
						if other != old {
							delete(m, other)
						}
					}
				})
				if err := k.parse(file); err != nil {
					t.Errorf("%s only in %s: %v", c.field, old, err)
				}
			}
		}
	})
}
