package ca

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"farol/clients/wire"
	"farol/state/fault"
	"farol/state/secret"
)

// everyCall is each call of the client.
func everyCall(t *testing.T, c *Client, r Registrar) map[string]func() error {
	t.Helper()
	ctx := t.Context()
	return map[string]func() error{
		"info": func() error { _, err := c.Info(ctx); return err },
		"enroll": func() error {
			_, err := c.Enroll(ctx, "peer1", secret.FromString(canary), newKey(t), "", nil)
			return err
		},
		"register": func() error {
			return c.Register(ctx, r, Registration{ID: "peer1", Secret: secret.FromString(canary), Type: "peer"})
		},
		"identity":     func() error { _, _, err := c.Identity(ctx, r, "peer1"); return err },
		"identities":   func() error { _, err := c.Identities(ctx, r); return err },
		"certificates": func() error { _, err := c.Certificates(ctx, r, "peer1"); return err },
	}
}

func TestEveryRefusalHasItsCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status    int
		body      string
		code      fault.Code
		certainty fault.Certainty
		transient bool
	}{
		"registered already":    {409, refused(74, "Identity 'peer1' is already registered"), CodeDuplicate, fault.Refused, false},
		"wrong secret or token": {401, refused(20, "Authentication failure"), CodeUnauthorized, fault.Refused, false},
		"locked":                {401, refused(73, "Incorrect password limit reached"), CodeLocked, fault.Refused, false},
		"not a registrar":       {403, refused(71, "Authorization failure"), CodeForbidden, fault.Refused, false},
		"no such authority":     {404, refused(19, "CA 'ca' does not exist"), CodeUnknownName, fault.Refused, false},
		"removal not allowed":   {403, refused(56, "Identity removal is disabled"), CodeError, fault.Refused, false},
		"unknown profile":       {500, refused(0, "bad request"), CodeError, fault.Unsure, true},
		"no error is told":      {400, `{"success":false,"result":"","errors":[]}`, CodeError, fault.Refused, false},
		"success with status":   {500, `{"success":true,"result":{}}`, CodeError, fault.Unsure, true},
		"text":                  {404, "404 page not found\n", CodeGarbled, fault.Unsure, false},
		"HTML":                  {200, "<html>sign in</html>", CodeGarbled, fault.Unsure, false},
		"nothing":               {200, "", CodeGarbled, fault.Unsure, false},
		"too large":             {200, `{"success":true,"result":"` + strings.Repeat("x", wire.MaxBody) + `"}`, CodeGarbled, fault.Unsure, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := says(t, c.status, c.body)
			for call, do := range everyCall(t, s.client("ca"), newRegistrar(t)) {
				before := len(s.requests())
				f := wantFault(t, do(), c.code, c.certainty, c.transient)
				if f.Facts["host"] != s.host() {
					t.Errorf("%s: facts %v", call, f.Facts)
				}
				if about := call != "info" && call != "identities"; about && c.code != CodeGarbled && f.Facts["identity"] != "peer1" {
					t.Errorf("%s: facts %v", call, f.Facts)
				}
				if c.code == CodeUnknownName && f.Facts["name"] != "ca" {
					t.Errorf("%s: facts %v", call, f.Facts)
				}
				if n := len(s.requests()) - before; n != 1 {
					t.Errorf("%s was sent %d times", call, n)
				}
			}
		})
	}
}

func TestAnUnknownIdentityIsAFaultOnlyWhereItIsNeeded(t *testing.T) {
	t.Parallel()
	s := says(t, 404, refused(63, "Failed to get User"))
	c, r := s.client("ca"), newRegistrar(t)
	if _, found, err := c.Identity(t.Context(), r, "peer1"); found || err != nil {
		t.Errorf("%v %v", found, err)
	}
	_, err := c.Certificates(t.Context(), r, "peer1")
	wantFault(t, err, CodeUnknownIdentity, fault.Refused, false)
}

func TestTheNumberAndTheWordsOfARefusalAreKeptAndCut(t *testing.T) {
	t.Parallel()
	s := says(t, 403, refused(56, "a"+strings.Repeat("é", maxMessage)))
	f := wantFault(t, everyCall(t, s.client("ca"), newRegistrar(t))["register"](), CodeError, fault.Refused, false)
	if m := f.Facts["message"]; f.Facts["code"] != "56" || len(m) > maxMessage || len(m) < maxMessage-1 || !utf8.ValidString(m) {
		t.Errorf("facts %v", f.Facts)
	}
}

