package browser_test

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"farol/clients/console"
	"farol/clients/sandbox/browser"
	"farol/state/fault"

	"github.com/google/go-cmp/cmp"
)

// matches proves that an identity of a wallet has a key which fits its certificate.
func matches(t *testing.T, w *browser.Wallet, name string) tls.Certificate {
	t.Helper()
	id, ok := w.Identity(name)
	if !ok {
		t.Fatalf("%q is not in the wallet, only %q", name, w.Names())
	}
	cert, err := base64.StdEncoding.DecodeString(id.Cert)
	if err != nil {
		t.Fatal(err)
	}
	key, err := base64.StdEncoding.DecodeString(id.PrivateKey.Expose())
	if err != nil {
		t.Fatal(err)
	}
	both, err := tls.X509KeyPair(cert, key)
	if err != nil {
		t.Fatalf("the key does not fit the certificate: %v", err)
	}
	return both
}

func TestTakesTheFileThatFarolWrites(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	file, err := console.ExportIdentity("Org1 Admin", p.cert, p.secret())
	if err != nil {
		t.Fatal(err)
	}
	var w browser.Wallet
	if err := w.Add(file, ""); err != nil {
		t.Fatal(err)
	}
	matches(t, &w, "Org1 Admin")
	if got, _ := w.Identity("Org1 Admin"); got.Cert != b64(p.cert) || got.PrivateKey.Expose() != b64(p.key) {
		t.Error("the wallet holds other bytes than the file")
	}
}

func TestTakesWhatTheUITakes(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	escaped := func(b []byte) string { return strings.ReplaceAll(string(b), "\n", `\n`) }
	crlf := func(b []byte) string { return b64(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))) }
	tests := map[string][]byte{
		"PEM in clear":                 encode(t, p.identity("a", "cert", string(p.cert), "private_key", string(p.key))),
		"line ends written out":        encode(t, p.identity("a", "cert", escaped(p.cert), "private_key", escaped(p.key))),
		"line ends of Windows":         encode(t, p.identity("a", "cert", crlf(p.cert), "private_key", crlf(p.key))),
		"base64 without padding":       encode(t, p.identity("a", "cert", strings.TrimRight(b64(p.cert), "="), "private_key", strings.TrimRight(b64(p.key), "="))),
		"a list of one":                encode(t, []any{p.identity("a")}),
		"no type":                      encode(t, p.identity("a", "type", nil)),
		"another type":                 encode(t, p.identity("a", "type", "fabric-ca")),
		"keys of the Ansible program":  encode(t, p.identity("a", "hsm", false, "ca", b64(p.cert))),
		"a byte order mark":            append([]byte("\xef\xbb\xbf"), encode(t, p.identity("a"))...),
		"a name that stands twice":     []byte(`{"name":"b",` + string(encode(t, p.identity("a"))[1:])),
		"the same key in capitals too": []byte(`{"Name":"b","NAME":"c",` + string(encode(t, p.identity("a"))[1:])),
	}
	for what, file := range tests {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			var w browser.Wallet
			if err := w.Add(file, ""); err != nil {
				t.Fatal(err)
			}
			if got := matches(t, &w, "a"); !bytes.Equal(got.Certificate[0], p.der(t)) {
				t.Error("the certificate became another one")
			}
		})
	}
}

