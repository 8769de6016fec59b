package fabric

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"farol/clients/wire"
	"farol/state/fault"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"google.golang.org/protobuf/proto"
)

// JoinOrderer makes an orderer join a channel through its admin address, as in "https://orderer1:7053". The address
// wants a TLS client certificate. It opens a moment after the orderer itself: a connection that is refused until then
// is the caller's to try again. An orderer that has joined already answers with the fault Exists.
func JoinOrderer(ctx context.Context, adminURL string, block *common.Block, trust wire.Trust, clientCert tls.Certificate, n wire.Network) error {
	ctx, cancel := context.WithTimeout(ctx, joinLimit)
	defer cancel()
	raw, err := proto.Marshal(block)
	if err != nil {
		return fmt.Errorf("encode block 0: %w", err)
	}
	target, err := url.JoinPath(adminURL, "participation", "v1", "channels")
	if err != nil {
		return fmt.Errorf("orderer address: %w", err)
	}
	body, kind, err := form(raw)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, body)
	if err != nil {
		return fmt.Errorf("orderer address: %w", err)
	}
	request.Header.Set("Content-Type", kind)
	status, text, err := post(n, trust, clientCert, request)
	if f, ok := fault.Of(err); ok {
		return f
	}
	if err != nil {
		return wire.Classify(err, request.URL.Host)
	}
	if status == http.StatusCreated {
		return nil
	}
	return notJoined(Node{Addr: request.URL.Host}, status, text)
}

// form makes the upload that the orderer expects: one file named config-block.
func form(block []byte) (io.Reader, string, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("config-block", "config.block")
	if err != nil {
		return nil, "", fmt.Errorf("build upload: %w", err)
	}
	if _, err := part.Write(block); err != nil {
		return nil, "", fmt.Errorf("build upload: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, "", fmt.Errorf("build upload: %w", err)
	}
	return &body, w.FormDataContentType(), nil
}

// notJoined words an orderer's refusal to join.
func notJoined(n Node, status int, text []byte) *fault.Fault {
	var said struct{ Error string }
	if json.Unmarshal(text, &said) != nil || said.Error == "" {
		said.Error = string(text)
	}
	f := refusal(n, fmt.Sprintf("%d %s", status, strings.TrimSpace(said.Error)))
	if status >= 500 {
		f.Code = Unavailable
		f.Certain(fault.Unsure).Later()
	}
	return f
}

// post sends the request over a connection of its own, which is the only one that shows a client certificate.
func post(n wire.Network, trust wire.Trust, certificate tls.Certificate, request *http.Request) (int, []byte, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}}
	if trust.RootsPEM != nil {
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM(trust.RootsPEM)
	}
	call := wire.Call{Ctx: request.Context(), Method: request.Method, Host: request.URL.Host, Path: request.URL.Path}
	if n.Tap != nil {
		if err := n.Tap(call); err != nil {
			return 0, nil, fault.New(wire.CodeTapped, "host", call.Host).Because(err).Certain(fault.NotSent)
		}
	}
	request.Header.Set("User-Agent", wire.UserAgent)
	transport := &http.Transport{TLSClientConfig: config, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) { return n.Dial(ctx, addr) }}
	began := time.Now()
	answer, err := transport.RoundTrip(request) // no client, so no redirect is followed
	if n.Done != nil {
		call.Took, call.Status = time.Since(began), "failed"
		if err == nil {
			call.Status = strconv.Itoa(answer.StatusCode)
		}
		n.Done(call)
	}
	if err != nil {
		return 0, nil, err
	}
	text, err := wire.ReadBody(answer, 64<<10)
	return answer.StatusCode, text, err
}
