package console

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"farol/clients/wire"
	"farol/state/fault"

	"github.com/google/go-cmp/cmp"
)

const html = "<!doctype html><html><head><title>Sign in</title></head><body>Welcome</body></html>"

// refusals are the answers to a change that are no success.
func refusals(t *testing.T) []struct {
	name      string
	answer    exchange
	code      fault.Code
	certainty fault.Certainty
	transient bool
	facts     map[string]string
} {
	said := func(status int, body string) exchange { return exchange{status: status, answer: body} }
	with := func(facts ...string) map[string]string { return fault.New("", facts...).Facts }
	return []struct {
		name      string
		answer    exchange
		code      fault.Code
		certainty fault.Certainty
		transient bool
		facts     map[string]string
	}{
		{"no credentials", recorded(t, "No auth header on /ak"), CodeUnauthorized, fault.Refused, false, nil},
		{"a key without the role", recorded(t, "Reader key: import (missing action)"), CodeUnauthorized, fault.Refused, false, nil},
		{"a user without the role", recorded(t, "Bearer token with only the reader role: import"), CodeForbidden, fault.Refused, false,
			with("actions", "blockchain.components.import")},
		{"locked out", said(402, `{"error":"too many auth failures. client is locked out. try again in 2.0 mins","failures":7}`), CodeLockedOut, fault.Refused, false,
			with("wait", "2m0s")},
		{"unknown id", recorded(t, "Get one that does not exist"), CodeMissing, fault.Refused, false, with("messages", "no components by this id exist")},
		{"unknown route", recorded(t, "Unknown API route"), CodeInvalid, fault.Refused, false, with("messages", "route not found")},
		{"id taken in the console", recorded(t, "CA with the same caller-chosen id again"), CodeConflict, fault.Refused, false,
			with("messages", "unable to onboard component b/c of id conflict. use a different component id.")},
		{"id taken in the cluster", recorded(t, "Create a CA with the same caller-chosen id again"), CodeConflict, fault.Refused, false,
			with("messages", `ibpcas.ibp.com "east1ca" already exists`)},
		{"invalid", recorded(t, "Bad CA: no display_name, no tls_cert, bad URL, unknown key"), CodeInvalid, fault.Refused, false,
			with("messages", "Expected parameter 'display_name' to exist.; The field 'api_url' must be a url including the protocol, hostname/ip and port.; "+
				"Expected parameter 'msp.component.tls_cert' to exist.; Parameter 'bogus' is an unknown key for object.")},
		{"malformed", recorded(t, "Malformed JSON"), CodeInvalid, fault.Refused, false, with("messages", "input error")},
		{"a list of messages", said(400, `{"statusCode":400,"msg":["must have at least 1 role for key.","two"]}`), CodeInvalid, fault.Refused, false,
			with("messages", "must have at least 1 role for key.; two")},
		{"errors", said(400, `{"statusCode":400,"errors":["Internal setup error"]}`), CodeInvalid, fault.Refused, false, with("messages", "Internal setup error")},
		{"CA not imported", recorded(t, "Peer with the CA not imported yet"), CodeUnknownHost, fault.Refused, false, nil},
		{"no deployer", recorded(t, "Create CA without a deployer"), CodeNoDeployer, fault.Refused, false, nil},
		{"read only", said(503, `{"statusCode":503,"error":"api is not available","msg":"this api is not available to Consoles in read only mode"}`), CodeReadOnly, fault.Refused, false, nil},
		{"shutting down", said(503, `{"message":"not accepting requests at this time. "}`), CodeUnavailable, fault.Refused, true, with("status", "503 Service Unavailable")},
		{"no console behind the ingress", said(503, html), CodeUnavailable, fault.Unsure, true, nil},
		{"bad gateway", said(502, html), CodeUnavailable, fault.Unsure, true, with("status", "502 Bad Gateway")},
		{"gateway time-out", said(504, ""), CodeUnavailable, fault.Unsure, true, nil},
		{"plain 500", said(500, "oops"), CodeUnavailable, fault.Unsure, true, nil},
		{"slow deployer", recorded(t, "Create a CA while the deployer is too slow"), CodeDeployer, fault.Unsure, true, with("cause", "timeout of 3000ms exceeded")},
		{"deployer down", recorded(t, "Create a CA while the deployer is down"), CodeDeployer, fault.Unsure, true, with("cause", "connect ECONNREFUSED 127.0.0.1:18090")},
		{"too many components", said(500, `{"statusCode":500,"msg":["total component limit reached. limit: 75"]}`), CodeDeployer, fault.Unsure, true,
			with("cause", "total component limit reached. limit: 75")},
		{"wrong enroll secret", said(500, `{"statusCode":500,"msg":{"id":"p1","crstatus":{"type":"Error","reason":"errorOccurredDuringReconcile","message":"enroll: 401"}}}`),
			CodeCreateFailed, fault.Refused, false, with("cause", "enroll: 401")},
		{"body too large for the console", said(413, html), CodeUnavailable, fault.Refused, false, with("status", "413 Request Entity Too Large")},
		{"HTML of a wrong address", said(200, html), CodeGarbled, fault.Unsure, false, nil},
		{"HTML with status 404", said(404, html), CodeGarbled, fault.Refused, false, nil},
		{"text with status 404", said(404, "default backend - 404"), CodeGarbled, fault.Refused, false, nil},
		{"nothing", said(200, ""), CodeGarbled, fault.Unsure, false, nil},
		{"cut off JSON", said(200, `{"id":"east1ca","type":`), CodeGarbled, fault.Unsure, false, nil},
		{"another kind of JSON", said(200, `[1]`), CodeGarbled, fault.Unsure, false, nil},
		{"too large", said(200, `{"id":"`+strings.Repeat("x", wire.MaxBody)+`"}`), CodeGarbled, fault.Unsure, false, nil},
		{"renamed", said(200, `{"id":"east1ca_0"}`), CodeRenamed, fault.Unsure, false, with("want", "east1ca", "got", "east1ca_0")},
	}
}

