package wire

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"io"
	"net"
	"testing"
	"time"

	"farol/state/fault"
)

func TestAHostThatIsTrustedAnswers(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "127.0.0.1")}}, fine)
	for _, w := range ways {
		if err := w.ask(t.Context(), Network{}, f.addr, Trust{RootsPEM: root.pem}); err != nil {
			t.Errorf("%s: %v", w.name, err)
		}
	}
	if n := f.asked.Load(); n != 2 {
		t.Errorf("it was asked %d times; a handshake says nothing", n)
	}
}

// ipSAN is the extension that consoles write wrongly: nine bytes of text for an IP address (console-api.md 0.7).
func malformedIP(t *testing.T) func(*x509.Certificate) {
	t.Helper()
	value, err := asn1.Marshal([]asn1.RawValue{{Tag: 7, Class: asn1.ClassContextSpecific, Bytes: []byte("127.0.0.1")}})
	if err != nil {
		t.Fatal(err)
	}
	return func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: value}}
	}
}

func TestACertificateThatDoesNotFitIsRefusedBeforeAnythingIsSaid(t *testing.T) {
	t.Parallel()
	root, other := newAuthority(t), newAuthority(t)
	for name, c := range map[string]struct {
		cert tls.Certificate
		code fault.Code
	}{
		"wrong root":         {other.server(t, nil, "127.0.0.1"), CodeUntrusted},
		"signs itself":       {(&authority{}).server(t, nil, "127.0.0.1"), CodeUntrusted},
		"expired":            {root.server(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }, "127.0.0.1"), CodeExpired},
		"not yet valid":      {root.server(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }, "127.0.0.1"), CodeExpired},
		"for another name":   {root.server(t, nil, "elsewhere.example"), CodeName},
		"for another IP":     {root.server(t, nil, "127.0.0.9"), CodeName},
		"for no name":        {root.server(t, nil), CodeName},
		"name in CN only":    {root.server(t, func(c *x509.Certificate) { c.Subject.CommonName = "127.0.0.1" }), CodeName},
		"not for servers":    {root.server(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }, "127.0.0.1"), CodeUntrusted},
		"malformed IP":       {root.server(t, malformedIP(t)), CodeMalformed},
		"expired and untrue": {other.server(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }, "127.0.0.1"), CodeExpired},
	} {
		for _, w := range ways {
			t.Run(name+", "+w.name, func(t *testing.T) {
				t.Parallel()
				f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{c.cert}}, fine)
				err := w.ask(t.Context(), Network{}, f.addr, Trust{RootsPEM: root.pem})
				got := want{c.code, fault.NotSent, false}.check(t, err, f.addr)
				if f.asked.Load() != 0 {
					t.Error("it was asked all the same")
				}
				if w.name == "gRPC" || c.code == CodeMalformed {
					return // what was shown is not known there
				}
				sum := sha256.Sum256(c.cert.Certificate[0])
				if got.Facts["fingerprint"] != hex.EncodeToString(sum[:]) || got.Facts["expires"] != c.cert.Leaf.NotAfter.UTC().Format(time.DateOnly) || got.Facts["subject"] == "" {
					t.Errorf("facts %v", got.Facts)
				}
			})
		}
	}
}

func TestTheNamesOfAWrongCertificateAreTold(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "a.example", "127.0.0.9", "b.example")}}, fine)
	err := Network{}.Handshake(t.Context(), f.addr, Trust{RootsPEM: root.pem})
	if got, _ := fault.Of(err); got == nil || got.Facts["names"] != "a.example b.example 127.0.0.9" {
		t.Errorf("got %v", err)
	}
}

func TestRootsThatAreNoCertificatesAreRefused(t *testing.T) {
	t.Parallel()
	for _, roots := range []string{"", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		for _, w := range ways {
			err := w.ask(t.Context(), Network{}, "127.0.0.1:1", Trust{RootsPEM: []byte(roots)})
			f, ok := fault.Of(err)
			if !ok || f.Code != CodeRoots || f.Certainty != fault.NotSent {
				t.Errorf("%s with %q: %v", w.name, roots, err)
			}
		}
	}
}

func TestWithoutRootsTheSystemDecides(t *testing.T) {
	t.Parallel()
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{newAuthority(t).server(t, nil, "127.0.0.1")}}, fine)
	for _, w := range ways {
		err := w.ask(t.Context(), Network{}, f.addr, Trust{})
		want{CodeUntrusted, fault.NotSent, false}.check(t, err, f.addr)
	}
}

func TestAHostThatSpeaksNoTLSAsWeDoIsToldApart(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	cert := root.server(t, nil, "127.0.0.1")
	pool := x509.NewCertPool()
	pool.AddCert(root.cert)
	speak := func(text string) func(t *testing.T) *far {
		return func(t *testing.T) *far {
			return listen(t, func(c net.Conn) {
				_, _ = c.Read(make([]byte, 1)) // the client begins
				_, _ = io.WriteString(c, text)
				_, _ = io.Copy(io.Discard, c)
			})
		}
	}
	for name, c := range map[string]struct {
		start     func(t *testing.T) *far
		transient bool
	}{
		"plain HTTP":      {speak("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nClient sent an HTTPS request"), false},
		"another service": {speak("SSH-2.0-OpenSSH_9.6\r\n"), false},
		"only old TLS": {func(t *testing.T) *far {
			return serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}, fine)
		}, false},
		"wants a certificate of ours, TLS 1.2": {func(t *testing.T) *far {
			return serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}, fine)
		}, false},
		// A node that starts or stops does this, so it may pass.
		"closes at once": {func(t *testing.T) *far { return listen(t, func(net.Conn) {}) }, true},
		"resets": {func(t *testing.T) *far {
			return listen(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1)); _ = c.(*net.TCPConn).SetLinger(0) })
		}, true},
	} {
		for _, w := range ways {
			t.Run(name+", "+w.name, func(t *testing.T) {
				t.Parallel()
				f := c.start(t)
				err := w.ask(t.Context(), Network{}, f.addr, Trust{RootsPEM: root.pem})
				want{CodeTLS, fault.NotSent, c.transient}.check(t, err, f.addr)
			})
		}
	}
}

// With TLS 1.3 the client has finished, and may have spoken, when the server says that it wants a certificate. Its
// alert may be lost when it closes, so the code is not always the same.
func TestAHostThatWantsACertificateLateLeavesTheOutcomeOpen(t *testing.T) {
	t.Parallel()
	root := newAuthority(t)
	f := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{root.server(t, nil, "127.0.0.1")}, ClientAuth: tls.RequireAnyClientCert}, fine)
	err := ways[0].ask(t.Context(), Network{}, f.addr, Trust{RootsPEM: root.pem})
	got, ok := fault.Of(err)
	if !ok || got.Code != CodeTLS && got.Code != CodeInterrupted || got.Certainty != fault.Unsure {
		t.Errorf("got %v", err)
	}
}
