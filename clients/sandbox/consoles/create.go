package consoles

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// create has nodes made. The answer comes when the deployer has accepted them, and says so in crstatus, which
// no later answer has (console-api.md 0.1).
func (c *Console) create(r *http.Request, a map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	kind, bad := typed(a, b)
	_, orders := c.o.Deployer.(OrdererDeployer)
	switch {
	case bad != nil:
		return *bad
	case kind == kindMSP, kind == kindOrderer && !orders:
		return fail(http.StatusNotFound, "msg", "route not found")
	}
	if msgs := check(b, creations(kind, c.knownHost)); len(msgs) > 0 {
		return invalid(msgs)
	}
	if kind == kindOrderer {
		return c.createOrderers(r, b.fields)
	}
	if kind == kindPeer && !c.enrolls(b.fields) && !c.furnishes(b.fields) {
		return fail(http.StatusBadRequest, "msg", "a peer enrolls here: crypto.enrollment is needed")
	}
	if a := c.full(1); a != nil {
		return *a
	}
	id := deploymentOf(textAt(b.fields, "id"))
	chosen := id == ""
	if chosen {
		id = c.store.reserve(named(b.fields), "")
	}
	node, err := within(r.Context(), c.o.DeployerTimeout, func(ctx context.Context) (Node, error) { return c.deploy(ctx, kind, id, b.fields) })
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

// full refuses more nodes than a console takes. Organizations do not count.
func (c *Console) full(more int) *answer {
	have := len(c.store.list(func(d document) bool { return d.text("type") != kindMSP }))
	if have+more <= c.o.MaxComponents {
		return nil
	}
	a := fail(http.StatusInternalServerError, "msg", []string{fmt.Sprintf("total component limit reached. limit: %d", c.o.MaxComponents)})
	return &a
}

// operatorTime bounds what a deployer works on one creation after nobody waits for it any more.
const operatorTime = 5 * time.Minute

// errSlow is a deployer that took too long. It goes on, and what it makes is an orphan (console-api.md 0.4).
var errSlow = errors.New("deployer timeout")

// within waits for the deployer as long as a console does, also when its own caller has gone.
func within[T any](ctx context.Context, limit time.Duration, do func(context.Context) (T, error)) (T, error) {
	type result struct {
		made T
		err  error
	}
	done := make(chan result, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), operatorTime)
		defer cancel()
		made, err := do(ctx)
		done <- result{made, err}
	}()
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case r := <-done:
		return r.made, r.err
	case <-late.C:
		var none T
		return none, fmt.Errorf("timeout of %dms exceeded%.0w", limit.Milliseconds(), errSlow)
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
	spec := PeerSpec{ID: id, DisplayName: named(fields), MSPID: textAt(fields, "msp_id"), StateDB: state}
	if c.furnishes(fields) {
		return c.o.Deployer.(Furnisher).FurnishPeer(ctx, spec, furniture(fields))
	}
	spec.CA, spec.TLSCA = enrollment(fields, "crypto.enrollment.ca"), enrollment(fields, "crypto.enrollment.tlsca")
	spec.AdminCerts = certs(fields, "crypto.enrollment.component.admin_certs")
	return c.o.Deployer.CreatePeer(ctx, spec)
}

func (c *Console) enrolls(fields map[string]any) bool {
	_, enrolls := at(fields, "crypto.enrollment")
	return enrolls
}

// furnishes tells whether a node brings its certificates, and the deployer takes them. They win over an
// enrollment (console-api.md 4.8).
func (c *Console) furnishes(fields map[string]any) bool {
	_, brings := at(fields, "crypto.msp")
	_, takes := c.o.Deployer.(Furnisher)
	return brings && takes
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
