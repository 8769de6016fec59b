package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"farol/state/fault"
)

// How long reaching a host may take (reliability.md 3.2).
const (
	connectTime   = 10 * time.Second
	handshakeTime = 10 * time.Second
)

// Dial opens a TCP connection, through the proxy if one applies.
func (n Network) Dial(ctx context.Context, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	proxy, err := n.proxyFor(addr)
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	if proxy == nil {
		return d.DialContext(ctx, "tcp", addr)
	}
	if proxy.Scheme != "http" {
		return nil, &ProxyError{Proxy: proxy.Host, Err: errScheme} // CONNECT in clear would give its credentials away
	}
	c, err := d.DialContext(ctx, "tcp", proxyAddr(proxy))
	if err != nil {
		return nil, &ProxyError{Proxy: proxy.Host, Err: err}
	}
	tunnel, err := connect(ctx, c, proxy, addr)
	if err != nil {
		c.Close()
		return nil, err
	}
	return tunnel, nil
}

// errScheme is about a proxy that would be reached by another protocol than HTTP.
var errScheme = errors.New("not an http proxy")

// proxyAddr is where a proxy listens.
func proxyAddr(proxy *url.URL) string {
	if proxy.Port() == "" {
		return net.JoinHostPort(proxy.Hostname(), "80")
	}
	return proxy.Host
}

// proxyFor asks the environment as Go's HTTP client does, so that HTTP and gRPC go the same way.
func (n Network) proxyFor(addr string) (*url.URL, error) {
	if n.Proxy != nil {
		return n.Proxy, nil
	}
	return http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: addr}})
}

// ProxyError says that the proxy, not the host behind it, is in the way. Status is 0 when the proxy itself
// could not be reached.
type ProxyError struct {
	Proxy  string
	Status int
	Err    error
}

func (e *ProxyError) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("proxy %s answered %d", e.Proxy, e.Status)
	}
	return fmt.Sprintf("proxy %s: %v", e.Proxy, e.Err)
}

// Unwrap gives the cause.
func (e *ProxyError) Unwrap() error { return e.Err }

// connect asks a proxy for a tunnel. The answer is waited for as long as ctx lasts.
func connect(ctx context.Context, c net.Conn, proxy *url.URL, addr string) (net.Conn, error) {
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{"User-Agent": {UserAgent}}}
	if proxy.User != nil {
		pass, _ := proxy.User.Password()
		token := base64.StdEncoding.EncodeToString([]byte(proxy.User.Username() + ":" + pass))
		req.Header.Set("Proxy-Authorization", "Basic "+token)
	}
	r := bufio.NewReader(c)
	err := req.Write(c)
	var resp *http.Response
	if err == nil {
		resp, err = http.ReadResponse(r, req)
	}
	if err != nil {
		return nil, &ProxyError{Proxy: proxy.Host, Err: errors.Join(ctx.Err(), err)}
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, &ProxyError{Proxy: proxy.Host, Status: resp.StatusCode}
	}
	return tunnelled{c, r}, nil
}

// tunnelled reads what the reader of the proxy's answer may have read too far.
type tunnelled struct {
	net.Conn
	r *bufio.Reader
}

func (t tunnelled) Read(p []byte) (int, error) { return t.r.Read(p) }

// Handshake proves that a host answers with a certificate that is trusted, and says nothing to it.
func (n Network) Handshake(ctx context.Context, addr string, t Trust) error {
	cfg, err := t.config()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime+handshakeTime)
	defer cancel()
	c, err := n.Dial(ctx, addr)
	if err != nil {
		return Classify(err, addr)
	}
	defer c.Close()
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	cfg.ServerName = host
	if err := tls.Client(c, cfg).HandshakeContext(ctx); err != nil {
		return Classify(&unsentError{err}, addr)
	}
	return nil
}

// config is the TLS configuration that this trust asks for. Verification is never off.
func (t Trust) config() (*tls.Config, error) {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if t.RootsPEM == nil {
		return cfg, nil
	}
	cfg.RootCAs = x509.NewCertPool()
	if !cfg.RootCAs.AppendCertsFromPEM(t.RootsPEM) {
		return nil, fault.New(CodeRoots).Certain(fault.NotSent)
	}
	return cfg, nil
}
