package fabric

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"farol/clients/wire"
	"farol/state/fault"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"google.golang.org/protobuf/proto"
)

func TestJoiningAnOrderer(t *testing.T) {
	t.Parallel()
	o := newOrg(t, "OrdererMSP")
	operator := o.tls.issue("operator", "admin", "localhost").pair(t)
	trust := wire.Trust{RootsPEM: o.tls.PEM}
	genesis, _ := genesisOf(t, nil)
	for name, try := range map[string]struct {
		status int
		body   string
		code   fault.Code // empty: joined
		sure   fault.Certainty
	}{
		"joined":        {201, `{"name":"trade"}`, "", 0},
		"joined before": {405, `{"error":"cannot join: channel already exists"}`, Exists, fault.Refused},
		"bad block":     {400, `{"error":"invalid join block"}`, Rejected, fault.Refused},
		"redirected":    {302, ``, Rejected, fault.Refused},
		"broken":        {500, `{"error":"disk full"}`, Unavailable, fault.Unsure},
	} {
		var got *common.Block
		server := orderersAdmin(t, o, func(w http.ResponseWriter, r *http.Request) {
			got = new(common.Block)
			file, _, err := r.FormFile("config-block")
			if err == nil {
				var raw []byte
				raw, err = io.ReadAll(file)
				err = errors.Join(err, proto.Unmarshal(raw, got))
			}
			if err != nil || r.URL.Path != "/participation/v1/channels" {
				t.Errorf("%s: %s, %v", name, r.URL.Path, err)
			}
			w.Header().Set("Location", "https://elsewhere.test")
			w.WriteHeader(try.status)
			_, _ = io.WriteString(w, try.body)
		})
		err := JoinOrderer(t.Context(), server.URL, genesis, trust, operator, wire.Network{})
		f, ok := fault.Of(err)
		if try.code == "" && (err != nil || !proto.Equal(got, genesis)) {
			t.Errorf("%s: %v", name, err)
		}
		if try.code != "" && (!ok || f.Code != try.code || f.Certainty != try.sure) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestJoiningAnOrdererThatIsNotUpYetWasNotSent(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	operator := n.org.tls.issue("operator", "admin", "localhost").pair(t)
	err := JoinOrderer(t.Context(), "https://"+n.nobody().Addr, &common.Block{}, wire.Trust{RootsPEM: n.org.tls.PEM}, operator, wire.Network{})
	if f, ok := fault.Of(err); !ok || f.Code != wire.CodeUnreachable || f.Certainty != fault.NotSent || !f.Transient {
		t.Errorf("got %v", err)
	}
	tap := wire.Network{Tap: func(wire.Call) error { return errors.New("crash here") }}
	if err := JoinOrderer(t.Context(), "https://localhost:1", &common.Block{}, wire.Trust{}, operator, tap); !fault.Is(err, wire.CodeTapped) {
		t.Errorf("got %v", err)
	}
}

// orderersAdmin serves an orderer's admin address, which wants a client certificate.
func orderersAdmin(t *testing.T, o *org, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(o.tls.PEM)
	s := httptest.NewUnstartedServer(answer)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{o.tls.issue("orderer", "orderer", "127.0.0.1").pair(t)},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}
