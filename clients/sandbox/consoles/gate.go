package consoles

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The actions of the roles (console-api.md 1.5).
const (
	actionView   = "blockchain.optools.view"
	actionImport = "blockchain.components.import"
	actionRemove = "blockchain.components.remove"
	actionCreate = "blockchain.components.create"
	actionDelete = "blockchain.components.delete"
	actionKeys   = "blockchain.apikeys.manage"
	actionManage = "blockchain.components.manage"
	actionLogs   = "blockchain.optools.logs"
	actionNotes  = "blockchain.notifications.manage"
)

var (
	readerActions  = []string{"blockchain.components.export", actionView}
	writerActions  = []string{actionRemove, actionImport, actionNotes, "blockchain.signaturecollection.manage", actionManage}
	managerActions = []string{actionCreate, actionDelete, "blockchain.optools.restart", actionLogs, "blockchain.optools.settings", "blockchain.users.manage", actionKeys}
)

// caller is who asks: a key, or a user or token when it is none.
type caller struct {
	name  string
	roles []string
	key   bool
	fresh bool // still with the default password
}

// level is how far up the ladder of roles a caller stands.
func (c caller) level() int {
	level := 0
	for i, role := range []string{"reader", "writer", "manager"} {
		if slices.Contains(c.roles, role) {
			level = i + 1
		}
	}
	return level
}

// actions lists what a caller may do.
func (c caller) actions() []string {
	return slices.Concat([][]string{readerActions, writerActions, managerActions}[:c.level()]...)
}

func (c caller) may(action string) bool { return slices.Contains(c.actions(), action) }

// Lock-out after wrong credentials (console-api.md 0.9).
const (
	maxFailures = 5
	lockTime    = 2 * time.Minute
)

// gate decides who may ask, and how often.
type gate struct {
	o Options

	mu       sync.Mutex
	failures map[string]*failures // by client address
	minute   int64                // that the counts are of
	counts   map[string]int       // by address, user agent and kind of call
}

type failures struct {
	n    int
	last time.Time
}

func newGate(o Options) *gate {
	return &gate{o: o, failures: map[string]*failures{}, counts: map[string]int{}}
}

func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func (g *gate) limit(r *http.Request) int {
	switch {
	case r.Method != http.MethodGet:
		return g.o.Writes
	case !strings.HasPrefix(r.URL.Path, "/ak/"):
		return 4 * g.o.Reads // the routes of browsers
	}
	return g.o.Reads
}

// allow counts a call and tells whether it is within the limit of the minute.
func (g *gate) allow(w http.ResponseWriter, r *http.Request) bool {
	limit := g.limit(r)
	if limit == 0 {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	key := fmt.Sprint(address(r), "\x00", r.UserAgent(), "\x00", r.Method == http.MethodGet, strings.HasPrefix(r.URL.Path, "/ak/"))
	now := g.o.Clock().Unix() / 60
	if now != g.minute {
		g.minute = now
		clear(g.counts)
	}
	g.counts[key]++
	n := g.counts[key]
	w.Header().Set("X-RateLimit-Limit", strconv.Itoa(limit))
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(max(limit-n, 0)))
	w.Header().Set("X-RateLimit-Reset", strconv.FormatInt((now+1)*60, 10))
	if n > limit {
		w.Header().Set("Retry-After", "60")
		return false
	}
	return true
}

func tooMany(limit int) answer {
	return answer{status: http.StatusTooManyRequests, body: map[string]any{
		"error":      "[AK Requests] exceeded the low volume rate limit - too many requests, try again later",
		"rate_limit": strconv.Itoa(limit) + "/min",
		"tips": []string{`monitor the header "X-RateLimit-Remaining" for your current rate`,
			`check the header "X-RateLimit-Reset" for when to resume`},
	}}
}

// who lets a caller in who proves to be somebody, and counts those who do not.
func (g *gate) who(r *http.Request, given bool, proven func() (caller, bool)) (caller, *answer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, from := g.o.Clock(), address(r)
	f := g.failures[from]
	if f != nil && now.Sub(f.last) >= lockTime {
		delete(g.failures, from)
		f = nil
	}
	if f != nil && f.n >= maxFailures {
		a := answer{status: http.StatusPaymentRequired, body: map[string]any{
			"error": "too many auth failures. client is locked out. try again in 2.0 mins", "failures": f.n}}
		f.n, f.last = f.n+1, now // each refused try prolongs it
		return caller{}, &a
	}
	if given {
		if who, right := proven(); right {
			delete(g.failures, from)
			return who, nil
		}
		if f == nil {
			f = &failures{}
			g.failures[from] = f
		}
		f.n, f.last = f.n+1, now
	}
	a := unauthorized(g.o.HostURL)
	return caller{}, &a
}
