package fabric

import (
	"context"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
)

// Chain is where a peer's copy of a channel's ledger ends.
type Chain struct {
	Height   uint64 // number of blocks; the newest is Height-1
	Hash     []byte // of the newest block's header
	Previous []byte // of the header before it
}

// Channels lists the channels that a peer has joined, in order.
func (c *Client) Channels(ctx context.Context, n Node) ([]string, error) {
	var answer peer.ChannelQueryResponse
	if err := c.ask(ctx, n, readLimit, system("", "cscc", "GetChannels"), &answer); err != nil {
		return nil, err
	}
	var names []string
	for _, channel := range answer.GetChannels() {
		names = append(names, channel.GetChannelId())
	}
	slices.Sort(names)
	return names, nil
}

// Chain tells how far a peer's ledger of a channel has come.
func (c *Client) Chain(ctx context.Context, n Node, channel string) (Chain, error) {
	var answer common.BlockchainInfo
	if err := c.ask(ctx, n, readLimit, system(channel, "qscc", "GetChainInfo", []byte(channel)), &answer); err != nil {
		return Chain{}, err
	}
	if answer.GetHeight() == 0 { // what a failure looks like that was reported as success (fabric.md 3)
		return Chain{}, garbled(n, errors.New("a ledger without a block"))
	}
	return Chain{Height: answer.GetHeight(), Hash: answer.GetCurrentBlockHash(), Previous: answer.GetPreviousBlockHash()}, nil
}

// BlockHash computes the hash of one block's header from the block that a peer holds. Peers of different height
// agree when their hashes at a common number are equal, because each header holds the hash of the one before.
func (c *Client) BlockHash(ctx context.Context, n Node, channel string, number uint64) ([]byte, error) {
	var block common.Block
	what := system(channel, "qscc", "GetBlockByNumber", []byte(channel), []byte(strconv.FormatUint(number, 10)))
	if err := c.ask(ctx, n, readLimit, what, &block); err != nil {
		return nil, err
	}
	if block.GetHeader() == nil || block.GetHeader().GetNumber() != number {
		return nil, garbled(n, fmt.Errorf("not block %d", number))
	}
	return HeaderHash(block.GetHeader())
}

// HeaderHash is Fabric's block hash: SHA-256 over the header's ASN.1 form.
func HeaderHash(h *common.BlockHeader) ([]byte, error) {
	text, err := asn1.Marshal(struct {
		Number             *big.Int
		Previous, DataHash []byte
	}{new(big.Int).SetUint64(h.GetNumber()), h.GetPreviousHash(), h.GetDataHash()})
	if err != nil {
		return nil, fmt.Errorf("encode block header: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// Join makes a peer join a channel. It takes block 0, not a later config block. A peer that has joined already
// answers with the fault Exists.
func (c *Client) Join(ctx context.Context, n Node, genesis *common.Block) error {
	raw, err := proto.Marshal(genesis)
	if err != nil {
		return fmt.Errorf("encode block 0: %w", err)
	}
	join := system("", "cscc", "JoinChain", raw)
	join.kind = common.HeaderType_CONFIG
	return c.ask(ctx, n, joinLimit, join, nil)
}
