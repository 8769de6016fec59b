package console

import (
	"encoding/json"
	"net/http"
	"strings"

	"farol/state/fault"
)

// Codes of a console's refusals. Every one has the fact host.
var (
	CodeUnauthorized = fault.Define("console.unauthorized") // wrong key or secret, or the key may not do this; never tried again
	CodeForbidden    = fault.Define("console.forbidden")    // actions: what the user may not do
	CodeLockedOut    = fault.Define("console.locked-out")   // wait: after five wrong tries (console-api.md 0.9)
	CodeMissing      = fault.Define("console.missing")      // id
	CodeConflict     = fault.Define("console.conflict")     // the id is taken, in the console or in its cluster
	CodeInvalid      = fault.Define("console.invalid")      // messages
	CodeUnknownHost  = fault.Define("console.unknown-host") // the CA was not imported into this console
	CodeRateLimited  = fault.Define("console.rate-limited") // wait
	CodeNoDeployer   = fault.Define("console.no-deployer")  // the console only imports
	CodeReadOnly     = fault.Define("console.read-only")
	CodeDeployer     = fault.Define("console.deployer")      // cause: the part below the console was slow or down
	CodeCreateFailed = fault.Define("console.create-failed") // cause: the node could not be made, and was taken away again
	CodeUnavailable  = fault.Define("console.unavailable")   // status
	CodeGarbled      = fault.Define("console.garbled")       // the answer is not a console's
	CodeRedirect     = fault.Define("console.redirect")      // target: not followed
	CodeRenamed      = fault.Define("console.renamed")       // want, got: the id that came back is not the one we sent
	CodeAddress      = fault.Define("console.address")       // value: not an https address
)

// maxText is how much of a console's own text is kept, in bytes. A whole body is never kept: it may hold
// secrets (console-api.md 4.10, 12.4).
const maxText = 400

// refusal is the body of an error. A console writes its text in any of these, in several types.
type refusal struct {
	Msg        json.RawMessage `json:"msg"`
	Msgs       []string        `json:"msgs"`
	Error      string          `json:"error"`
	Errors     []string        `json:"errors"`
	Actions    []string        `json:"attempted_actions"`
	StatusCode int             `json:"statusCode"`
	Reason     string          `json:"reason"` // of a component that is not there: missing or deleted
}

// text finds the words in a refusal.
func (r refusal) text() string {
	var one string
	var many []string
	var deep struct{ Message string }
	switch {
	case len(r.Msgs) > 0:
		one = strings.Join(r.Msgs, "; ")
	case json.Unmarshal(r.Msg, &one) == nil:
	case json.Unmarshal(r.Msg, &many) == nil:
		one = strings.Join(many, "; ")
	case json.Unmarshal(r.Msg, &deep) == nil && deep.Message != "":
		one = deep.Message
	case r.Error != "":
		one = r.Error
	default:
		one = strings.Join(r.Errors, "; ")
	}
	return cut(one)
}

// cut shortens a text between two characters.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "")
}

// reconcile is the component object that stands in msg when a node could not be made (console-api.md 12.1).
func (r refusal) reconcile() (cause string, ok bool) {
	var m struct {
		CRStatus struct{ Type, Message string }
	}
	ok = json.Unmarshal(r.Msg, &m) == nil && m.CRStatus.Type == "Error"
	return cut(m.CRStatus.Message), ok
}

// garbled says that an answer is not a console's. What a change did then is not known.
func (c *Client) garbled() *fault.Fault { return fault.New(CodeGarbled, "host", c.host) }

// refuse turns an answer that is no success into a fault.
func (c *Client) refuse(resp *http.Response, body []byte) *fault.Fault {
	var r refusal
	isJSON := json.Unmarshal(body, &r) == nil
	f := fault.New(CodeUnavailable, "host", c.host, "status", resp.Status).Certain(fault.Refused)
	switch text := r.text(); resp.StatusCode {
	case http.StatusUnauthorized:
		f.Code = CodeUnauthorized
	case http.StatusForbidden:
		f.Code = CodeForbidden
		f.With("actions", strings.Join(r.Actions, " "))
	case http.StatusPaymentRequired:
		f.Code = CodeLockedOut
		f.With("wait", lockOut.String())
	case http.StatusNotFound:
		// Only a console's own word proves that something is not there: an ingress whose console restarts says 404
		// too, and a node made on that word would be the second one.
		switch {
		case r.Reason != "":
			f.Code = CodeMissing
		case r.StatusCode != 0:
			f.Code = CodeInvalid
		default:
			f.Code = CodeGarbled
		}
		f.With("messages", text)
	case http.StatusConflict:
		f.Code = CodeConflict
		f.With("messages", text)
	case http.StatusTooManyRequests:
		f.Code = CodeRateLimited
		f.With("wait", retryAfter(resp.Header).String()).Later()
	case http.StatusBadRequest:
		f.Code = CodeInvalid
		if strings.Contains(text, "list of known URLs") {
			f.Code = CodeUnknownHost
		}
		f.With("messages", text)
	case http.StatusServiceUnavailable:
		switch {
		case strings.Contains(string(r.Msg), "read only mode"):
			f.Code = CodeReadOnly
		case strings.Contains(r.Error, "api is not available"):
			f.Code = CodeNoDeployer
		default:
			f.Later()
		}
		if !isJSON {
			f.Certain(fault.Unsure) // something on the way gave up, perhaps after it had passed the request on
		}
	default:
		if resp.StatusCode < http.StatusInternalServerError {
			return f
		}
		if cause, failed := r.reconcile(); failed {
			f.Code = CodeCreateFailed
			return f.With("cause", cause)
		}
		f.Certain(fault.Unsure).Later()
		if isJSON && text != "" {
			f.Code = CodeDeployer
			f.With("cause", text)
		}
	}
	return f
}
