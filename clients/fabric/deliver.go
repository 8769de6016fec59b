package fabric

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"farol/state/fault"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/orderer"
	"google.golang.org/protobuf/proto"
)

// Genesis fetches block 0 of a channel from one of its orderers. Peers join with it.
func (c *Client) Genesis(ctx context.Context, orderers []Node, channel string) (*common.Block, error) {
	return c.fromAny(ctx, orderers, channel, func(ctx context.Context, n Node) (*common.Block, error) {
		return c.block(ctx, n, channel, numbered(0))
	})
}

// Config reads the newest config of a channel from one of its orderers. An organization that is not in the channel
// gets the fault Forbidden. An orderer shows a new config about a third of a second after it accepted it.
func (c *Client) Config(ctx context.Context, orderers []Node, channel string) (*Config, error) {
	block, err := c.fromAny(ctx, orderers, channel, func(ctx context.Context, n Node) (*common.Block, error) {
		newest, err := c.block(ctx, n, channel, &orderer.SeekPosition{Type: &orderer.SeekPosition_Newest{Newest: &orderer.SeekNewest{}}})
		if err != nil {
			return nil, err
		}
		index, err := lastConfig(newest)
		if err != nil {
			return nil, garbled(n, err)
		}
		if index == newest.GetHeader().GetNumber() {
			return newest, nil
		}
		return c.block(ctx, n, channel, numbered(index))
	})
	if err != nil {
		return nil, err
	}
	return readConfig(block)
}

// fromAny asks the orderers one after another, from a random one on, until one answers. When none does, the failure
// that tells most is given: that the channel is unknown only when every node says so.
func (c *Client) fromAny(ctx context.Context, orderers []Node, channel string, ask func(context.Context, Node) (*common.Block, error)) (*common.Block, error) {
	var told *fault.Fault
	for _, i := range rand.Perm(len(orderers)) {
		block, err := ask(ctx, orderers[i])
		if err == nil {
			return block, nil
		}
		f, ok := fault.Of(inChannel(err, channel))
		if !ok || ctx.Err() != nil {
			return nil, err // our own trouble, which another node would not cure
		}
		told = telling(told, f)
	}
	if told == nil {
		told = noOrderer(channel)
	}
	return nil, told
}

// noOrderer is what a call with an empty list of orderers ends with.
func noOrderer(channel string) *fault.Fault {
	return fault.New(Unavailable, "channel", channel).Because(errors.New("no orderer is known")).Certain(fault.NotSent)
}

func numbered(number uint64) *orderer.SeekPosition {
	return &orderer.SeekPosition{Type: &orderer.SeekPosition_Specified{Specified: &orderer.SeekSpecified{Number: number}}}
}

// block fetches one block by Deliver. Without client TLS no certificate hash is needed in the request.
func (c *Client) block(ctx context.Context, n Node, channel string, at *orderer.SeekPosition) (*common.Block, error) {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel() // ends the stream
	conn, err := c.conn(n)
	if err != nil {
		return nil, err
	}
	seek, err := c.envelope(common.HeaderType_DELIVER_SEEK_INFO, channel,
		&orderer.SeekInfo{Start: at, Stop: at, Behavior: orderer.SeekInfo_FAIL_IF_NOT_READY})
	if err != nil {
		return nil, err
	}
	stream, err := orderer.NewAtomicBroadcastClient(conn).Deliver(ctx)
	if err != nil {
		return nil, failure(n, err)
	}
	_ = stream.Send(seek) // says no more than EOF; the reason comes with the answer
	answer, err := stream.Recv()
	if err != nil {
		return nil, failure(n, err)
	}
	block := answer.GetBlock()
	if block == nil {
		return nil, answered(n, answer.GetStatus(), "")
	}
	if s := at.GetSpecified(); block.GetHeader() == nil || (s != nil && block.GetHeader().GetNumber() != s.GetNumber()) {
		return nil, garbled(n, errors.New("not the block that was asked for"))
	}
	return block, nil
}

// lastConfig tells the number of the newest config block as of a block. Since 1.4.3 it is in the metadata that the
// orderers sign, before that in a field of its own; block 0 has neither and is one itself.
func lastConfig(b *common.Block) (uint64, error) {
	if b.GetHeader().GetNumber() == 0 {
		return 0, nil
	}
	entry := func(i common.BlockMetadataIndex) ([]byte, error) {
		all := b.GetMetadata().GetMetadata()
		if int(i) >= len(all) {
			return nil, nil
		}
		var m common.Metadata
		err := proto.Unmarshal(all[i], &m)
		return m.GetValue(), err
	}
	signed, err := entry(common.BlockMetadataIndex_SIGNATURES)
	if err != nil {
		return 0, fmt.Errorf("read block metadata: %w", err)
	}
	var metadata common.OrdererBlockMetadata
	if len(signed) > 0 && proto.Unmarshal(signed, &metadata) == nil && metadata.GetLastConfig() != nil {
		return metadata.GetLastConfig().GetIndex(), nil
	}
	//lint:ignore SA1019 orderers before 2.0 write it nowhere else
	old, err := entry(common.BlockMetadataIndex_LAST_CONFIG)
	if err != nil {
		return 0, fmt.Errorf("read block metadata: %w", err)
	}
	var last common.LastConfig
	if err := proto.Unmarshal(old, &last); err != nil {
		return 0, fmt.Errorf("read last config: %w", err)
	}
	return last.GetIndex(), nil
}
