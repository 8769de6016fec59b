package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

// tokens remembers what a console gave out since its tokens expired. Only these are good.
type tokens struct {
	mu    sync.Mutex
	fresh map[string]bool
}

// tokenPath is where tokens come from.
const tokenPath = "/identity/token"

// expire begins anew: no token is good.
func (x *tokens) expire() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.fresh = map[string]bool{}
}

// note remembers the token in an answer.
func (x *tokens) note(q *http.Request, a *reply) {
	var out struct {
		Token string `json:"access_token"`
	}
	if !strings.HasSuffix(q.URL.Path, tokenPath) || json.Unmarshal(a.body, &out) != nil || out.Token == "" {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.fresh == nil { // the fault begins at this very moment
		x.fresh = map[string]bool{}
	}
	x.fresh[out.Token] = true
}

// spoil changes a token that has expired into one that the console itself refuses, in its own words, and tells
// whether it did.
func (x *tokens) spoil(q *http.Request) bool {
	token, is := strings.CutPrefix(q.Header.Get("Authorization"), "Bearer ")
	x.mu.Lock()
	defer x.mu.Unlock()
	if !is || x.fresh[token] {
		return false
	}
	q.Header.Set("Authorization", "Bearer "+token[:strings.LastIndexByte(token, '.')+1]+"expired")
	return true
}
