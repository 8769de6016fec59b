package browser

// component checks a node or an organization of a bulk file, and moves what stands under older names.
func component(item object) (Component, error) {
	kind, _ := item["type"].(string)
	var err error
	switch kind {
	case "fabric-ca":
		err = checkCA(item)
	case "fabric-peer", "fabric-orderer":
		err = checkNode(item, kind)
	case "msp":
		err = checkMSP(item)
	default:
		err = refuse(Kind, saysKind)
	}
	if err != nil {
		return Component{}, err
	}
	c := Component{Type: kind, Body: item}
	c.Identity, _ = item["associatedIdentityName"].(string)
	return c, nil
}

// anyMissing is what the bulk import says of any field.
func anyMissing() error { return refuse(Missing, saysAnyMissing) }

// inside gives the object under a key, and makes it where there is none.
func inside(item object, key string) object {
	if o, ok := item[key].(object); ok {
		return o
	}
	o := object{}
	item[key] = o
	return o
}

// fallback fills a field that is not there from the first other one that is.
func fallback(item object, field string, from ...any) {
	for _, v := range from {
		if there(item[field]) {
			return
		}
		item[field] = v
	}
}

func forget(item object, keys ...string) {
	for _, key := range keys {
		delete(item, key)
	}
}

// checkDisplayName needs a name that fits.
func checkDisplayName(item object) error {
	if !there(item["display_name"]) {
		return refuse(BadName, saysBadName)
	}
	s, err := text(item["display_name"], "display_name")
	if err == nil && badDisplayName(s) != "" {
		err = refuse(BadName, saysBadName)
	}
	return err
}

// checkURLs needs addresses: first that all are there, then that all are some.
func checkURLs(item object, fields ...string) error {
	for _, f := range fields {
		if !there(item[f]) {
			return anyMissing()
		}
	}
	for _, f := range fields {
		if s, _ := item[f].(string); !isURL(s) {
			return refuse(URL, saysURL)
		}
	}
	return nil
}

// checkTLS needs a node's own TLS certificate, and makes it base64.
func checkTLS(own object) error {
	cert, err := clean(own["tls_cert"], "tls_cert")
	if err != nil {
		return err
	}
	own["tls_cert"] = cert
	if s, _ := cert.(string); !certificates.fits(s) {
		return refuse(Certificate, saysCertificate)
	}
	return nil
}

func checkCA(item object) error {
	fallback(item, "display_name", item["name"], item["short_name"])
	msp := inside(item, "msp")
	ca, tlsca, own := inside(msp, "ca"), inside(msp, "tlsca"), inside(msp, "component")
	fallback(ca, "name", item["ca_name"])
	fallback(tlsca, "name", item["tlsca_name"])
	fallback(own, "tls_cert", item["tls_cert"], item["pem"])
	forget(item, "name", "short_name", "ca_name", "tlsca_name", "tls_cert", "pem")
	if err := checkDisplayName(item); err != nil {
		return err
	}
	if !there(ca["name"]) || !there(tlsca["name"]) || !there(own["tls_cert"]) {
		return anyMissing()
	}
	fallback(item, "operations_url", item["operations"])
	fallback(item, "api_url", item["ca_url"], item["url"])
	if err := checkURLs(item, "api_url", "operations_url"); err != nil {
		return err
	}
	return checkTLS(own)
}

func checkNode(item object, kind string) error {
	fallback(item, "display_name", item["name"], item["short_name"])
	msp := inside(item, "msp")
	tlsca, own := inside(msp, "tlsca"), inside(msp, "component")
	if !there(tlsca["root_certs"]) {
		root := item["tls_ca_root_cert"]
		if !there(root) {
			root = item["pem"]
		}
		tlsca["root_certs"] = []any{root}
	}
	fallback(own, "tls_cert", item["tls_cert"])
	if kind == "fabric-orderer" {
		fallback(own, "tls_cert", item["server_tls_cert"])
	}
	forget(item, "name", "short_name", "tls_cert", "tls_ca_root_cert", "pem")
	if err := checkDisplayName(item); err != nil {
		return err
	}
	if !there(own["tls_cert"]) {
		return anyMissing()
	}
	if err := checkTLS(own); err != nil {
		return err
	}
	roots, _ := tlsca["root_certs"].([]any)
	if len(roots) == 0 {
		return anyMissing()
	}
	for _, v := range roots {
		// A certificate that is not there at all passes.
		if s, _ := v.(string); there(v) && !certificates.fits(s) {
			return refuse(Certificate, saysCertificate)
		}
	}
	if kind == "fabric-peer" && !there(item["msp_id"]) {
		return anyMissing()
	}
	if kind == "fabric-orderer" {
		fallback(item, "operations_url", item["operations"])
	}
	fallback(item, "api_url", item["url"])
	if err := checkURLs(item, "grpcwp_url", "api_url", "operations_url"); err != nil {
		return err
	}
	if admin, _ := item["osnadmin_url"].(string); kind == "fabric-orderer" && admin != "" && !isURL(admin) {
		return refuse(URL, saysURL)
	}
	return nil
}

func checkMSP(item object) error {
	fallback(item, "display_name", item["name"], item["short_name"])
	if err := checkDisplayName(item); err != nil {
		return err
	}
	for _, field := range []string{"msp_id", "root_certs", "admins", "host_url"} {
		if !there(item[field]) {
			return anyMissing()
		}
	}
	return nil
}
