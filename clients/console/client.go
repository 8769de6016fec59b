// Package console talks to one Fabric Operations Console (IBM Blockchain Platform, IBM Support for Hyperledger
// Fabric) over its REST API, version 3. Sources: console-api.md, and the console's own OpenAPI file.
package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"farol/clients/wire"
	"farol/state/fault"
	"farol/state/secret"

	"github.com/cenkalti/backoff/v5"
)

// Deadlines: a create is answered when the deployer has accepted it, which may take 105 s (console-api.md 2).
const (
	createTime = 150 * time.Second
	callTime   = 60 * time.Second
)

// readTries is how often a read is tried when the trouble may pass. A mutation is never repeated here: the
// engine looks first.
const readTries = 3

// limitTries is how often a call is sent that the console puts off because of its limit: some minutes.
const limitTries = 5

// Login is an API key and its secret.
type Login struct {
	Key    string
	Secret secret.Secret
}

// Client speaks to one console.
type Client struct {
	base, host    string
	login         Login
	http          *http.Client
	gate          *gate
	reads, writes limiter
}

// New makes a client for the console at an https address.
func New(base string, login Login, http *http.Client) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, fault.New(CodeAddress, "value", withoutUser(base)).Certain(fault.NotSent)
	}
	return &Client{base: "https://" + u.Host, host: u.Host, login: login, http: http, gate: newGate(),
		reads: limiter{limit: defaultReads}, writes: limiter{limit: defaultWrites}}, nil
}

// withoutUser leaves out who would sign in, which may hold a password.
func withoutUser(address string) string { return address[strings.LastIndex(address, "@")+1:] }

// request is one call.
type request struct {
	method, path string
	body         []byte
	limit        time.Duration
	public       bool // needs no credentials, so gets none
}

// read asks for something, a few times when the trouble may pass.
func (c *Client) read(ctx context.Context, path string, public bool, into any) error {
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := c.once(ctx, request{method: http.MethodGet, path: path, limit: callTime, public: public}, into)
		if f, ok := fault.Of(err); ok && f.Transient && f.Code != CodeRateLimited {
			return struct{}{}, err
		}
		if err != nil {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithMaxTries(readTries), backoff.WithBackOff(backoff.NewExponentialBackOff()))
	if err != nil {
		return wire.Classify(err, c.host) // the end of ctx between two tries comes bare
	}
	return nil
}

// write makes one change, once.
func (c *Client) write(ctx context.Context, method, path string, body []byte, limit time.Duration, into any) error {
	return c.once(ctx, request{method: method, path: path, body: body, limit: limit}, into)
}

// once makes one call.
func (c *Client) once(ctx context.Context, q request, into any) error {
	if q.public {
		return c.paced(ctx, q, into)
	}
	if err := c.gate.enter(ctx, c.host); err != nil {
		return err
	}
	err := c.paced(ctx, q, into)
	c.gate.leave(q.method == http.MethodGet, err)
	return err
}

// paced makes one call when the console's limit allows. Where others use up the budget the console refuses it: such
// a call was not worked on, so it goes again after the wait, but not for ever.
func (c *Client) paced(ctx context.Context, q request, into any) error {
	lane := &c.writes
	if q.method == http.MethodGet {
		lane = &c.reads
	}
	for try := 1; ; try++ {
		if err := lane.wait(ctx); err != nil {
			return wire.Classify(err, c.host).Certain(fault.NotSent)
		}
		resp, body, err := c.send(ctx, q)
		if err != nil {
			return err
		}
		lane.learn(resp)
		switch {
		case resp.StatusCode == http.StatusTooManyRequests && try < limitTries:
			continue
		case resp.StatusCode >= 300 && resp.StatusCode < 400:
			return fault.New(CodeRedirect, "host", c.host, "target", resp.Header.Get("Location")).Certain(fault.Refused)
		case resp.StatusCode >= 400 || resp.StatusCode < 200:
			return c.refuse(resp, body)
		}
		if err := json.Unmarshal(body, into); err != nil {
			return c.garbled().Because(err)
		}
		return nil
	}
}

func (c *Client) send(ctx context.Context, q request) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, q.limit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, q.method, c.base+q.path, bytes.NewReader(q.body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Accept", "application/json")
	if q.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if !q.public {
		r.SetBasicAuth(c.login.Key, c.login.Secret.Expose())
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, nil, wire.Classify(err, c.host)
	}
	body, err := wire.ReadBody(resp, wire.MaxBody)
	if errors.Is(err, wire.ErrTooLarge) {
		return nil, nil, c.garbled().Because(err)
	}
	if err != nil {
		return nil, nil, wire.Classify(err, c.host)
	}
	return resp, body, nil
}

// Settings are the public facts of a console.
type Settings struct {
	Version    string
	Instance   string // the console's own id
	Platform   string // what stands for "made here" in exported files
	AuthScheme string // couchdb: local users and API keys; iam: IBM Cloud
	ImportOnly bool   // has no deployer: cannot create nodes
	ReadOnly   bool
}

// Settings reads the public settings and takes over the console's limit.
func (c *Client) Settings(ctx context.Context) (Settings, error) {
	var r struct {
		AuthScheme     string `json:"AUTH_SCHEME"`
		ImportOnly     bool   `json:"IMPORT_ONLY"`
		ReadOnly       bool   `json:"READ_ONLY"`
		Infrastructure string `json:"INFRASTRUCTURE"`
		PerMinute      int    `json:"MAX_REQ_PER_MIN_AK"`
		Versions       struct {
			Tag string `json:"tag"`
		} `json:"VERSIONS"`
		CRN struct {
			Instance string `json:"instance_id"`
		} `json:"CRN"`
	}
	if err := c.read(ctx, "/ak/api/v3/settings", true, &r); err != nil {
		return Settings{}, err
	}
	if r.CRN.Instance == "" && r.AuthScheme == "" {
		return Settings{}, c.garbled().Certain(fault.Refused)
	}
	c.writes.set(r.PerMinute)
	return Settings{r.Versions.Tag, r.CRN.Instance, r.Infrastructure, r.AuthScheme, r.ImportOnly, r.ReadOnly}, nil
}

// User is who the key belongs to.
type User struct {
	Roles   []string // reader, writer, manager, as far as the actions show
	Actions []string
}

// Actions that the procedure needs (console-api.md 1.5).
const (
	ActionCreate = "blockchain.components.create"
	ActionImport = "blockchain.components.import"
	ActionView   = "blockchain.optools.view"
)

// User asks what the key may do.
func (c *Client) User(ctx context.Context) (User, error) {
	var r struct {
		Actions []string `json:"authorized_actions"`
	}
	if err := c.read(ctx, "/ak/api/v3/users/info", false, &r); err != nil {
		return User{}, err
	}
	if r.Actions == nil {
		return User{}, c.garbled()
	}
	u := User{Actions: r.Actions}
	for _, pair := range [][2]string{{ActionView, "reader"}, {ActionImport, "writer"}, {ActionCreate, "manager"}} {
		for _, a := range r.Actions {
			if a == pair[0] {
				u.Roles = append(u.Roles, pair[1])
			}
		}
	}
	return u, nil
}

func escape(id string) string { return url.PathEscape(strings.TrimSpace(id)) }