func TestRefusesWhatTheUIRefusesInItsWords(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	of := func(changes ...any) []byte { return encode(t, p.identity("a", changes...)) }
	tests := []struct {
		what    string
		file    []byte
		code    fault.Code
		message string
	}{
		{"an SEC1 key", of("private_key", b64(p.sec1)), browser.PrivateKey, "Private key format is not valid."},
		{"a certificate as key", of("private_key", b64(p.cert)), browser.PrivateKey, "Private key format is not valid."},
		{"a key that is cut off", of("private_key", b64(p.key[:len(p.key)-5])), browser.PrivateKey, "Private key format is not valid."},
		{"text behind the key's last line", of("private_key", b64([]byte(strings.TrimSpace(string(p.key))+" x"))), browser.PrivateKey, "Private key format is not valid."},
		{"a key as certificate", of("cert", b64(p.key)), browser.Certificate, "Certificate format is not valid."},
		{"base64 of base64", of("cert", b64([]byte(b64(p.cert)))), browser.Certificate, "Certificate format is not valid."},
		{"a certificate without its first line", of("cert", b64(p.cert[bytes.IndexByte(p.cert, '\n'):])), browser.Certificate, "Certificate format is not valid."},
		{"no base64", of("cert", "%%%"), browser.Certificate, "Certificate format is not valid."},
		{"no name", of("name", nil), browser.Missing, "Required field (name) missing."},
		{"an empty certificate", of("cert", ""), browser.Missing, "Required field (cert) missing."},
		{"no key", of("private_key", nil), browser.Missing, "Required field (private_key) missing."},
		{"another writing of the key", of("private_key", nil, "Private_Key", b64(p.key)), browser.Missing, "Required field (private_key) missing."},
		{"a special first character", of("name", "_a"), browser.BadName, "The value of 'name' may not start with a special character."},
		{"65 characters", of("name", strings.Repeat("é", 65)), browser.BadName, "The value of 'name' may not be more than 64 characters in length."},
		{"33 characters that count double", of("name", strings.Repeat("🗼", 33)), browser.BadName, "The value of 'name' may not be more than 64 characters in length."},
		{"a blank before", of("name", "\u00a0a"), browser.BadName, "The value of 'name' may not start with a whitespace character."},
		{"a byte order mark before the name", of("name", "\ufeffa"), browser.BadName, "The value of 'name' may not start with a whitespace character."},
		{"a blank behind", of("name", "a\n"), browser.BadName, "The value of 'name' may not end with a whitespace character."},
		{"two in a list", encode(t, []any{p.identity("a"), p.identity("b")}), browser.TooMany, "Only one item from the JSON file may be used."},
		{"two of one name", encode(t, []any{p.identity("a"), p.identity("a")}), browser.Repeated, "The name must be unique."},
		{"no JSON", []byte(`{"name":`), browser.NotJSON, "The specified JSON file is not valid"},
		{"something behind the JSON", append(of(), '}'), browser.NotJSON, "The specified JSON file is not valid"},
		{"an empty file", nil, browser.NotJSON, "The specified JSON file is not valid"},
		{"a zip", zipped(t, entry{"Wallet/a_identity.json", of()}), browser.NotJSON, "The specified JSON file is not valid"},
		{"more than the panel reads", of("note", strings.Repeat("x", 1_024_000)), browser.TooBig, "The file is too large."},
		{"a name that is held", encode(t, p.identity("held")), browser.Taken, "Identity with same name already exists."},
		{"an empty list", []byte(`[]`), browser.Silent, ""},
		{"a list of lists", []byte(`[[]]`), browser.Missing, "Required field (name) missing."},
		{"null", []byte(`null`), browser.Silent, ""},
		{"a name that is a number", of("name", 5), browser.Silent, ""},
		{"a key that is a number", of("private_key", 5), browser.Silent, ""},
		{"characters beyond Latin", of("cert", "\u2713"), browser.Silent, ""},
	}
	for _, c := range tests {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			var w browser.Wallet
			if err := w.Add(encode(t, p.identity("held")), ""); err != nil {
				t.Fatal(err)
			}
			err := w.Add(c.file, "")
			f, ok := fault.Of(err)
			if !ok || f.Code != c.code || f.Facts["message"] != c.message {
				t.Errorf("%v, want %s and %q", err, c.code, c.message)
			}
			if diff := cmp.Diff([]string{"held"}, w.Names()); diff != "" {
				t.Error("what was refused is in the wallet:", diff)
			}
			if ok && strings.Contains(fmt.Sprint(f.Facts), b64(p.key)[:40]) {
				t.Error("the refusal tells the key")
			}
		})
	}
}

func TestLimitsAreTheUIsToTheByte(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	name := strings.Repeat("n", 64)
	file := encode(t, p.identity(name))
	file = append(file, bytes.Repeat([]byte(" "), 1_024_000-len(file))...)
	var w browser.Wallet
	if err := w.Add(file, ""); err != nil {
		t.Errorf("the largest file and name are refused: %v", err)
	}
	if err := w.Add(append(file, ' '), "other"); !fault.Is(err, browser.TooBig) {
		t.Errorf("a byte more: %v", err)
	}
}

func TestOnlyThePersonRenames(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	var w browser.Wallet
	file := encode(t, p.identity("a"))
	if err := w.Add(file, ""); err != nil {
		t.Fatal(err)
	}
	err := w.Add(file, "")
	if f, _ := fault.Of(err); f == nil || f.Code != browser.Taken || f.Facts["names"] != "a" {
		t.Errorf("a second of one name: %v", err)
	}
	if err := w.Add(file, "a 2"); err != nil {
		t.Errorf("with another name typed in: %v", err)
	}
	if err := w.Add(file, "-"); !fault.Is(err, browser.BadName) {
		t.Errorf("with a bad name typed in: %v", err)
	}
	if err := w.Add(encode(t, p.identity("", "name", nil)), "b"); !fault.Is(err, browser.Missing) {
		t.Errorf("a name can be typed only over another: %v", err)
	}
	if diff := cmp.Diff([]string{"a", "a 2"}, w.Names()); diff != "" {
		t.Error(diff)
	}
}

// The UI looks at the first and the last line only. That is why Farol compares the key with the certificate itself
// before it writes a file (console.ExportIdentity).
func TestTakesAlsoAKeyThatDoesNotFit(t *testing.T) {
	t.Parallel()
	p, other := newPair(t), newPair(t)
	var w browser.Wallet
	if err := w.Add(encode(t, p.identity("a", "private_key", b64(other.key))), ""); err != nil {
		t.Errorf("the UI takes it: %v", err)
	}
	hollow := "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"
	if err := w.Add(encode(t, p.identity("b", "cert", hollow)), ""); err != nil {
		t.Errorf("the UI takes it: %v", err)
	}
	if _, err := console.ExportIdentity("a", p.cert, other.secret()); !fault.Is(err, console.CodeIdentity) {
		t.Errorf("Farol writes it: %v", err)
	}
}

func TestAProfileIsRememberedForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	path := filepath.Join(t.TempDir(), "wallets", "us-east.json")
	w, err := browser.Load(path)
	if err != nil || len(w.Names()) != 0 {
		t.Fatalf("a new profile: %v %v", w.Names(), err)
	}
	if err := w.Add(encode(t, p.identity("a")), ""); err != nil {
		t.Fatal(err)
	}
	if err := w.Save(path); err != nil {
		t.Fatal(err)
	}
	if i, err := os.Stat(path); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", i.Mode(), err)
	}
	again, err := browser.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	matches(t, again, "a")
	if id, _ := again.Identity("a"); strings.Contains(fmt.Sprintf("%v %+v", id, again), b64(p.key)[:40]) {
		t.Error("a wallet prints its key")
	}
}
