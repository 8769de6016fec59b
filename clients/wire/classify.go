package wire

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
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
	if f := certificate(err); f != nil {
		return f.With("host", host).Certain(fault.NotSent).Because(err)
	}
	if s, ok := status.FromError(err); ok && s.Code() != codes.OK {
		return fromGRPC(s, host).Because(err)
	}
	code, sent, later := byError(err)
	f := fault.New(code, "host", host).Because(err)
	if !sent {
		f.Certain(fault.NotSent)
	}
	f.Transient = later
	var p *ProxyError
	if errors.As(err, &p) {
		f.With("proxy", p.Proxy, "status", strconv.Itoa(p.Status))
	}
	return f
}

// byError knows the errors of the standard library.
func byError(err error) (code fault.Code, sent, later bool) {
	var dns *net.DNSError
	var op *net.OpError
	var proxy *ProxyError
	var tap *tapError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &tap):
		return CodeTapped, false, false
	case errors.As(err, &proxy):
		if proxy.Status == http.StatusBadGateway || proxy.Status == http.StatusGatewayTimeout || proxy.Status == http.StatusServiceUnavailable {
			return CodeUnreachable, false, true
		}
		return CodeProxy, false, proxy.Status == 0
	case errors.As(err, &dns):
		return CodeNoSuchHost, false, dns.IsTemporary
	case errors.As(err, &record), errors.As(err, &alert):
		return CodeTLS, false, false
	case errors.As(err, &op) && op.Op == "dial":
		if op.Timeout() {
			return CodeTimeout, false, true
		}
		return CodeUnreachable, false, true
	case strings.Contains(err.Error(), "TLS handshake timeout"):
		return CodeTimeout, false, true
	case errors.Is(err, context.Canceled):
		return CodeCancelled, true, false
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), timeout(err):
		return CodeTimeout, true, true
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return CodeInterrupted, true, true
	}
	return CodeInterrupted, true, true
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
		return shown(CodeName, name.Certificate).With("names", strings.Join(name.Certificate.DNSNames, " "))
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return shown(CodeExpired, invalid.Cert)
	case errors.As(err, &unknown):
		return shown(CodeUntrusted, unknown.Cert)
	case errors.As(err, &invalid):
		return shown(CodeUntrusted, invalid.Cert)
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "failed to parse certificate from server"), strings.Contains(text, "x509: cannot parse"), strings.Contains(text, "x509: malformed"):
		return fault.New(CodeMalformed)
	case !strings.Contains(text, "x509: "):
		return nil
	case strings.Contains(text, "certificate signed by unknown authority"):
		return fault.New(CodeUntrusted)
	case strings.Contains(text, "certificate is valid for"), strings.Contains(text, "not valid for any names"):
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

// fromGRPC knows the states of grpc-go. It keeps only the text of a failed dial, so words decide there.
func fromGRPC(s *status.Status, host string) *fault.Fault {
	text := s.Message()
	f := func(code fault.Code) *fault.Fault { return fault.New(code, "host", host) }
	switch s.Code() {
	case codes.DeadlineExceeded:
		return f(CodeTimeout).Later()
	case codes.Canceled:
		return f(CodeCancelled)
	case codes.Unavailable:
		dialing := strings.Contains(text, "Error while dialing") || strings.Contains(text, "handshake failed") || strings.Contains(text, "error reading server preface")
		switch {
		case strings.Contains(text, "no such host"):
			return f(CodeNoSuchHost).Certain(fault.NotSent)
		case strings.Contains(text, "authentication handshake failed"):
			return f(CodeTLS).Certain(fault.NotSent).Later()
		case dialing:
			return f(CodeUnreachable).Certain(fault.NotSent).Later()
		}
		return f(CodeInterrupted).Later()
	}
	return f(CodeInterrupted)
}
