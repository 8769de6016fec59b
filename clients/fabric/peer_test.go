package fabric

import (
	"context"
	"errors"
	"testing"

	"farol/clients/wire"
	"farol/state/fault"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/gateway"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
)

// says makes a peer's answer.
func says(code int32, message string, payload proto.Message) *peer.ProposalResponse {
	m := &marshaller{}
	r := &peer.Response{Status: code, Message: message}
	if payload != nil {
		r.Payload = m.bytes(payload)
	}
	return &peer.ProposalResponse{Response: r}
}

func TestRefusalsInsideAnswersAreSeen(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		answer *peer.ProposalResponse
		refuse error
		code   fault.Code
		sure   fault.Certainty
	}{
		"channel unknown":  {answer: says(500, "channel 'trade' not found", nil), code: NotFound, sure: fault.Refused},
		"qscc says so too": {answer: says(500, "Invalid chain ID, trade", nil), code: NotFound, sure: fault.Refused},
		"denied":           {answer: says(500, "access denied for [GetChainInfo][trade]: [x]", nil), code: Forbidden, sure: fault.Refused},
		"denied by error":  {refuse: status.Error(codes.Unknown, "error validating proposal: access denied: channel [trade] creator org [X]"), code: Forbidden, sure: fault.Refused},
		"any other":        {answer: says(500, "no", nil), code: Rejected, sure: fault.Refused},
		"empty success":    {answer: says(200, "", nil), code: Garbled},
		"no response":      {answer: &peer.ProposalResponse{}, code: Garbled},
		"noise":            {answer: &peer.ProposalResponse{Response: &peer.Response{Status: 200, Payload: []byte{0xff}}}, code: Garbled},
		"busy":             {refuse: status.Error(codes.ResourceExhausted, "too many requests"), code: wire.CodeInterrupted},
	} {
		n := newNetwork(t)
		at := n.peer(&fakePeer{answer: try.answer, refuse: try.refuse})
		_, err := n.client().Chain(t.Context(), at, "trade")
		f, ok := fault.Of(err)
		if !ok || f.Code != try.code || f.Certainty != try.sure || f.Facts["host"] != at.Addr {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestBlockMustBeTheOneAskedFor(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	at := n.peer(&fakePeer{answer: says(200, "", &common.Block{Header: &common.BlockHeader{Number: 4}})})
	c := n.client()
	if _, err := c.BlockHash(t.Context(), at, "trade", 4); err != nil {
		t.Error(err)
	}
	if _, err := c.BlockHash(t.Context(), at, "trade", 3); !fault.Is(err, Garbled) {
		t.Errorf("got %v", err)
	}
}

func TestPeersWithoutContractsHaveNone(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	at := n.peer(&fakePeer{answer: says(200, "", nil)})
	if list, err := n.client().Installed(t.Context(), at); err != nil || list != nil {
		t.Errorf("got %v, %v", list, err)
	}
}

func TestContractsNoIsAnAnswerAndThePeersIsNot(t *testing.T) {
	t.Parallel()
	refused := says(500, "want put NAME VALUE", nil)
	refused.Payload = []byte{1}
	for name, try := range map[string]struct {
		answer *peer.ProposalResponse
		code   fault.Code
	}{
		"contract, 500":    {refused, ""},
		"contract, 404":    {says(404, "no such thing", nil), ""},
		"peer":             {says(500, "make sure the chaincode x has been successfully defined", nil), Rejected},
		"peer, no service": {says(500, "error in simulation: failed to execute transaction: could not launch chaincode x_1:ab", nil), ContractDown},
	} {
		n := newNetwork(t)
		e, err := n.client().Endorse(t.Context(), n.peer(&fakePeer{answer: try.answer}), "trade", "x", "get")
		if try.code == "" && (err != nil || e.Status != try.answer.GetResponse().GetStatus() || e.Message == "") {
			t.Errorf("%s: %+v, %v", name, e, err)
		}
		if try.code != "" && !fault.Is(err, try.code) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestSubmitKnowsWhatEachStagesFailureMeans(t *testing.T) {
	t.Parallel()
	detailed, err := status.New(codes.Aborted, "failed to endorse transaction, see attached details for more info").
		WithDetails(protoadapt.MessageV1Of(&gateway.ErrorDetail{Address: "peer1:7051", MspId: "TestMSP", Message: "requested sequence is 1, but new definition must be sequence 2"}))
	if err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]struct {
		peer        fakePeer
		code        fault.Code // empty: done
		sure        fault.Certainty
		transient   bool
		transaction bool // the fault names the transaction
	}{
		"committed":                   {},
		"cause in the details":        {peer: fakePeer{endorse: detailed.Err()}, code: SequenceTaken, sure: fault.Refused},
		"too few peers":               {peer: fakePeer{endorse: status.Error(codes.FailedPrecondition, "no combination of peers can be derived which satisfy the endorsement policy: no peer combination can satisfy the endorsement policy")}, code: Endorsers, sure: fault.Refused, transient: true},
		"endorsing took too long":     {peer: fakePeer{endorse: status.Error(codes.DeadlineExceeded, "endorsement timeout expired")}, code: wire.CodeTimeout, sure: fault.NotSent, transient: true},
		"orderer refused":             {peer: fakePeer{submit: status.Error(codes.Aborted, "received unsuccessful response from orderer: status=FORBIDDEN, info=x")}, code: Forbidden, sure: fault.Refused, transaction: true},
		"no orderer took it for sure": {peer: fakePeer{submit: status.Error(codes.Unavailable, "no orderers could successfully process transaction")}, code: Unavailable, sure: fault.Unsure, transient: true, transaction: true},
		"sending took too long":       {peer: fakePeer{submit: status.Error(codes.DeadlineExceeded, "submit timeout expired")}, code: wire.CodeTimeout, sure: fault.Unsure, transient: true, transaction: true},
		"nobody saw the commit":       {peer: fakePeer{waiting: status.Error(codes.DeadlineExceeded, "late")}, code: StatusUnknown, sure: fault.Unsure, transaction: true},
		"gateway gone while waiting":  {peer: fakePeer{waiting: status.Error(codes.Unavailable, "transport is closing")}, code: StatusUnknown, sure: fault.Unsure, transaction: true},
		"somebody else came first":    {peer: fakePeer{result: peer.TxValidationCode_MVCC_READ_CONFLICT}, code: Invalidated, sure: fault.Refused, transient: true, transaction: true},
		"endorsed by the wrong peers": {peer: fakePeer{result: peer.TxValidationCode_ENDORSEMENT_POLICY_FAILURE}, code: Invalidated, sure: fault.Refused, transaction: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			receipt, err := n.client().Submit(t.Context(), n.peer(&try.peer), "trade", "x", "put", "a")
			if try.code == "" {
				if err != nil || receipt.Block != 7 || string(receipt.Payload) != "done" || len(receipt.TransactionID) != 64 {
					t.Errorf("receipt %+v, %v", receipt, err)
				}
				return
			}
			f, ok := fault.Of(err)
			if !ok || f.Code != try.code || f.Certainty != try.sure || f.Transient != try.transient || (f.Facts["transaction"] != "") != try.transaction {
				t.Errorf("got %v (%+v), want %s", err, f, try.code)
			}
		})
	}
}

func TestLifecycleKnowsNoneFromTrouble(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]fault.Code{
		"failed to invoke backing implementation of 'QueryChaincodeDefinition': namespace x is not defined": "",
		"could not fetch approved chaincode definition (name: 'x', sequence: '1') on channel 'trade'":       "",
		"policy is not defined": Rejected,
	} {
		n := newNetwork(t)
		at, c := n.peer(&fakePeer{answer: says(500, text, nil)}), n.client()
		_, committed, err1 := c.Committed(t.Context(), at, "trade", "x")
		_, approved, err2 := c.Approved(t.Context(), at, "trade", "x", 1)
		if committed || approved {
			t.Errorf("%s: found", text)
		}
		if code == "" && err1 != nil && err2 != nil || code != "" && (!fault.Is(err1, code) || !fault.Is(err2, code)) {
			t.Errorf("%s: got %v and %v", text, err1, err2)
		}
	}
}

func TestSubmitToNobodyWasNotSent(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	_, err := n.client().Submit(t.Context(), n.nobody(), "trade", "x", "put")
	if f, ok := fault.Of(err); !ok || f.Code != wire.CodeUnreachable || f.Certainty != fault.NotSent {
		t.Errorf("got %v", err)
	}
}

func TestCallsKeptBackByTheTapWereNotSent(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	at := n.peer(&fakePeer{answer: says(200, "", nil)})
	c := New(wire.Network{Tap: func(wire.Call) error { return errors.New("crash here") }}, n.org.signer(t, "admin"))
	t.Cleanup(func() { _ = c.Close() })
	_, install := c.Install(t.Context(), at, nil)
	_, submit := c.Submit(t.Context(), at, "trade", "x", "put")
	for name, err := range map[string]error{"install": install, "submit": submit, "join": c.Join(t.Context(), at, &common.Block{})} {
		if f, ok := fault.Of(err); !ok || f.Code != wire.CodeTapped || f.Certainty != fault.NotSent {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestOneConnectionServesEveryCall(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	at := n.peer(&fakePeer{answer: says(200, "", &peer.ChannelQueryResponse{Channels: []*peer.ChannelInfo{{ChannelId: "trade"}}})})
	c := n.client()
	first, err := c.conn(at)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := c.Channels(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	if again, err := c.conn(at); err != nil || again != first || len(c.conns) != 1 {
		t.Errorf("%d connections, %v", len(c.conns), err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = c.Channels(t.Context(), at)
	if f, ok := fault.Of(err); !ok || f.Certainty != fault.NotSent {
		t.Errorf("after closing: %v", err)
	}
}

func TestCallsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := n.client().Channels(ctx, n.peer(&fakePeer{}))
	if !fault.Is(err, wire.CodeCancelled) {
		t.Errorf("got %v", err)
	}
}
