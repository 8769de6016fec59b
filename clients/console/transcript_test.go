package console

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// exchange is one call to a real console with its answer.
type exchange struct {
	method, path  string
	request       map[string]any
	status        int
	header        http.Header
	answer        string
	authenticated bool
}

var (
	requestLine = regexp.MustCompile(`^(GET|POST|DELETE) (\S+)   \(auth: (.*)\)$`)
	statusLine  = regexp.MustCompile(`^--- (\d{3}) `)
	headerLine  = regexp.MustCompile(`^([A-Z][A-Za-z-]+): (.*)$`)
	shortened   = regexp.MustCompile(`LS0tLS1CRUdJTiBDRVJUSUZJ\.\.\.<(\d+) chars>`)
)

// recorded finds an exchange by its title. The record shortens certificates; each gets a whole one of the test,
// the same for the same length, so that a mix-up of two would show.
func recorded(t *testing.T, title string) exchange {
	t.Helper()
	file, err := os.ReadFile("testdata/transcripts.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, found := strings.Cut(string(file), "\n### "+title+"\n")
	_, part, fenced := strings.Cut(part, "```\n")
	part, _, closed := strings.Cut(part, "\n```")
	if !found || !fenced || !closed {
		t.Fatalf("the record has no exchange %q", title)
	}
	part = shortened.ReplaceAllStringFunc(part, func(s string) string {
		return base64.StdEncoding.EncodeToString(certOf(t, shortened.FindStringSubmatch(s)[1]))
	})
	lines := strings.Split(part, "\n")
	first := requestLine.FindStringSubmatch(lines[0])
	e := exchange{method: first[1], path: first[2], authenticated: first[3] != "", header: http.Header{}}
	i := 1
	for ; !statusLine.MatchString(lines[i]); i++ {
	}
	if body := strings.Join(lines[1:i], "\n"); strings.HasSuffix(body, "}") {
		e.request = decoded(t, []byte(body))
	}
	e.status, _ = strconv.Atoi(statusLine.FindStringSubmatch(lines[i])[1])
	for i++; i < len(lines) && headerLine.MatchString(lines[i]); i++ {
		h := headerLine.FindStringSubmatch(lines[i])
		e.header.Set(h[1], h[2])
	}
	e.answer = strings.Join(lines[i:], "\n")
	return e
}

// decoded decodes one JSON object with its numbers as they stand there.
func decoded(t *testing.T, b []byte) map[string]any {
	t.Helper()
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return v
}

var made = struct {
	sync.Mutex
	certs map[string][]byte
}{certs: map[string][]byte{}}

// certOf gives the test's certificate with this name, PEM.
func certOf(t *testing.T, name string) []byte {
	t.Helper()
	made.Lock()
	defer made.Unlock()
	if made.certs[name] == nil {
		made.certs[name], _ = certAndKey(t, name)
	}
	return made.certs[name]
}

// certAndKey makes a certificate that signs itself, and its key as PKCS#8, both PEM.
func certAndKey(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}
