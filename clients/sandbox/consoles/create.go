package consoles

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
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
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	kind, bad := typed(a, b)
	switch {
	case bad != nil:
		return *bad
	case kind != kindCA && kind != kindPeer:
		return fail(http.StatusNotFound, "msg", "route not found")
	}
	if msgs := check(b, creations(kind, c.knownHost(b.fields))); len(msgs) > 0 {
		return invalid(msgs)
	}
	if _, enrolls := at(b.fields, "crypto.enrollment"); kind == kindPeer && !enrolls {
		return fail(http.StatusBadRequest, "msg", "a peer enrolls here: crypto.enrollment is needed")
	}
	id := deploymentOf(textAt(b.fields, "id"))
	chosen := id == ""
	if chosen {
		id = c.store.reserve(named(b.fields))
	}
	node, err := c.make(r.Context(), kind, id, b.fields)
	if err != nil {
		if chosen {
			c.store.release(id)
		}
		return deployError(err)
	}
	// Its document may be there although the deployment was gone: then there are two (console-api.md 12.2).
	d, err := c.store.insert(c.describe(kind, node, b.fields))
	if err != nil {
		return unstored()
	}
	out := shown(d, true)
	out["crstatus"] = map[string]any{"type": "Deploying", "status": "True", "reason": "waitingForPods", "version": "2.5.3",
		"lastHeartbeatTime": c.o.Clock().UTC().Format("2006-01-02T15:04:05.000Z")}
	return ok(out)
}

// operatorTime bounds what a deployer works on one node after nobody waits for it any more.
const operatorTime = 5 * time.Minute

// errSlow is a deployer that took too long. It goes on, and what it makes is an orphan (console-api.md 0.4).
var errSlow = errors.New("deployer timeout")

// make waits for the deployer as long as a console does, also when its own caller has gone.
func (c *Console) make(ctx context.Context, kind, id string, fields map[string]any) (Node, error) {
	type result struct {
		node Node
		err  error
	}
	done := make(chan result, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), operatorTime)
		defer cancel()
		node, err := c.deploy(ctx, kind, id, fields)
		done <- result{node, err}
	}()
	late := time.NewTimer(c.o.DeployerTimeout)
	defer late.Stop()
	select {
	case made := <-done:
		return made.node, made.err
	case <-late.C:
		return Node{}, fmt.Errorf("timeout of %dms exceeded%.0w", c.o.DeployerTimeout.Milliseconds(), errSlow)
	}
}

func (c *Console) deploy(ctx context.Context, kind, id string, fields map[string]any) (Node, error) {
	if kind == kindCA {
		ca := registry(fields, "config_override.ca")
		tlsca := ca // a console copies the CA's registry to the TLS CA unless told otherwise
		if _, own := at(fields, "config_override.tlsca"); own {
			tlsca = registry(fields, "config_override.tlsca")
		}
		return c.o.Deployer.CreateCA(ctx, CASpec{ID: id, DisplayName: named(fields), CA: ca, TLSCA: tlsca})
	}
	state := textAt(fields, "state_db")
	if state == "" {
		state = "couchdb"
	}
	return c.o.Deployer.CreatePeer(ctx, PeerSpec{
		ID: id, DisplayName: named(fields), MSPID: textAt(fields, "msp_id"), StateDB: state,
		CA: enrollment(fields, "crypto.enrollment.ca"), TLSCA: enrollment(fields, "crypto.enrollment.tlsca"),
		AdminCerts: certs(fields, "crypto.enrollment.component.admin_certs"),
	})
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

// knownHost proves that an enrollment goes to a CA that this console has made or imported.
func (c *Console) knownHost(fields map[string]any) func(string) rule {
	return func(ca string) rule {
		return func(path string, v any) []string {
			want := net.JoinHostPort(fmt.Sprint(v), strconv.Itoa(portAt(fields, ca+".port")))
			for _, d := range c.store.list(func(d document) bool { return d.text("type") == kindCA }) {
				if u, err := url.Parse(d.text("api_url")); err == nil && (u.Host == want || u.Port() == "" && u.Host+":443" == want) {
					return nil
				}
			}
			return []string{"The parameter '" + path + "' was not found in the list of known URLs. Import a CA using this host & port or change the host and port in this request to a known one"}
		}
	}
}

// deployError is how a console passes on what its deployer says.
func deployError(err error) answer {
	var e *DeployError
	switch {
	case errors.Is(err, errSlow):
		return fail(http.StatusInternalServerError, "msg", map[string]any{"message": err.Error(), "name": "AxiosError", "code": "ECONNABORTED"})
	case !errors.As(err, &e):
		return fail(http.StatusInternalServerError, "msg", map[string]any{"message": err.Error(), "name": "Error", "code": "ECONNREFUSED"})
	case e.Cause != "":
		return fail(http.StatusInternalServerError, "msg", map[string]any{"crstatus": map[string]any{
			"type": "Error", "status": "True", "reason": "errorOccurredDuringReconcile", "message": e.Cause}})
	}
	return fail(e.Status, "msg", map[string]any{"status": e.Status, "message": e.Message})
}