func TestARefusedChangeSaysWhyAndIsSentOnce(t *testing.T) {
	t.Parallel()
	for _, r := range refusals(t) {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			s := replay(r.answer)
			_, err := s.client(t).CreateCA(t.Context(), newCA())
			f := wantFault(t, err, r.code, r.certainty, r.transient)
			for k, v := range r.facts {
				if f.Facts[k] != v {
					t.Errorf("%s is %q, want %q", k, f.Facts[k], v)
				}
			}
			if f.Facts["host"] != "console.example" {
				t.Errorf("host is %q", f.Facts["host"])
			}
			if n := len(s.asked()); n != 1 {
				t.Errorf("it was sent %d times", n)
			}
		})
	}
}

func TestARedirectIsReportedAndNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := &script{answer: func(int, call) (int, http.Header, string, error) {
			return status, http.Header{"Location": {"https://elsewhere.example/login"}}, html, nil
		}}
		_, err := s.client(t).CreateCA(t.Context(), newCA())
		if f := wantFault(t, err, CodeRedirect, fault.Refused, false); f.Facts["target"] != "https://elsewhere.example/login" {
			t.Errorf("%d: target %q", status, f.Facts["target"])
		}
		_, err = s.client(t).Components(t.Context())
		wantFault(t, err, CodeRedirect, fault.Refused, false)
		if n := len(s.asked()); n != 2 {
			t.Errorf("%d: %d requests left", status, n)
		}
	}
}

func TestOnlyAConsoleMaySayThatSomethingIsAbsent(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*script{
		"an ingress without a backend": always(404, html),
		"no route":                     replay(recorded(t, "Unknown API route")),
		"another program's JSON":       always(404, `{"status":404,"error":"Not Found","path":"/ak"}`),
		"another program's list":       always(200, `[]`),
		"an empty object":              always(200, `{}`),
		"null":                         always(200, `null`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := s.client(t)
			if got, found, err := c.Component(t.Context(), "org1ca"); err == nil {
				t.Errorf("a component is %v, found %v", got, found)
			}
			if got, err := c.Components(t.Context()); err == nil {
				t.Errorf("the list is %v", got)
			}
			if got, err := c.Deployed(t.Context()); err == nil {
				t.Errorf("the list of the deployed is %v", got)
			}
			if got, err := c.User(t.Context()); err == nil {
				t.Errorf("the user is %v", got)
			}
			if got, err := c.Settings(t.Context()); err == nil {
				t.Errorf("the settings are %v", got)
			}
		})
	}
}

func TestARemovalIsBelievedOnlyFromAConsole(t *testing.T) {
	t.Parallel()
	c := always(200, html).client(t)
	wantFault(t, c.RemoveImported(t.Context(), "a"), CodeGarbled, fault.Unsure, false)
	wantFault(t, c.RemoveDeployed(t.Context(), "a"), CodeGarbled, fault.Unsure, false)
}

func TestLongTextIsCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"msg":"a` + strings.Repeat("é", maxText) + `"}`,
		`{"msg":{"crstatus":{"type":"Error","message":"a` + strings.Repeat("é", maxText) + `"}}}`,
	} {
		_, err := always(500, body).client(t).CreateCA(t.Context(), newCA())
		f, _ := fault.Of(err)
		if cause := f.Facts["cause"]; len(cause) > maxText || len(cause) < maxText-1 || !utf8.ValidString(cause) {
			t.Errorf("%d bytes are kept: %q", len(cause), cause)
		}
	}
}

func TestReadsAreTriedAgainOnlyWhenTheTroubleMayPass(t *testing.T) {
	t.Parallel()
	for _, r := range refusals(t) {
		if r.code == CodeRenamed {
			continue // no read sends an id to rename
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replay(r.answer)
				_, err := s.client(t).Components(t.Context())
				wantFault(t, err, r.code, r.certainty, r.transient)
				want := 1
				if r.transient {
					want = readTries
				}
				if n := len(s.asked()); n != want {
					t.Errorf("it was asked %d times, want %d", n, want)
				}
			})
		})
	}
}

func TestAReadSucceedsAfterTroubleThatPassed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answer: func(n int, _ call) (int, http.Header, string, error) {
			if n < readTries {
				return 502, nil, html, nil
			}
			return 200, nil, `{"components":[{"id":"a"}]}`, nil
		}}
		got, err := s.client(t).Components(t.Context())
		if diff := cmp.Diff([]Component{{ID: "a"}}, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	})
}

func TestACancelledReadIsAFaultToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &script{answer: func(int, call) (int, http.Header, string, error) { cancel(); return 502, nil, html, nil }}
		_, err := s.client(t).Components(ctx)
		if f, ok := fault.Of(err); !ok || f.Code != wire.CodeCancelled || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnAddressIsAnHTTPSHostAndNothingSecret(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "console.example", "http://console.example", "https://", "https://u:" + testSecret + "@console.example", "https://u:" + testSecret + "@bad host", ":"} {
		_, err := New(bad, Login{}, http.DefaultClient)
		wantFault(t, err, CodeAddress, fault.NotSent, false)
	}
	for _, good := range []string{"https://console.example", "https://console.example/", "https://console.example/nodes?x=1#y"} {
		s := always(200, `{"components":[]}`)
		c, err := New(good, Login{}, &http.Client{Transport: s})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Components(t.Context()); err != nil || !strings.HasPrefix(s.asked()[0].path, documents+"?") {
			t.Errorf("%s: %v, asked %v", good, err, s.asked())
		}
	}
}
