package sandbox

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"farol/clients/wire"
)

// called is what a client sees of one call.
type called struct {
	status int
	body   []byte
	err    error
	took   time.Duration
}

// ask calls a console once, over a connection of its own.
func ask(t *testing.T, w *World, region int, method, path string, in any) called {
	t.Helper()
	return askWith(t, w, w.CAFile, region, method, path, in)
}

func askWith(t *testing.T, w *World, caFile string, region int, method, path string, in any) (c called) {
	t.Helper()
	roots, err := os.ReadFile(caFile)
	ok(t, err)
	proxy, err := url.Parse(w.Proxy)
	ok(t, err)
	client, err := wire.Network{Proxy: proxy}.HTTP(wire.Trust{RootsPEM: roots})
	ok(t, err)
	defer client.CloseIdleConnections()
	return askBy(t, client, w.Regions[region], method, path, in)
}

func askBy(t *testing.T, client *http.Client, r Region, method, path string, in any) (c called) {
	t.Helper()
	body, err := json.Marshal(in)
	ok(t, err)
	q, err := http.NewRequest(method, r.ConsoleURL+"/ak/api/v3"+path, bytes.NewReader(body))
	ok(t, err)
	q.Header.Set("Content-Type", "application/json")
	q.SetBasicAuth(r.APIKey, r.APISecret.Expose())
	began := time.Now()
	defer func() { c.took = time.Since(began) }()
	resp, err := client.Do(q)
	if err != nil {
		return called{err: err}
	}
	defer resp.Body.Close()
	c.status = resp.StatusCode
	c.body, c.err = io.ReadAll(resp.Body)
	return c
}

// fine tells whether a call went as on any other day.
func (c called) fine() bool { return c.err == nil && c.status == http.StatusOK && json.Valid(c.body) }

// keys counts the API keys of a console that have a description: each is one piece of work that was done.
func keys(t *testing.T, w *World, region int, description string) (n int) {
	t.Helper()
	c := ask(t, w, region, "GET", "/permissions/keys", nil)
	var list struct {
		Keys []struct {
			Description string `json:"description"`
		} `json:"keys"`
	}
	if !c.fine() || json.Unmarshal(c.body, &list) != nil {
		t.Fatalf("keys: %d %s %v", c.status, c.body, c.err)
	}
	for _, k := range list.Keys {
		if k.Description == description {
			n++
		}
	}
	return n
}

func makeKey(description string) object {
	return object{"roles": []string{"reader"}, "description": description}
}

// whole fails unless no fault is left and everything that is meant to run serves.
func whole(t *testing.T, w *World) {
	t.Helper()
	s := status(t, w)
	for i, r := range s.Regions {
		if len(r.Faults) > 0 || r.Stopped || r.Mode != "normal" {
			t.Errorf("the region %s is left with %+v", r.ID, r)
		}
		if c := ask(t, w, i, "GET", "/components", nil); !c.fine() {
			t.Errorf("the console of %s: %d %v", r.ID, c.status, c.err)
		}
	}
	for _, p := range s.Processes {
		if !p.Alive {
			t.Errorf("%s does not run", p.Name)
		}
	}
}

