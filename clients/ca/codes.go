package ca

import (
	"net/http"
	"strconv"
	"strings"

	"farol/state/fault"
)

// Codes of a CA's refusals. Every one has the facts host and, where it is about one, identity. A CA hides the
// cause on purpose: a wrong secret, an unknown user and used-up enrollments all look the same (fabric.md 4).
var (
	CodeUnauthorized    = fault.Define("ca.unauthorized")     // never tried again: ten wrong secrets lock the identity
	CodeLocked          = fault.Define("ca.locked")           // too many wrong secrets
	CodeDuplicate       = fault.Define("ca.duplicate")        // registered already
	CodeForbidden       = fault.Define("ca.forbidden")        // no registrar, or not for this type or affiliation
	CodeUnknownName     = fault.Define("ca.unknown-name")     // name: the server has no such authority
	CodeUnknownIdentity = fault.Define("ca.unknown-identity") // not registered
	CodeError           = fault.Define("ca.error")            // code, message: any other answer
	CodeGarbled         = fault.Define("ca.garbled")          // the answer is not a CA's
)

// The numbers of fabric-ca's lib/caerrors.
var byNumber = map[int]fault.Code{
	19: CodeUnknownName, 20: CodeUnauthorized, 63: CodeUnknownIdentity, 71: CodeForbidden, 73: CodeLocked, 74: CodeDuplicate,
}

const maxMessage = 200 // bytes of a CA's message that are kept

// garbled says that an answer is not a CA's. What a change did then is not known.
func (c *Client) garbled() *fault.Fault { return fault.New(CodeGarbled, "host", c.host) }

func (c *Client) refusal(status int, a answer, who string) error {
	f := fault.New(CodeError, "host", c.host, "identity", who, "code", strconv.Itoa(status)).Certain(fault.Refused)
	if len(a.Errors) > 0 {
		e := a.Errors[0]
		f.With("code", strconv.Itoa(e.Code), "message", strings.ToValidUTF8(e.Message[:min(len(e.Message), maxMessage)], ""))
		if code, ok := byNumber[e.Code]; ok {
			f.Code = code
		}
	}
	if f.Code == CodeUnknownName {
		f.With("name", c.name)
	}
	if status >= http.StatusInternalServerError && f.Code == CodeError {
		f.Certain(fault.Unsure).Later()
	}
	return f
}
