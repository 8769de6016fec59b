package fabric

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"farol/state/fault"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// call is one proposal to one peer's endorser.
type call struct {
	channel   string // empty: the peer itself
	chaincode string
	kind      common.HeaderType
	args      [][]byte
}

// system makes a call to one of the peer's own chaincodes.
func system(channel, chaincode, function string, args ...[]byte) call {
	return call{channel: channel, chaincode: chaincode, kind: common.HeaderType_ENDORSER_TRANSACTION,
		args: append([][]byte{[]byte(function)}, args...)}
}

// propose sends a call and gives the peer's raw answer, whose status is not looked at yet.
func (c *Client) propose(ctx context.Context, n Node, what call) (*peer.ProposalResponse, error) {
	conn, err := c.conn(n)
	if err != nil {
		return nil, err
	}
	signed, err := c.sign(what)
	if err != nil {
		return nil, err
	}
	answer, err := peer.NewEndorserClient(conn).ProcessProposal(ctx, signed)
	if err != nil {
		return nil, failure(n, err)
	}
	if answer.GetResponse() == nil {
		return nil, garbled(n, fmt.Errorf("an answer without a response to %s", what.args[0]))
	}
	return answer, nil
}

// ask sends a call, wants success, and reads the payload into out when there is one.
func (c *Client) ask(ctx context.Context, n Node, limit time.Duration, what call, out proto.Message) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	answer, err := c.propose(ctx, n, what)
	if err != nil {
		return inChannel(err, what.channel)
	}
	if r := answer.GetResponse(); r.GetStatus() < 200 || r.GetStatus() >= 400 {
		return inChannel(refusal(n, r.GetMessage()), what.channel)
	}
	if out == nil {
		return nil
	}
	if err := proto.Unmarshal(answer.GetResponse().GetPayload(), out); err != nil {
		return garbled(n, fmt.Errorf("read the answer to %s: %w", what.args[0], err))
	}
	return nil
}

// inChannel adds the channel to a fault.
func inChannel(err error, channel string) error {
	if f, ok := fault.Of(err); ok && channel != "" {
		f.With("channel", channel)
	}
	return err
}

// sign makes the signed proposal of a call.
func (c *Client) sign(what call) (*peer.SignedProposal, error) {
	header := c.signer.header()
	id := sha256.Sum256(slices.Concat(header.GetNonce(), header.GetCreator()))
	m := &marshaller{}
	proposal := m.bytes(&peer.Proposal{
		Header: m.bytes(&common.Header{
			ChannelHeader: m.bytes(&common.ChannelHeader{
				Type: int32(what.kind), ChannelId: what.channel, TxId: hex.EncodeToString(id[:]), Timestamp: timestamppb.Now(),
				Extension: m.bytes(&peer.ChaincodeHeaderExtension{ChaincodeId: &peer.ChaincodeID{Name: what.chaincode}}),
			}),
			SignatureHeader: m.bytes(header),
		}),
		Payload: m.bytes(&peer.ChaincodeProposalPayload{
			Input: m.bytes(&peer.ChaincodeInvocationSpec{ChaincodeSpec: &peer.ChaincodeSpec{
				ChaincodeId: &peer.ChaincodeID{Name: what.chaincode}, Input: &peer.ChaincodeInput{Args: what.args},
			}}),
		}),
	})
	if m.err != nil {
		return nil, fmt.Errorf("build proposal: %w", m.err)
	}
	signature, err := c.signer.Sign(proposal)
	if err != nil {
		return nil, fmt.Errorf("sign proposal: %w", err)
	}
	return &peer.SignedProposal{ProposalBytes: proposal, Signature: signature}, nil
}

// envelope wraps a message for an orderer: header, payload, the client's signature.
func (c *Client) envelope(kind common.HeaderType, channel string, data proto.Message) (*common.Envelope, error) {
	m := &marshaller{}
	payload := m.bytes(&common.Payload{
		Header: &common.Header{
			ChannelHeader:   m.bytes(&common.ChannelHeader{Type: int32(kind), ChannelId: channel, Timestamp: timestamppb.Now()}),
			SignatureHeader: m.bytes(c.signer.header()),
		},
		Data: m.bytes(data),
	})
	if m.err != nil {
		return nil, fmt.Errorf("build envelope: %w", m.err)
	}
	signature, err := c.signer.Sign(payload)
	if err != nil {
		return nil, fmt.Errorf("sign envelope: %w", err)
	}
	return &common.Envelope{Payload: payload, Signature: signature}, nil
}

// marshaller turns messages into bytes and remembers the first error, so that nested messages read as they nest.
type marshaller struct{ err error }

func (m *marshaller) bytes(message proto.Message) []byte {
	b, err := proto.Marshal(message)
	if err != nil && m.err == nil {
		m.err = err
	}
	return b
}
