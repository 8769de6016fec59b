package console

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"farol/state/fault"
)

const (
	documents   = "/ak/api/v3/components"            // what a console knows: imports go here
	deployments = "/ak/api/v3/kubernetes/components" // what runs in its cluster: creations go here
	whole       = "?deployment_attrs=included&cache=skip"
)

// Component asks for one component, past the console's cache. found is false when the console does not know it.
func (c *Client) Component(ctx context.Context, id string) (component *Component, found bool, err error) {
	var out Component
	err = c.read(ctx, documents+"/"+escape(id)+whole, false, &out)
	if fault.Is(err, CodeMissing) {
		return nil, false, nil
	}
	if err == nil && out.ID == "" {
		err = c.garbled()
	}
	if err != nil {
		return nil, false, err
	}
	out.tidy()
	return &out, true, nil
}

// Components lists everything that the console knows.
func (c *Client) Components(ctx context.Context) ([]Component, error) {
	return c.list(ctx, documents+whole)
}

// Deployed lists what runs in the console's cluster. An entry without an id is an orphan: the console does
// not know it (console-api.md 3).
func (c *Client) Deployed(ctx context.Context) ([]Component, error) {
	return c.list(ctx, deployments+"?cache=skip")
}

func (c *Client) list(ctx context.Context, path string) ([]Component, error) {
	var r struct{ Components []Component }
	err := c.read(ctx, path, false, &r)
	if err == nil && r.Components == nil {
		err = c.garbled() // nothing there would be an empty list
	}
	for i := range r.Components {
		r.Components[i].tidy()
	}
	return r.Components, err
}

// CreateCA makes a certificate authority. The answer comes long before it runs: ask for its status.
func (c *Client) CreateCA(ctx context.Context, n NewCA) (*Component, error) {
	body, err := n.body()
	if err != nil {
		return nil, err
	}
	defer clear(body)
	return c.add(ctx, deployments+"/"+KindCA, n.ID, body)
}

// CreatePeer makes a peer. The answer comes long before it runs: ask for its status.
func (c *Client) CreatePeer(ctx context.Context, n NewPeer) (*Component, error) {
	body, err := n.body()
	if err != nil {
		return nil, err
	}
	defer clear(body)
	return c.add(ctx, deployments+"/"+KindPeer, n.ID, body)
}

// ImportCA makes an existing certificate authority known.
func (c *Client) ImportCA(ctx context.Context, n CAImport) (*Component, error) {
	return c.imports(ctx, KindCA, n.ID, n)
}

// ImportMSP makes an organization known.
func (c *Client) ImportMSP(ctx context.Context, n MSPImport) (*Component, error) {
	n.Intermediates, n.Admins = present(n.Intermediates), present(n.Admins)
	return c.imports(ctx, KindMSP, n.ID, n)
}

// ImportPeer makes another console's peer known.
func (c *Client) ImportPeer(ctx context.Context, n PeerImport) (*Component, error) {
	return c.imports(ctx, KindPeer, n.ID, n)
}

// ImportOrderer makes one ordering node known.
func (c *Client) ImportOrderer(ctx context.Context, n OrdererImport) (*Component, error) {
	return c.imports(ctx, KindOrderer, n.ID, n)
}

// present makes an empty list of none, which consoles insist on.
func present(certs [][]byte) [][]byte {
	if certs == nil {
		return [][]byte{}
	}
	return certs
}

func (c *Client) imports(ctx context.Context, kind, id string, n any) (*Component, error) {
	body, err := json.Marshal(n)
	if err != nil {
		return nil, err
	}
	return c.add(ctx, documents+"/"+kind, id, body)
}

// add posts a component with our own id, and proves that the console took that id: it renames silently when
// it thinks that it should (console-api.md 0.2).
func (c *Client) add(ctx context.Context, path, id string, body []byte) (*Component, error) {
	var out Component
	if err := c.write(ctx, http.MethodPost, path, body, createTime, &out); err != nil {
		return nil, err
	}
	if out.ID != id {
		return nil, fault.New(CodeRenamed, "host", c.host, "want", id, "got", out.ID)
	}
	out.tidy()
	return &out, nil
}

// Health is what a console says of one node.
type Health struct {
	OK     bool
	Status string // "ok", "not ok", or "" when the console cannot tell
}

// Status asks a console whether nodes are well. It counts as a write in the console's limits.
func (c *Client) Status(ctx context.Context, ids ...string) (map[string]Health, error) {
	ask := map[string]any{}
	for _, id := range ids {
		ask[id] = map[string]any{"skip_cache": true}
	}
	body, err := json.Marshal(map[string]any{"components": ask})
	if err != nil {
		return nil, err
	}
	var r map[string]struct{ Status *string }
	if err := c.write(ctx, http.MethodPost, documents+"/status", body, callTime, &r); err != nil {
		return nil, err
	}
	out := map[string]Health{}
	for _, id := range ids {
		if s := r[id].Status; s != nil {
			out[id] = Health{OK: *s == "ok", Status: *s}
		}
	}
	return out, nil
}

// RemoveImported takes away a console's knowledge of a node that it did not make. On a node that it made it
// would leave the deployment orphaned (console-api.md 4.10), so such an id is refused.
func (c *Client) RemoveImported(ctx context.Context, n Imported) error {
	return c.remove(ctx, documents+"/"+escape(string(n)), callTime)
}

// RemoveDeployed destroys a node that this console made, with its data.
func (c *Client) RemoveDeployed(ctx context.Context, n Created) error {
	return c.remove(ctx, deployments+"/"+escape(string(n)), createTime)
}

func (c *Client) remove(ctx context.Context, path string, limit time.Duration) error {
	var said json.RawMessage // any JSON will do; a sign-in page will not
	return c.write(ctx, http.MethodDelete, path, nil, limit, &said)
}

// Imported and Created are ids that tell by their type which of the two routes may delete them.
type (
	Imported string
	Created  string
)

// Removable gives the id of a component as the type that fits it; exactly one of the two is not empty.
func (c *Component) Removable() (Imported, Created) {
	if c.Imported || c.Deployment == "" && c.Type == KindMSP {
		return Imported(c.ID), ""
	}
	return "", Created(c.ID)
}
