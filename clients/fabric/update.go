package fabric

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"farol/state/fault"

	"github.com/hyperledger/fabric-config/configtx"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/orderer"
	"google.golang.org/protobuf/proto"
)

// How often the orderers are gone through while they elect a leader, and the pause between two rounds.
const (
	broadcastRounds = 3
	broadcastPause  = 300 * time.Millisecond
)

// UpdateConfig changes a channel's config: edit is applied to the config from, the difference is signed by the
// signers (by the client's own when none is named) and sent by the client. The sender's signature on the envelope
// does not count for any policy. An edit that changes nothing ends with the fault NoChange, and a config that moved
// since it was read with ConfigMoved: read it again. Orderers accept before they commit, so look afterwards.
func (c *Client) UpdateConfig(ctx context.Context, orderers []Node, channel string, from *Config, edit func(*configtx.ConfigTx) error, signers ...*Signer) error {
	update, err := difference(channel, from, edit)
	if err != nil {
		return err
	}
	if len(signers) == 0 {
		signers = []*Signer{c.signer}
	}
	message := &common.ConfigUpdateEnvelope{ConfigUpdate: update}
	for _, s := range signers {
		signature, err := s.signUpdate(update)
		if err != nil {
			return err
		}
		message.Signatures = append(message.Signatures, signature)
	}
	envelope, err := c.envelope(common.HeaderType_CONFIG_UPDATE, channel, message)
	if err != nil {
		return err
	}
	if f := c.broadcast(ctx, orderers, channel, envelope); f != nil {
		return f.With("channel", channel)
	}
	return nil
}

// difference computes the update that leads from a config to its edited form.
func difference(channel string, from *Config, edit func(*configtx.ConfigTx) error) ([]byte, error) {
	tx := configtx.New(from.config)
	if err := edit(&tx); err != nil {
		if f, ok := fault.Of(err); ok {
			return nil, f.With("channel", channel)
		}
		return nil, fmt.Errorf("edit config: %w", err)
	}
	if proto.Equal(tx.OriginalConfig(), tx.UpdatedConfig()) {
		return nil, noChange(channel)
	}
	update, err := tx.ComputeMarshaledUpdate(channel)
	if err != nil {
		if strings.Contains(err.Error(), "no differences detected") {
			return nil, noChange(channel)
		}
		return nil, fmt.Errorf("compute config update: %w", err)
	}
	return update, nil
}

func noChange(channel string) *fault.Fault {
	return fault.New(NoChange, "channel", channel).Certain(fault.Refused)
}

// signUpdate signs a config update.
func (s *Signer) signUpdate(update []byte) (*common.ConfigSignature, error) {
	header, err := proto.Marshal(s.header())
	if err != nil {
		return nil, fmt.Errorf("encode signature header: %w", err)
	}
	signature, err := s.Sign(slices.Concat(header, update))
	if err != nil {
		return nil, fmt.Errorf("sign config update: %w", err)
	}
	return &common.ConfigSignature{SignatureHeader: header, Signature: signature}, nil
}

// broadcast sends an envelope to the first orderer that takes it. It goes on to another one only when it is certain
// that nothing was done: no connection, an orderer that cannot serve, or one that does not host the channel, which is
// not asked again.
func (c *Client) broadcast(ctx context.Context, orderers []Node, channel string, e *common.Envelope) *fault.Fault {
	var unknown, told *fault.Fault
	order := rand.Perm(len(orderers))
	for round := range broadcastRounds {
		if round > 0 && len(order) > 0 {
			select {
			case <-ctx.Done():
				return told
			case <-time.After(broadcastPause):
			}
		}
		var left []int
		for _, i := range order {
			f := c.offer(ctx, orderers[i], e)
			switch {
			case f == nil:
				return nil
			case f.Code == NotFound && f.Certainty == fault.Refused:
				unknown = f
			case f.Certainty == fault.NotSent, f.Code == Unavailable && f.Certainty == fault.Refused:
				told = telling(told, f)
				left = append(left, i)
			default:
				return f
			}
		}
		order = left
	}
	switch {
	case told != nil:
		return told
	case unknown != nil:
		return unknown
	}
	return noOrderer(channel)
}

// offer sends an envelope to one orderer.
func (c *Client) offer(ctx context.Context, n Node, e *common.Envelope) *fault.Fault {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel() // ends the stream
	conn, err := c.conn(n)
	if err != nil {
		return notSent(err, n)
	}
	stream, err := orderer.NewAtomicBroadcastClient(conn).Broadcast(ctx)
	if err != nil {
		return failure(n, err).Certain(fault.NotSent) // a stream that did not open carried nothing
	}
	_ = stream.Send(e) // says no more than EOF; the reason comes with the answer
	answer, err := stream.Recv()
	if err != nil {
		return failure(n, err).Certain(fault.Unsure)
	}
	if answer.GetStatus() == common.Status_SUCCESS {
		return nil
	}
	return answered(n, answer.GetStatus(), answer.GetInfo())
}

// answered words an orderer's status other than success.
func answered(n Node, status common.Status, info string) *fault.Fault {
	f := fault.New(Rejected, "host", n.Addr, "detail", printable(strings.TrimSpace(status.String()+" "+info))).Certain(fault.Refused)
	has := func(words string) bool { return strings.Contains(info, words) }
	switch {
	case status == common.Status_FORBIDDEN:
		f.Code = Forbidden
	case status == common.Status_NOT_FOUND, has("system channel is not defined"), has("channel does not exist"):
		f.Code = NotFound
	case status == common.Status_SERVICE_UNAVAILABLE:
		f.Code = Unavailable
		f.Later()
		if has("timed out") { // the leader may have got it
			f.Certain(fault.Unsure)
		}
	case has("but key is at version"), has("but it is currently at version"), has("but key does not exist"):
		f.Code = ConfigMoved
		f.Later()
	case has("not satisfied"), has("sub-policies were satisfied"):
		f.Code = PolicyUnmet
	}
	return f
}
