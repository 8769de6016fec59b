package fabric

import (
	"context"
	"errors"

	"farol/state/fault"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-gateway/pkg/hash"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
)

// Receipt is the proof that a transaction is in the ledger.
type Receipt struct {
	TransactionID string
	Block         uint64
	Payload       []byte // what the contract answered
}

// Submit runs a transaction through a peer's gateway and waits until it is committed: at most 8 s for the
// endorsements, 8 s for the ordering service, 15 s for the commit. When nobody knows whether it was committed the
// fault is StatusUnknown with the transaction's ID; a new attempt is a new transaction.
func (c *Client) Submit(ctx context.Context, n Node, channel, name string, args ...string) (Receipt, error) {
	if len(args) == 0 {
		return Receipt{}, fault.New(Rejected, "host", n.Addr, "channel", channel, "detail", "no function").Certain(fault.NotSent)
	}
	var rest [][]byte
	for _, arg := range args[1:] {
		rest = append(rest, []byte(arg))
	}
	return c.submit(ctx, n, channel, name, args[0], rest, nil)
}

// submit endorses, sends, and waits. Each stage knows what its failure means: before sending nothing is done,
// after it the far side may be at work.
func (c *Client) submit(ctx context.Context, n Node, channel, name, function string, args [][]byte, organizations []string) (Receipt, error) {
	conn, err := c.conn(n)
	if err != nil {
		return Receipt{}, inChannel(err, channel)
	}
	gateway, err := client.Connect(c.signer, client.WithSign(c.signer.Sign), client.WithHash(hash.NONE), client.WithClientConnection(conn))
	if err != nil {
		return Receipt{}, notSent(err, n)
	}
	defer gateway.Close() // leaves the connection open, which is the client's
	options := []client.ProposalOption{client.WithBytesArguments(args...)}
	if len(organizations) > 0 {
		options = append(options, client.WithEndorsingOrganizations(organizations...))
	}
	proposal, err := gateway.GetNetwork(channel).GetContract(name).NewProposal(function, options...)
	if err != nil {
		return Receipt{}, notSent(err, n)
	}
	transaction, err := endorse(ctx, n, proposal)
	if err != nil {
		return Receipt{}, inChannel(err, channel)
	}
	commit, err := send(ctx, n, transaction)
	if err != nil {
		return Receipt{}, inChannel(err, channel)
	}
	status, err := await(ctx, n, commit)
	if err != nil {
		return Receipt{}, inChannel(err, channel)
	}
	return Receipt{TransactionID: status.TransactionID, Block: status.BlockNumber, Payload: transaction.Result()}, nil
}

// endorse collects the endorsements. Whatever goes wrong here, nothing was ordered.
func endorse(ctx context.Context, n Node, proposal *client.Proposal) (*client.Transaction, error) {
	ctx, cancel := context.WithTimeout(ctx, endorseLimit)
	defer cancel()
	transaction, err := proposal.EndorseWithContext(ctx)
	if err == nil {
		return transaction, nil
	}
	f := failure(n, err)
	if f.Certainty == fault.Unsure {
		f.Certain(fault.NotSent)
	}
	return nil, f
}

// send hands the transaction to the ordering service. Only an orderer's definite no proves that it has not got it.
func send(ctx context.Context, n Node, transaction *client.Transaction) (*client.Commit, error) {
	ctx, cancel := context.WithTimeout(ctx, submitLimit)
	defer cancel()
	commit, err := transaction.SubmitWithContext(ctx)
	if err == nil {
		return commit, nil
	}
	f := failure(n, err).With("transaction", transaction.TransactionID())
	if f.Code == Unavailable { // the gateway tried every orderer; one that timed out may have it
		f.Certain(fault.Unsure)
	}
	return nil, f
}

// await waits until the peer has committed the transaction. Silence means that nobody knows.
func await(ctx context.Context, n Node, commit *client.Commit) (*client.Status, error) {
	ctx, cancel := context.WithTimeout(ctx, statusLimit)
	defer cancel()
	status, err := commit.StatusWithContext(ctx)
	if err != nil {
		return nil, fault.New(StatusUnknown, "host", n.Addr, "transaction", commit.TransactionID()).Because(err).Certain(fault.Unsure)
	}
	if status.Successful {
		return status, nil
	}
	f := fault.New(Invalidated, "host", n.Addr, "transaction", status.TransactionID, "detail", status.Code.String()).
		Because(errors.New("the transaction was committed as invalid")).Certain(fault.Refused)
	if status.Code == peer.TxValidationCode_MVCC_READ_CONFLICT || status.Code == peer.TxValidationCode_PHANTOM_READ_CONFLICT {
		f.Later() // somebody else's transaction came first
	}
	return nil, f
}
