package consoles

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// answer is what a console sends back.
type answer struct {
	status int
	body   any    // sent as JSON
	text   string // sent as HTML instead
	header http.Header
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// fail is an error with its status code in the body, and pairs of keys and values.
func fail(status int, pairs ...any) answer {
	body := map[string]any{"statusCode": status}
	for i := 0; i+1 < len(pairs); i += 2 {
		body[pairs[i].(string)] = pairs[i+1]
	}
	return answer{status: status, body: body}
}

// invalid lists everything that is wrong with a request at once.
func invalid(msgs []string) answer { return fail(http.StatusBadRequest, "msgs", msgs) }

func unauthorized(hostURL string) answer {
	return answer{status: http.StatusUnauthorized, text: "Unauthorized",
		header: http.Header{"Www-Authenticate": {"Basic realm=IBP" + hostURL}}}
}

func (a answer) send(w http.ResponseWriter) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
	if a.text != "" {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.text))
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(a.body) // maps, strings and numbers only
	w.WriteHeader(a.status)
	_, _ = w.Write(bytes.TrimRight(out.Bytes(), "\n"))
}
