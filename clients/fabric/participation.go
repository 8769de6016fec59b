package fabric

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"farol/clients/wire"
	"farol/state/fault"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"google.golang.org/protobuf/proto"
)

// JoinOrderer makes an orderer join a channel through its admin address, as in "https://orderer1:7053". The address
// wants a TLS client certificate. It opens a moment after the orderer itself: a connection that is refused until then
// is the caller's to try again. An orderer that has joined already answers with the fault Exists.
func JoinOrderer(ctx context.Context, adminURL string, block *common.Block, trust wire.Trust, clientCert tls.Certificate, n wire.Network) error {
	ctx, cancel := within(ctx, joinLimit)
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
	client, err := withCertificate(n, trust, clientCert)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	answer, err := client.Do(request)
	if err != nil {
		return wire.Classify(err, request.URL.Host)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err != nil {
		return wire.Classify(err, request.URL.Host)
	}
	if answer.StatusCode == http.StatusCreated {
		return nil
	}
	return notJoined(Node{Addr: request.URL.Host}, answer.StatusCode, text)
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
		f.As(fault.Unsure).Later()
	}
	return f
}

// withCertificate adds a client certificate to the network's HTTP client.
func withCertificate(n wire.Network, trust wire.Trust, certificate tls.Certificate) (*http.Client, error) {
	client, err := n.HTTP(trust)
	if err != nil {
		return nil, err
	}
	transport, ok := client.Transport.(*http.Transport)
	if !ok {
		return nil, fmt.Errorf("a transport of kind %T takes no client certificate", client.Transport)
	}
	transport.TLSClientConfig.Certificates = []tls.Certificate{certificate}
	return client, nil
}
