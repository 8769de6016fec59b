package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// slowAnswer is how long a slow console thinks before it begins.
const slowAnswer = 3 * time.Second

// reply is an answer that has not left yet.
type reply struct {
	header http.Header
	status int
	body   []byte
}

func (a *reply) Header() http.Header { return a.header }

func (a *reply) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *reply) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.body = append(a.body, b...)
	return len(b), nil
}

func (a *reply) send(w http.ResponseWriter) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// gateway is what stands before a hosted console and speaks for it when it does not.
func gateway(status int, words string) reply {
	return reply{http.Header{"Content-Type": {"text/html"}}, status,
		[]byte("<html>\r\n<head><title>" + words + "</title></head>\r\n<body>\r\n<center><h1>" + words + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n")}
}

// answer lets the region's console answer, as well as its faults allow, and logs what happened.
func (r *region) answer(w http.ResponseWriter, q *http.Request) {
	r.d.touch()
	defer r.lines.begin(q)()
	has := func(f Fault) bool { return r.d.faults.has(f, r.id) }
	e := Request{Began: time.Now().UTC(), Region: r.id, Method: q.Method, Path: q.URL.Path, Agent: q.UserAgent()}
	defer func() {
		e.Took = time.Since(e.Began)
		r.d.requests.add(e)
	}()
	if has(SlowConsole) {
		e.Fault = SlowConsole
		select {
		case <-time.After(slowAnswer):
		case <-q.Context().Done():
			return // the client has gone, and no work was begun
		}
	}
	if has(ErrorBefore) {
		e.Fault, e.Sent = ErrorBefore, http.StatusServiceUnavailable
		a := gateway(e.Sent, "503 Service Temporarily Unavailable")
		a.send(w)
		return
	}
	a := reply{header: http.Header{}}
	expired := has(TokenExpired)
	if expired && r.tokens.spoil(q) {
		e.Fault = TokenExpired
	}
	r.handler.ServeHTTP(&a, q)
	a.WriteHeader(http.StatusOK)
	if expired {
		r.tokens.note(q, &a)
	}
	e.Status = a.status
	switch {
	case has(AnswerLost) && changes(q):
		e.Fault = AnswerLost
		panic(http.ErrAbortHandler) // ends the connection
	case has(ErrorAfter) && changes(q):
		e.Fault = ErrorAfter
		a = gateway(http.StatusGatewayTimeout, "504 Gateway Time-out")
	case has(TruncatedJSON):
		e.Fault = TruncatedJSON
		a.body = a.body[:len(a.body)/2]
	}
	e.Sent = a.status
	if r.lines.old(q) {
		w.Header().Set("Connection", "close") // also ends one of HTTP/2, once the answer has left
	}
	a.send(w)
}

// changes tells whether a call does work that could be done twice. Questions about health are posted as well.
func changes(q *http.Request) bool {
	return q.Method != http.MethodGet && !strings.HasSuffix(q.URL.Path, "/status")
}
