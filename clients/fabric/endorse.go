package fabric

import (
	"context"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/msp"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
)

// Endorsement is what a contract on one peer answered to a proposal. Nothing was ordered.
type Endorsement struct {
	Status      int32  // 200 to 399: endorsed; from 400: the contract itself said no
	Message     string // the contract's words, made printable
	Payload     []byte
	EndorserMSP string // organization of the peer that signed; empty when the contract said no
}

// Endorse runs a contract on exactly this peer and orders nothing. A contract that says no is an answer, because it
// proves that the contract runs there; a peer that cannot run it is a fault.
func (c *Client) Endorse(ctx context.Context, n Node, channel, name string, args ...string) (Endorsement, error) {
	what := call{channel: channel, chaincode: name, kind: common.HeaderType_ENDORSER_TRANSACTION}
	for _, arg := range args {
		what.args = append(what.args, []byte(arg))
	}
	ctx, cancel := context.WithTimeout(ctx, endorseLimit)
	defer cancel()
	answer, err := c.propose(ctx, n, what)
	if err != nil {
		return Endorsement{}, inChannel(err, channel)
	}
	response := answer.GetResponse()
	e := Endorsement{Status: response.GetStatus(), Message: printable(response.GetMessage()), Payload: response.GetPayload()}
	if e.Status >= 400 {
		if saidByPeer(answer) {
			return Endorsement{}, inChannel(refusal(n, response.GetMessage()), channel)
		}
		return e, nil
	}
	var endorser msp.SerializedIdentity
	if err := proto.Unmarshal(answer.GetEndorsement().GetEndorser(), &endorser); err != nil {
		return Endorsement{}, garbled(n, err)
	}
	e.EndorserMSP = endorser.GetMspid()
	return e, nil
}

// saidByPeer tells a peer's own error from a contract's: the peer always says 500 and attaches no payload.
func saidByPeer(answer *peer.ProposalResponse) bool {
	return answer.GetResponse().GetStatus() == 500 && len(answer.GetPayload()) == 0
}
