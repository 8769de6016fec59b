package fabric

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"testing"

	"farol/clients/wire"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/gateway"
	"github.com/hyperledger/fabric-protos-go-apiv2/orderer"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// fakeOrderer answers what a test tells it to, and counts what it was offered.
type fakeOrderer struct {
	orderer.UnimplementedAtomicBroadcastServer
	blocks  map[uint64]*common.Block                  // what Deliver has; the highest number is the newest
	deny    common.Status                             // when set, Deliver answers this
	receive func(n int) (common.Status, string, bool) // Broadcast's answer to the n-th offer; false: hang up

	mu      sync.Mutex
	offered []*common.Envelope
}

func (f *fakeOrderer) Deliver(s orderer.AtomicBroadcast_DeliverServer) error {
	envelope, err := s.Recv()
	if err != nil {
		return err
	}
	var payload common.Payload
	var seek orderer.SeekInfo
	if err := proto.Unmarshal(envelope.GetPayload(), &payload); err != nil {
		return err
	}
	if err := proto.Unmarshal(payload.GetData(), &seek); err != nil {
		return err
	}
	number := seek.GetStart().GetSpecified().GetNumber()
	if seek.GetStart().GetNewest() != nil {
		for n := range f.blocks {
			number = max(number, n)
		}
	}
	block, found := f.blocks[number]
	switch {
	case f.deny != 0:
		return s.Send(&orderer.DeliverResponse{Type: &orderer.DeliverResponse_Status{Status: f.deny}})
	case !found:
		return s.Send(&orderer.DeliverResponse{Type: &orderer.DeliverResponse_Status{Status: common.Status_NOT_FOUND}})
	}
	return s.Send(&orderer.DeliverResponse{Type: &orderer.DeliverResponse_Block{Block: block}})
}

func (f *fakeOrderer) Broadcast(s orderer.AtomicBroadcast_BroadcastServer) error {
	envelope, err := s.Recv()
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.offered = append(f.offered, envelope)
	code, info, answers := f.receive(len(f.offered))
	f.mu.Unlock()
	if !answers {
		return status.Error(codes.Unavailable, "transport is closing")
	}
	return s.Send(&orderer.BroadcastResponse{Status: code, Info: info})
}

func (f *fakeOrderer) offers() []*common.Envelope {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.offered
}

// fakePeer answers every proposal the same way, and plays a gateway of which each stage can be made to fail.
type fakePeer struct {
	peer.UnimplementedEndorserServer
	gateway.UnimplementedGatewayServer
	answer                   *peer.ProposalResponse
	refuse                   error // ProcessProposal's error
	endorse, submit, waiting error
	result                   peer.TxValidationCode
}

func (f *fakePeer) ProcessProposal(context.Context, *peer.SignedProposal) (*peer.ProposalResponse, error) {
	return f.answer, f.refuse
}

func (f *fakePeer) Endorse(_ context.Context, in *gateway.EndorseRequest) (*gateway.EndorseResponse, error) {
	if f.endorse != nil {
		return nil, f.endorse
	}
	m := &marshaller{}
	action := m.bytes(&peer.ChaincodeAction{Response: &peer.Response{Status: 200, Payload: []byte("done")}})
	payload := m.bytes(&common.Payload{
		Header: &common.Header{ChannelHeader: m.bytes(&common.ChannelHeader{ChannelId: in.GetChannelId()})},
		Data: m.bytes(&peer.Transaction{Actions: []*peer.TransactionAction{{Payload: m.bytes(&peer.ChaincodeActionPayload{
			Action: &peer.ChaincodeEndorsedAction{ProposalResponsePayload: m.bytes(&peer.ProposalResponsePayload{Extension: action})},
		})}}}),
	})
	return &gateway.EndorseResponse{PreparedTransaction: &common.Envelope{Payload: payload}}, m.err
}

func (f *fakePeer) Submit(context.Context, *gateway.SubmitRequest) (*gateway.SubmitResponse, error) {
	return &gateway.SubmitResponse{}, f.submit
}

func (f *fakePeer) CommitStatus(context.Context, *gateway.SignedCommitStatusRequest) (*gateway.CommitStatusResponse, error) {
	return &gateway.CommitStatusResponse{Result: f.result, BlockNumber: 7}, f.waiting
}

// network serves fakes over TLS with certificates of one organization.
type network struct {
	t   *testing.T
	org *org
}

func newNetwork(t *testing.T) network { return network{t, newOrg(t, "TestMSP")} }

func (n network) serve(register func(*grpc.Server)) Node {
	n.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	certificate := n.org.tls.issue("node", "peer", "127.0.0.1").pair(n.t)
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{certificate}})))
	register(server)
	go func() { _ = server.Serve(l) }()
	n.t.Cleanup(server.Stop)
	return Node{Addr: l.Addr().String(), RootsPEM: n.org.tls.PEM}
}

func (n network) orderer(f *fakeOrderer) Node {
	return n.serve(func(s *grpc.Server) { orderer.RegisterAtomicBroadcastServer(s, f) })
}

func (n network) peer(f *fakePeer) Node {
	return n.serve(func(s *grpc.Server) {
		peer.RegisterEndorserServer(s, f)
		gateway.RegisterGatewayServer(s, f)
	})
}

// nobody is an address where nothing listens.
func (n network) nobody() Node {
	n.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	l.Close()
	return Node{Addr: l.Addr().String(), RootsPEM: n.org.tls.PEM}
}

func (n network) client() *Client {
	c := New(wire.Network{}, n.org.signer(n.t, "admin"))
	n.t.Cleanup(func() { _ = c.Close() })
	return c
}
