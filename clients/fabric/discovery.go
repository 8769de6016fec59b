package fabric

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hyperledger/fabric-protos-go-apiv2/discovery"
	"github.com/hyperledger/fabric-protos-go-apiv2/gossip"
	"google.golang.org/protobuf/proto"
)

// Member is one peer of a channel as another peer sees it. Heights lag by up to four seconds, and a peer that sees
// no other one never refreshes its own; ask Chain for the truth.
type Member struct {
	MSPID      string
	Endpoint   string // host:port
	Height     uint64
	Chaincodes []string // "name:version", in order; under the 2.x lifecycle this version is the definition's sequence
}

// Members asks a peer which peers of a channel it sees alive, itself included, in order of organization and endpoint.
func (c *Client) Members(ctx context.Context, n Node, channel string) ([]Member, error) {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	conn, err := c.conn(n)
	if err != nil {
		return nil, err
	}
	m := &marshaller{}
	payload := m.bytes(&discovery.Request{
		Authentication: &discovery.AuthInfo{ClientIdentity: c.signer.creator},
		Queries: []*discovery.Query{{Channel: channel,
			Query: &discovery.Query_PeerQuery{PeerQuery: &discovery.PeerMembershipQuery{}}}},
	})
	signature, err := c.signer.Sign(payload)
	if err != nil {
		return nil, fmt.Errorf("sign discovery request: %w", err)
	}
	answer, err := discovery.NewDiscoveryClient(conn).Discover(ctx,
		&discovery.SignedRequest{Payload: payload, Signature: signature})
	if err != nil {
		return nil, inChannel(failure(n, err), channel)
	}
	if len(answer.GetResults()) != 1 {
		return nil, garbled(n, fmt.Errorf("%d results to one query", len(answer.GetResults())))
	}
	if e := answer.GetResults()[0].GetError(); e != nil { // the SDK overlooks it
		return nil, inChannel(refusal(n, e.GetContent()), channel)
	}
	var members []Member
	for organization, peers := range answer.GetResults()[0].GetMembers().GetPeersByOrg() {
		for _, p := range peers.GetPeers() {
			one, err := member(organization, p)
			if err != nil {
				return nil, garbled(n, err)
			}
			members = append(members, one)
		}
	}
	slices.SortFunc(members, func(a, b Member) int {
		return cmp.Or(cmp.Compare(a.MSPID, b.MSPID), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	return members, nil
}

// member reads the two gossip messages that describe a peer.
func member(organization string, p *discovery.Peer) (Member, error) {
	var alive, state gossip.GossipMessage
	if err := proto.Unmarshal(p.GetMembershipInfo().GetPayload(), &alive); err != nil {
		return Member{}, fmt.Errorf("read membership: %w", err)
	}
	if err := proto.Unmarshal(p.GetStateInfo().GetPayload(), &state); err != nil {
		return Member{}, fmt.Errorf("read state: %w", err)
	}
	properties := state.GetStateInfo().GetProperties()
	m := Member{MSPID: organization, Endpoint: alive.GetAliveMsg().GetMembership().GetEndpoint(), Height: properties.GetLedgerHeight()}
	for _, contract := range properties.GetChaincodes() {
		m.Chaincodes = append(m.Chaincodes, contract.GetName()+":"+contract.GetVersion())
	}
	slices.Sort(m.Chaincodes)
	return m, nil
}
