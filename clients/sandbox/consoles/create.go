package consoles

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"farol/state/secret"
)

// create has a node made. The answer comes when the deployer has accepted it, and says so in crstatus, which
// no later answer has (console-api.md 0.1).
func (c *Console) create(r *http.Request, a map[string]string) answer {
	kind := a["type"]
	if kind != kindCA && kind != kindPeer {
		return fail(http.StatusNotFound, "msg", "route not found")
	}
	body, bad := decode(r)
	if bad != nil {
		return *bad
	}
	fields := creations(kind, c.knownHost(body))
	if _, there := body["crypto"].(map[string]any); there {
		fields = append(enrollments(), fields...)
	}
	if msgs := check(body, fields, false); len(msgs) > 0 {
		return invalid(msgs)
	}
	c.making.Lock()
	defer c.making.Unlock()
	id := deploymentOf(textAt(body, "id"))
	if id == "" {
		id = deploymentOf(free(idOf(textAt(body, "display_name")), c.taken))
	}
	node, err := c.make(r, kind, id, body)
	if err != nil {
		return deployError(err)
	}
	d := c.describe(kind, node, body)
	if c.taken(id) { // the deployment was gone, the document was not (console-api.md 12.2)
		d["id"] = free(id, c.taken)
	}
	out := shown(d, true)
	out["crstatus"] = map[string]any{"type": "Deploying", "status": "True", "reason": "waitingForPods", "version": "2.5.3",
		"lastHeartbeatTime": c.o.Clock().UTC().Format(time.RFC3339)}
	return c.keep(d, ok(out))
}

func (c *Console) make(r *http.Request, kind, id string, body map[string]any) (Node, error) {
	if kind == kindCA {
		ca := registry(body, "config_override.ca")
		tlsca := ca // a console copies the CA's registry to the TLS CA unless told otherwise
		if _, own := at(body, "config_override.tlsca"); own {
			tlsca = registry(body, "config_override.tlsca")
		}
		return c.o.Deployer.CreateCA(r.Context(), CASpec{ID: id, DisplayName: textAt(body, "display_name"), CA: ca, TLSCA: tlsca})
	}
	state := textAt(body, "state_db")
	if state == "" {
		state = "couchdb"
	}
	return c.o.Deployer.CreatePeer(r.Context(), PeerSpec{
		ID: id, DisplayName: textAt(body, "display_name"), MSPID: textAt(body, "msp_id"), StateDB: state,
		CA: enrollment(body, "crypto.enrollment.ca"), TLSCA: enrollment(body, "crypto.enrollment.tlsca"),
		AdminCerts: certs(body, "crypto.enrollment.component.admin_certs"),
	})
}

func registry(body map[string]any, path string) Registry {
	out := Registry{MaxEnrollments: -1}
	if n, ok := at(body, path+".registry.maxenrollments"); ok {
		f, _ := n.(float64)
		out.MaxEnrollments = int(f)
	}
	v, _ := at(body, path+".registry.identities")
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

func enrollment(body map[string]any, path string) Enrollment {
	port, _ := at(body, path+".port")
	number, _ := port.(float64)
	cert, _ := base64.StdEncoding.DecodeString(textAt(body, path+".tls_cert"))
	e := Enrollment{Host: textAt(body, path+".host"), Port: int(number), Name: textAt(body, path+".name"), TLSCertPEM: cert,
		EnrollID: textAt(body, path+".enroll_id"), EnrollSecret: secret.FromString(textAt(body, path+".enroll_secret"))}
	hosts, _ := at(body, path+".csr_hosts")
	list, _ := hosts.([]any)
	for _, h := range list {
		s, _ := h.(string)
		e.CSRHosts = append(e.CSRHosts, s)
	}
	return e
}

func certs(body map[string]any, path string) [][]byte {
	v, _ := at(body, path)
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

// knownHost proves that an enrollment goes to a CA that this console has made or imported.
func (c *Console) knownHost(body map[string]any) func(string) func(string, any) string {
	return func(p string) func(string, any) string {
		return func(path string, v any) string {
			port, _ := at(body, p+".port")
			number, _ := port.(float64)
			want := net.JoinHostPort(fmt.Sprint(v), strconv.Itoa(int(number)))
			for _, d := range c.store.list(func(d document) bool { return d.text("type") == kindCA }) {
				if u, err := url.Parse(d.text("api_url")); err == nil && (u.Host == want || u.Port() == "" && u.Host+":443" == want) {
					return ""
				}
			}
			return "The parameter '" + path + "' was not found in the list of known URLs. Import a CA using this host & port or change the host and port in this request to a known one"
		}
	}
}

// describe is the document of a node that was made here. Names and secrets of the registry are redacted, and
// a CA's roots are not known (console-api.md 3).
func (c *Console) describe(kind string, n Node, body map[string]any) document {
	d := document{
		"id": n.ID, "dep_component_id": n.ID, "type": kind, "display_name": body["display_name"], "imported": false, "location": deployedHere,
		"api_url": n.APIURL, "operations_url": n.OperationsURL, "scheme_version": "v1", "timestamp": c.o.Clock().UnixMilli(),
		"tags": append(tags(kind, body["tags"]), deployedHere), "region": c.o.Region, "zone": body["zone"],
		"cluster_type": "typeiks", "console_type": "hlfoc", "version": map[string]string{kindCA: "1.5.15-1", kindPeer: "2.5.9-1"}[kind],
		"resources": body["resources"], "storage": body["storage"],
	}
	if kind == kindCA {
		d["msp"] = map[string]any{"ca": map[string]any{"name": n.CAName}, "tlsca": map[string]any{"name": n.TLSCAName},
			"component": map[string]any{"tls_cert": n.TLSCert}}
		override, _ := body["config_override"].(map[string]any)
		override = maps.Clone(override)
		if override["tlsca"] == nil {
			override["tlsca"] = override["ca"]
		}
		d["config_override"] = redact(override)
		return plain(d)
	}
	d["msp_id"], d["grpcwp_url"], d["state_db"] = body["msp_id"], n.GRPCWebURL, n.StateDB
	d["node_ou"] = map[string]any{"enabled": true}
	d["msp"] = map[string]any{
		"ca": map[string]any{"root_certs": n.Roots}, "tlsca": map[string]any{"root_certs": n.TLSRoots},
		"component": map[string]any{"tls_cert": n.TLSCert, "ecert": n.ECert, "admin_certs": certs(body, "crypto.enrollment.component.admin_certs")},
	}
	return plain(d)
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

// deployError is how a console passes on what its deployer says.
func deployError(err error) answer {
	var e *DeployError
	if !errors.As(err, &e) {
		return fail(http.StatusInternalServerError, "msg", map[string]any{"message": err.Error(), "name": "AxiosError", "code": "ECONNREFUSED"})
	}
	if e.Cause != "" {
		return fail(http.StatusInternalServerError, "msg", map[string]any{"crstatus": map[string]any{
			"type": "Error", "status": "True", "reason": "errorOccurredDuringReconcile", "message": e.Cause}})
	}
	return fail(e.Status, "msg", map[string]any{"status": e.Status, "message": e.Message})
}