// TestEachFaultOfAConsoleShowsItsSymptomInItsRegionOnlyAndPasses also proves what was done: the request log tells
// the truth that the client cannot see.
func TestEachFaultOfAConsoleShowsItsSymptomInItsRegionOnlyAndPasses(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	var unknown x509.UnknownAuthorityError
	var other x509.HostnameError
	list := func() called { return ask(t, w, 1, "GET", "/components", nil) }
	change := func(name string) called { return ask(t, w, 1, "POST", "/permissions/keys", makeKey(name)) }
	for _, tt := range []struct {
		fault       Fault
		read, write func(called) bool // what the client must see
		done        int               // how often the write was really done
		logged      int               // the status that left, by the log
	}{
		{SlowConsole, func(c called) bool { return c.fine() && c.took >= slowAnswer },
			func(c called) bool { return c.fine() && c.took >= slowAnswer }, 1, 200},
		{ErrorBefore, func(c called) bool { return c.status == 503 && !json.Valid(c.body) },
			func(c called) bool { return c.status == 503 }, 0, 503},
		{ErrorAfter, called.fine, func(c called) bool { return c.status == 504 && !json.Valid(c.body) }, 1, 504},
		{AnswerLost, called.fine, func(c called) bool { return c.err != nil && c.status == 0 }, 1, 0},
		{TruncatedJSON, func(c called) bool { return c.err == nil && c.status == 200 && !json.Valid(c.body) && len(c.body) > 0 },
			func(c called) bool { return c.status == 200 && !json.Valid(c.body) }, 1, 200},
		{WrongCertificate, func(c called) bool {
			return errors.As(c.err, &other) && other.Certificate.Subject.CommonName == fakeName
		},
			func(c called) bool { return errors.As(c.err, &other) }, 0, -1},
		{CertificateRenewed, func(c called) bool {
			return errors.As(c.err, &unknown) && slices.Contains(unknown.Cert.DNSNames, nameOf("console", "us-east"))
		}, func(c called) bool { return errors.As(c.err, &unknown) }, 0, -1},
	} {
		name := string(tt.fault)
		ok(t, w.Fault(t.Context(), tt.fault, "us-east"))
		if s := status(t, w); !slices.Equal(s.Regions[1].Faults, []Fault{tt.fault}) || len(s.Regions[0].Faults) > 0 {
			t.Errorf("%s: the status shows %+v", name, s.Regions)
		}
		if c := list(); !tt.read(c) {
			t.Errorf("%s: a read saw %d %q %v after %s", name, c.status, c.body, c.err, c.took)
		}
		if c := change(name); !tt.write(c) {
			t.Errorf("%s: a change saw %d %q %v after %s", name, c.status, c.body, c.err, c.took)
		}
		if c := ask(t, w, 0, "GET", "/components", nil); !c.fine() || c.took > slowAnswer {
			t.Errorf("%s: the other region: %d %v after %s", name, c.status, c.err, c.took)
		}
		if tt.fault == CertificateRenewed {
			if c := askWith(t, w, w.RenewedCAFile(), 1, "GET", "/components", nil); !c.fine() {
				t.Errorf("%s: with the new authority: %d %v", name, c.status, c.err)
			}
		}
		ok(t, w.EndFault(t.Context(), tt.fault, ""))
		if n := keys(t, w, 1, name); n != tt.done {
			t.Errorf("%s: the change was done %d times, want %d", name, n, tt.done)
		}
		logged := slices.DeleteFunc(requests(t, w), func(r Request) bool { return r.Fault != tt.fault || r.Method != "POST" })
		if tt.logged < 0 {
			if len(logged) != 0 {
				t.Errorf("%s: a refused handshake was logged as %+v", name, logged)
			}
		} else if len(logged) != 1 || logged[0].Sent != tt.logged || logged[0].Region != "us-east" || (logged[0].Status == 200) != (tt.done == 1) {
			t.Errorf("%s: the log tells %+v", name, logged)
		}
		whole(t, w)
	}
}

func requests(t *testing.T, w *World) []Request {
	t.Helper()
	all, err := w.Requests()
	ok(t, err)
	return all
}

// TestAConnectionThatIsOpenMeetsTheNewCertificateToo matters because clients keep connections.
func TestAConnectionThatIsOpenMeetsTheNewCertificateToo(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	client := console(t, w)
	if c := askBy(t, client, w.Regions[1], "GET", "/components", nil); !c.fine() {
		t.Fatal(c.status, c.err)
	}
	ok(t, w.Fault(t.Context(), WrongCertificate, "us-east"))
	if c := askBy(t, client, w.Regions[1], "GET", "/components", nil); c.err == nil {
		t.Error("the old connection goes on")
	}
	ok(t, w.EndFaults(t.Context(), ""))
	whole(t, w)
}
