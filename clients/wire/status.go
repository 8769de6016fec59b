package wire

import (
	"regexp"
	"strconv"
	"strings"

	"farol/state/fault"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// fromGRPC knows the states of grpc-go. Of a failed dial it keeps only the text, so words decide there; but only
// its own words, because a node may tell of its own troubles with other nodes in the same ones.
func fromGRPC(s *status.Status) *fault.Fault {
	text := s.Message()
	sent := fault.Unsure
	if strings.Contains(text, "while waiting for connections to become ready") {
		sent = fault.NotSent
	}
	switch s.Code() {
	case codes.DeadlineExceeded:
		return fault.New(CodeTimeout).Certain(sent).Later()
	case codes.Canceled:
		return fault.New(CodeCancelled).Certain(sent)
	case codes.Unavailable:
		if f := unconnected(text); f != nil {
			return f.Certain(fault.NotSent)
		}
		return fault.New(CodeInterrupted).Later()
	}
	return fault.New(CodeInterrupted)
}

// What a ProxyError says.
var (
	proxyAnswer = regexp.MustCompile(`dialing: proxy (\S+) answered (\d+)`)
	proxyBroken = regexp.MustCompile(`dialing: proxy (\S+): `)
)

// unconnected tells why there is no connection. It is nil where there was one.
func unconnected(text string) *fault.Fault {
	if !strings.HasPrefix(text, "connection error: ") {
		return nil
	}
	handshake := strings.Contains(text, "authentication handshake failed")
	if !handshake && !strings.Contains(text, "Error while dialing") && !strings.Contains(text, "error reading server preface") {
		return nil
	}
	if f := worded(text); f != nil && handshake {
		return f
	}
	if m := proxyAnswer.FindStringSubmatch(text); m != nil {
		answered, _ := strconv.Atoi(m[2])
		code, _, later := byProxy(answered)
		f := fault.New(code, "proxy", m[1], "status", m[2])
		f.Transient = later
		return f
	}
	if m := proxyBroken.FindStringSubmatch(text); m != nil && !strings.Contains(text, "i/o timeout") {
		f := fault.New(CodeProxy, "proxy", m[1])
		f.Transient = !strings.Contains(text, errScheme.Error())
		return f
	}
	switch {
	case strings.Contains(text, "i/o timeout"), strings.Contains(text, "context deadline exceeded"):
		return fault.New(CodeTimeout).Later()
	case handshake && strings.Contains(text, "tls: "):
		return fault.New(CodeTLS)
	case handshake:
		return fault.New(CodeTLS).Later()
	case strings.Contains(text, "no such host"):
		return fault.New(CodeNoSuchHost)
	}
	return fault.New(CodeUnreachable).Later()
}
