package steps

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"

	"farol/clients/console"
	"farol/clients/fabric"
	"farol/clients/wire"
	"farol/state/secret"
	"farol/steps/engine"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/msp"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer/lifecycle"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// standIn is a peer that says what a test wants: it forces what real peers do only at bad times.
type standIn struct {
	peer.UnimplementedEndorserServer
	mu        sync.Mutex
	height    uint64
	forked    uint64 // the first block that is not as on the other peers; 0: none
	grow      uint64 // blocks that come between two looks
	installed []string
	approved  *lifecycle.QueryApprovedChaincodeDefinitionResult
	committed *lifecycle.QueryChaincodeDefinitionResult
	contract  *peer.ProposalResponse // the contract's answer to every call
	called    []string               // with which arguments
}

func (p *standIn) ProcessProposal(_ context.Context, in *peer.SignedProposal) (*peer.ProposalResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var proposal peer.Proposal
	var payload peer.ChaincodeProposalPayload
	var spec peer.ChaincodeInvocationSpec
	for _, read := range []struct {
		from func() []byte
		into proto.Message
	}{{in.GetProposalBytes, &proposal}, {proposal.GetPayload, &payload}, {payload.GetInput, &spec}} {
		if err := proto.Unmarshal(read.from(), read.into); err != nil {
			return nil, err
		}
	}
	args := spec.GetChaincodeSpec().GetInput().GetArgs()
	switch function := string(args[0]); function {
	case "GetChainInfo":
		defer func() { p.height += p.grow }()
		return answers(&common.BlockchainInfo{Height: p.height, CurrentBlockHash: p.hash(p.height - 1)}), nil
	case "GetBlockByNumber":
		var number uint64
		if _, err := fmt.Sscan(string(args[2]), &number); err != nil {
			return nil, err
		}
		if number >= p.height {
			return says(500, "Failed to get block number %d, error no such block number in index", number), nil
		}
		return answers(&common.Block{Header: p.header(number)}), nil
	case "QueryInstalledChaincodes":
		var out lifecycle.QueryInstalledChaincodesResult
		for _, id := range p.installed {
			out.InstalledChaincodes = append(out.InstalledChaincodes, &lifecycle.QueryInstalledChaincodesResult_InstalledChaincode{PackageId: id})
		}
		return answers(&out), nil
	case "QueryApprovedChaincodeDefinition":
		if p.approved == nil {
			return says(500, "could not fetch approved chaincode definition (name: 'basic', sequence: '1') on channel 'trade'"), nil
		}
		return answers(p.approved), nil
	case "QueryChaincodeDefinition":
		if p.committed == nil {
			return says(500, "namespace basic is not defined"), nil
		}
		return answers(p.committed), nil
	}
	p.called = append(p.called, string(bytes.Join(args, []byte(" "))))
	return p.contract, nil
}

// header makes the header of a block, which a fork makes another one.
func (p *standIn) header(number uint64) *common.BlockHeader {
	branch := byte(0)
	if p.forked > 0 && number >= p.forked {
		branch = 1
	}
	return &common.BlockHeader{Number: number, PreviousHash: []byte{byte(number), branch}, DataHash: []byte{branch}}
}

func (p *standIn) hash(number uint64) []byte {
	h, _ := fabric.HeaderHash(p.header(number))
	return h
}

// answers is a peer's success, and says its refusal.
func answers(payload proto.Message) *peer.ProposalResponse {
	raw, err := proto.Marshal(payload)
	if err != nil {
		panic(err)
	}
	return &peer.ProposalResponse{Response: &peer.Response{Status: 200, Payload: raw}}
}

func says(status int32, words string, args ...any) *peer.ProposalResponse {
	return &peer.ProposalResponse{Response: &peer.Response{Status: status, Message: fmt.Sprintf(words, args...)}}
}

// endorsed is a contract's yes, signed by a peer of an organization.
func endorsed(t *testing.T, mspID string) *peer.ProposalResponse {
	t.Helper()
	endorser, err := proto.Marshal(&msp.SerializedIdentity{Mspid: mspID})
	must(t, err)
	return &peer.ProposalResponse{Response: &peer.Response{Status: 200}, Payload: []byte{1}, Endorsement: &peer.Endorsement{Endorser: endorser}}
}

// withPeers gives a session whose administrator is enrolled and whose peers, by region, are stand-ins.
func withPeers(t *testing.T, peers map[string]*standIn) (*Session, engine.Graph) {
	t.Helper()
	s, _ := sessionWith(t, &scripted{})
	cert, key := pair(t)
	signer, err := fabric.NewSigner(s.Setup.Organization.MSPID, cert, secret.New(key))
	must(t, err)
	s.fabric = fabric.New(wire.Network{}, signer)
	t.Cleanup(func() { _ = s.fabric.Close() })
	for region, p := range peers {
		nodes := grpc.NewServer()
		peer.RegisterEndorserServer(nodes, p)
		server := httptest.NewUnstartedServer(nodes)
		server.EnableHTTP2 = true
		server.StartTLS()
		t.Cleanup(server.Close)
		root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		r, _ := s.Setup.Region(region)
		s.keep(region, &console.Component{ID: r.Peer, APIURL: "grpcs://" + server.Listener.Addr().String(),
			MSP: console.NodeMSP{Component: console.NodeCerts{TLSCert: root}}})
	}
	return s, Graph(s)
}
