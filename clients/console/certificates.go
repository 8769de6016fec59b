package console

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"slices"
	"strconv"
	"strings"

	"farol/state/fault"
)

// certificates checks that a field holds certificates, and at least one.
func certificates(i int, field string, all [][]byte) error {
	bad := len(all) == 0
	for _, c := range all {
		block, _ := pem.Decode(c)
		if block == nil {
			bad = true
			break
		}
		_, err := x509.ParseCertificate(block.Bytes)
		bad = bad || err != nil
	}
	if bad {
		return badCertificate(i, field)
	}
	return nil
}

func badCertificate(i int, field string) error {
	return fault.New(CodeCert, "field", field, "item", strconv.Itoa(i+1)).Certain(fault.NotSent)
}

// encoded are the keys whose values are base64, or lists of it.
var encoded = map[string]bool{"admin_certs": true, "admins": true, "certificate": true, "ecert": true, "intermediate_certs": true, "pem": true,
	"root_certs": true, "tls_ca_root_cert": true, "tls_cert": true, "tls_root_certs": true}

// notBase64 finds the certificate in a list of objects that encoding/json could not decode: it does not say which.
func notBase64(list []byte) error {
	var items []any
	_ = json.Unmarshal(list, &items)
	for i, it := range items {
		if field := undecodable(it, "", ""); field != "" {
			return badCertificate(i, field)
		}
	}
	return nil
}

// undecodable gives the path of the first value, by the order of the alphabet, that is not the base64 that its key asks for.
func undecodable(v any, path, key string) string {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if at := undecodable(v[k], strings.TrimPrefix(path+"."+k, "."), strings.ToLower(k)); at != "" {
				return at
			}
		}
	case []any:
		for _, one := range v {
			if at := undecodable(one, path, key); at != "" {
				return at
			}
		}
	case string:
		if _, err := base64.StdEncoding.DecodeString(v); err != nil && encoded[key] {
			return path
		}
	}
	return ""
}
