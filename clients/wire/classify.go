package wire

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"farol/state/fault"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Codes of what can go wrong on the way to a host. Every one has the fact host.
var (
	CodeUnreachable = fault.Define("wire.unreachable")           // nobody listens, or no way there
	CodeNoSuchHost  = fault.Define("wire.no-such-host")          // the name is not known
	CodeTimeout     = fault.Define("wire.timeout")               // no answer in time
	CodeInterrupted = fault.Define("wire.interrupted")           // the connection broke during a request
	CodeProxy       = fault.Define("wire.proxy")                 // proxy, status: the proxy is in the way
	CodeUntrusted   = fault.Define("wire.certificate-unknown")   // fingerprint, subject, expires
	CodeName        = fault.Define("wire.certificate-name")      // fingerprint, names
	CodeExpired     = fault.Define("wire.certificate-expired")   // fingerprint, expires
	CodeMalformed   = fault.Define("wire.certificate-malformed") // Go cannot parse it (console-api.md 0.7)
	CodeTLS         = fault.Define("wire.tls")                   // any other failed handshake
	CodeCancelled   = fault.Define("wire.cancelled")             // we stopped it ourselves
	CodeRoots       = fault.Define("wire.roots")                 // the roots to trust are no certificates
	CodeTapped      = fault.Define("wire.kept-back")             // a tap kept the request from leaving
)

// Classify turns an error of a request to a host into a fault. What failed before anything could be said to
// the host is NotSent; of anything else the outcome is not known.
func Classify(err error, host string) *fault.Fault {
	if f, ok := fault.Of(err); ok {
		return f
	}
	err = withoutQuery(err)
	if s, ok := status.FromError(err); ok && s.Code() != codes.OK {
		return fromGRPC(s).With("host", host).Because(err)
	}
	if f := certificate(err); f != nil {
		return f.With("host", host).Certain(fault.NotSent).Because(err)
	}
	code, sent, later := byError(err)
	f := fault.New(code, "host", host).Because(err)
	if !sent {
		f.Certain(fault.NotSent)
	}
	f.Transient = later
	var p *ProxyError
	if errors.As(err, &p) {
		f.With("proxy", p.Proxy)
		if p.Status != 0 {
			f.With("status", strconv.Itoa(p.Status))
		}
	}
	return f
}

// withoutQuery leaves the query out of what net/http says of a request.
func withoutQuery(err error) error {
	u, ok := err.(*url.Error)
	if !ok || !strings.Contains(u.URL, "?") {
		return err
	}
	c := *u
	c.URL, _, _ = strings.Cut(c.URL, "?")
	return &c
}

// byError knows the errors of the standard library.
func byError(err error) (code fault.Code, sent, later bool) {
	var dns *net.DNSError
	var op *net.OpError
	var proxy *ProxyError
	var tap *tapError
	var unsent *unsentError
	var record tls.RecordHeaderError
	isOp, isProxy, isDNS := errors.As(err, &op), errors.As(err, &proxy), errors.As(err, &dns)
	dialing := isOp && op.Op == "dial" || isProxy || isDNS
	sent = !dialing && !errors.As(err, &unsent)
	switch {
	case errors.As(err, &tap):
		return CodeTapped, false, false
	case errors.Is(err, context.Canceled):
		return CodeCancelled, sent, false
	case isProxy && proxy.Status != 0:
		return byProxy(proxy.Status)
	case strings.Contains(err.Error(), "TLS handshake timeout"):
		return CodeTimeout, false, true
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), timeout(err):
		return CodeTimeout, sent, true
	case isProxy:
		return CodeProxy, false, !errors.Is(err, errScheme)
	case isDNS:
		return CodeNoSuchHost, false, dns.IsTemporary
	case dialing:
		return CodeUnreachable, false, true
	case errors.As(err, &record), isOp && (op.Op == "remote error" || op.Op == "local error"):
		return CodeTLS, sent, false // an alert of the other side, or of ours
	case !sent:
		return CodeTLS, false, !strings.Contains(err.Error(), "tls: ") // the handshake broke off, as while a node starts
	}
	return CodeInterrupted, true, true
}

// byProxy knows what a proxy answers to CONNECT.
func byProxy(status int) (code fault.Code, sent, later bool) {
	switch status {
	case http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusServiceUnavailable:
		return CodeUnreachable, false, true
	}
	return CodeProxy, false, false
}

func timeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// certificate knows what is wrong with a certificate, and shows which one it was.
func certificate(err error) *fault.Fault {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		names := slices.Clone(name.Certificate.DNSNames)
		for _, ip := range name.Certificate.IPAddresses {
			names = append(names, ip.String())
		}
		return shown(CodeName, name.Certificate).With("names", strings.Join(names, " "))
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return shown(CodeExpired, invalid.Cert)
	case errors.As(err, &unknown):
		return shown(CodeUntrusted, unknown.Cert)
	case errors.As(err, &invalid):
		return shown(CodeUntrusted, invalid.Cert)
	}
	return worded(err.Error())
}

// worded knows the same from the words alone.
func worded(text string) *fault.Fault {
	switch {
	case strings.Contains(text, "failed to parse certificate from server"), strings.Contains(text, "x509: cannot parse"), strings.Contains(text, "x509: malformed"):
		return fault.New(CodeMalformed)
	case !strings.Contains(text, "x509: "):
		return nil
	case strings.Contains(text, "certificate signed by unknown authority"):
		return fault.New(CodeUntrusted)
	case strings.Contains(text, "certificate is valid for"), strings.Contains(text, "not valid for any names"),
		strings.Contains(text, "cannot validate certificate for"), strings.Contains(text, "relies on legacy Common Name"):
		return fault.New(CodeName)
	case strings.Contains(text, "has expired or is not yet valid"):
		return fault.New(CodeExpired)
	}
	return fault.New(CodeUntrusted)
}

func shown(code fault.Code, c *x509.Certificate) *fault.Fault {
	f := fault.New(code)
	if c == nil {
		return f
	}
	sum := sha256.Sum256(c.Raw)
	return f.With("fingerprint", hex.EncodeToString(sum[:]), "subject", c.Subject.String(), "expires", c.NotAfter.UTC().Format(time.DateOnly))
}