// What answers 200 to everything may be no CA, or another one.
func TestAnAnswerThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	cert, _ := selfSigned(t, "another")
	another := string(encodePEM("CERTIFICATE", cert.Raw))
	for name, c := range map[string]struct {
		call   string
		result any
	}{
		"another authority":     {"info", map[string]any{"CAName": "tlsca", "CAChain": []byte(another)}},
		"no chain":              {"info", map[string]any{"CAName": "ca"}},
		"a text":                {"info", "hello"},
		"another's certificate": {"enroll", map[string]any{"Cert": []byte(another)}},
		"no certificate":        {"enroll", map[string]any{}},
		"not base64":            {"enroll", map[string]any{"Cert": another}},
		"no identities":         {"identities", map[string]any{}},
		"null":                  {"identities", nil},
		"another identity":      {"identity", map[string]any{"id": "peer2", "type": "peer"}},
		"no identity":           {"identity", map[string]any{}},
		"no certificates":       {"certificates", map[string]any{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(_ *server, _ asked, w http.ResponseWriter) { result(w, 200, c.result) })
			wantFault(t, everyCall(t, s.client("ca"), newRegistrar(t))[c.call](), CodeGarbled, fault.Unsure, false)
		})
	}
}

func TestARegistrationWhoseAnswerIsLostIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for _, reused := range []bool{false, true} {
		s := serve(t, func(_ *server, a asked, w http.ResponseWriter) {
			if strings.Contains(a.uri, "cainfo") {
				_, _ = io.WriteString(w, refused(0, "x"))
				return
			}
			panic(http.ErrAbortHandler)
		})
		c, r := s.client("ca"), newRegistrar(t)
		calls := everyCall(t, c, r)
		if reused {
			_ = calls["info"]()
		}
		before := len(s.requests())
		for i, name := range []string{"register", "enroll"} {
			wantFault(t, calls[name](), wire.CodeInterrupted, fault.Unsure, true)
			if n := len(s.requests()) - before; n != i+1 {
				t.Errorf("%s: the CA saw %d requests", name, n)
			}
		}
	}
}

func TestASilentCAIsATimeout(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	defer close(stop)
	s := serve(t, func(_ *server, _ asked, _ http.ResponseWriter) { <-stop })
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := s.client("ca").Info(ctx)
	wantFault(t, err, wire.CodeTimeout, fault.Unsure, true)
}

func TestNothingIsSaidToACAThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	s := says(t, 200, "")
	other, _ := selfSigned(t, "other")
	strangers := New(s.URL, "ca", trusting(t, encodePEM("CERTIFICATE", other.Raw)))
	for _, do := range everyCall(t, strangers, newRegistrar(t)) {
		if f := wantFault(t, do(), wire.CodeUntrusted, fault.NotSent, false); f.Facts["host"] != s.host() || f.Facts["fingerprint"] == "" {
			t.Errorf("facts %v", f.Facts)
		}
	}
	clear := New(strings.Replace(s.URL, "https:", "http:", 1), "ca", trusting(t, encodePEM("CERTIFICATE", s.Certificate().Raw)))
	for _, do := range everyCall(t, clear, newRegistrar(t)) {
		wantFault(t, do(), wire.CodeTLS, fault.NotSent, false)
	}
	if n := len(s.requests()); n != 0 {
		t.Errorf("the CA saw %d requests", n)
	}
}

func TestAKeyThatCannotSignSendsNothing(t *testing.T) {
	t.Parallel()
	s := says(t, 200, "")
	c := s.client("ca")
	r := newRegistrar(t)
	for _, bad := range []secret.Secret{{}, secret.FromString(canary), secret.New(encodePEM("EC PRIVATE KEY", []byte(canary)))} {
		if _, err := c.Enroll(t.Context(), "peer1", secret.FromString(canary), bad, "", nil); err == nil || strings.Contains(err.Error(), canary) {
			t.Errorf("enroll: %v", err)
		}
		if _, err := c.Identities(t.Context(), Registrar{CertPEM: r.CertPEM, Key: bad}); err == nil || strings.Contains(err.Error(), canary) {
			t.Errorf("list: %v", err)
		}
	}
	if n := len(s.requests()); n != 0 {
		t.Errorf("the CA saw %d requests", n)
	}
}
