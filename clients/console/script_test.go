package console

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"farol/state/fault"
	"farol/state/secret"
)

// The credentials of the tests. The secret is one of a kind, so that it can be searched for.
const (
	testKey    = "kTESTKEYTESTKEY0"
	testSecret = "Canary-51d0c7e2-of-the-console"
)

// call is a request as it left the client.
type call struct {
	method, path string // with the query
	body         []byte
	header       http.Header
}

// script is a console in memory: it keeps what it was asked, and answers as told.
type script struct {
	mu     sync.Mutex
	calls  []call
	answer func(n int, c call) (status int, header http.Header, body string, err error) // n counts from 1
}

// RoundTrip implements http.RoundTripper.
func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c := call{method: r.Method, path: r.URL.RequestURI(), body: body, header: r.Header}
	s.mu.Lock()
	s.calls = append(s.calls, c)
	n := len(s.calls)
	s.mu.Unlock()
	status, header, text, err := s.answer(n, c)
	if err != nil {
		return nil, err
	}
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Status: fmt.Sprintf("%d %s", status, http.StatusText(status)), Proto: "HTTP/1.1",
		ProtoMajor: 1, ProtoMinor: 1, Header: header, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

func (s *script) asked() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// always answers every call in the same way.
func always(status int, body string) *script {
	return &script{answer: func(int, call) (int, http.Header, string, error) { return status, nil, body, nil }}
}

// replay answers every call as the record does.
func replay(e exchange) *script {
	return &script{answer: func(int, call) (int, http.Header, string, error) { return e.status, e.header, e.answer, nil }}
}

// client makes a client that talks to the script, as http clients of this program do: without redirects.
func (s *script) client(t testing.TB) *Client {
	t.Helper()
	return clientOf(t, &http.Client{Transport: s, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, "https://console.example")
}

func clientOf(t testing.TB, h *http.Client, url string) *Client {
	t.Helper()
	c, err := New(url, Login{Key: testKey, Secret: secret.FromString(testSecret)}, h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantFault checks code, certainty and whether it may pass, and gives the fault.
func wantFault(t testing.TB, err error, code fault.Code, certainty fault.Certainty, transient bool) *fault.Fault {
	t.Helper()
	f, ok := fault.Of(err)
	if !ok {
		t.Fatalf("got %v, want a fault %s", err, code)
	}
	if f.Code != code || f.Certainty != certainty || f.Transient != transient {
		t.Errorf("got %v with certainty %d, transient %v; want %s with %d, %v", f, f.Certainty, f.Transient, code, certainty, transient)
	}
	if strings.Contains(err.Error(), testSecret) {
		t.Errorf("the secret stands in the error: %v", err)
	}
	return f
}
