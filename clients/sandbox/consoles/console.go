// Package consoles answers as a Fabric Operations Console does: the REST contract of console-api.md, with a
// Deployer below that makes real nodes. It is the far side of practice regions, and shares no code with
// Farol's client, so that one cannot hide a mistake of the other.
package consoles

import (
	"net/http"
	"strings"
	"time"
)

// Options of one console.
type Options struct {
	Instance string // the console's own id
	Region   string
	HostURL  string // https://console.us-east.farol.test
	Version  string // as settings show it
	Store    string // file that keeps what the console knows
	Writes   int    // calls a minute that are not GET; 0: no limit
	Reads    int    // GETs a minute; 0: no limit
	Clock    func() time.Time
	Deployer Deployer

	ImportOnly      bool          // has no deployer: nodes can only be imported
	ReadOnly        bool          // nothing can be changed
	MaxComponents   int           // nodes that it takes; 0: as consoles come
	DeployerTimeout time.Duration // how long a creation may take; 0: as consoles come
}

// The limits of a console as it comes (console-api.md 0.8).
const (
	DefaultWrites = 25
	DefaultReads  = 100

	DefaultMaxComponents = 75

	DefaultDeployerTimeout = 105 * time.Second
)

// Console is one console. It may be used from any goroutine.
type Console struct {
	o        Options
	born     time.Time
	store    *store
	gate     *gate
	sessions sessions
}

// New opens a console with what its store remembers.
func New(o Options) (*Console, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.DeployerTimeout == 0 {
		o.DeployerTimeout = DefaultDeployerTimeout
	}
	if o.MaxComponents == 0 {
		o.MaxComponents = DefaultMaxComponents
	}
	s, err := open(o.Store)
	if err != nil {
		return nil, err
	}
	return &Console{o: o, born: o.Clock(), store: s, gate: newGate(o), sessions: sessions{open: map[string]session{}}}, nil
}

// ServeHTTP implements http.Handler.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := c.o.Clock()
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	a, how := c.answer(w, r)
	a.send(w)
	if how.who.name != "" && r.Method != http.MethodGet && how.path != "/components/status" && how.path != notes {
		c.note(r, how, a.status, began)
	}
}

const maxBody = 25 << 20

// unavailable is what a console says that has not the part which a call needs.
func unavailable(msg string) answer {
	return fail(http.StatusServiceUnavailable, "error", "api is not available", "msg", msg)
}

// answer looks how often somebody asks, finds the route, and checks who it is. Only then the route may read
// the body.
func (c *Console) answer(w http.ResponseWriter, r *http.Request) (answer, asked) {
	if !c.gate.allow(w, r) {
		return tooMany(c.gate.limit(r)), asked{}
	}
	how, found := find(r)
	switch {
	case !found:
		return fail(http.StatusNotFound, "msg", "route not found"), how
	case c.o.ImportOnly && strings.HasPrefix(how.path, "/kubernetes/"):
		return unavailable(`this api is not available to Console's without the "deployer" counterpart`), how
	case c.o.ReadOnly && r.Method != http.MethodGet:
		return unavailable("this api is not available to Consoles in read only mode"), how
	}
	if how.action != "" {
		var refused *answer
		if how.who, refused = c.admit(r, how); refused != nil {
			return *refused, how
		}
		if !how.who.may(how.action) {
			return c.lacking(how.who, how.action), how
		}
	}
	return dressed(how, how.serve(c, with(r, how), how.args)), how
}
