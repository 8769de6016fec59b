package fabric

import (
	"cmp"
	"fmt"
	"net"
	"strconv"
	"time"

	"farol/state/fault"

	"github.com/hyperledger/fabric-config/configtx"
	"github.com/hyperledger/fabric-config/configtx/orderer"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
)

// Consenter is one orderer of a channel's Raft cluster.
type Consenter struct {
	Host       string
	Port       int
	TLSCertPEM []byte // what the other consenters know it by
}

// GenesisSpec describes a new channel.
type GenesisSpec struct {
	Channel      string
	Ordering     MSPSpec // the organization that runs the orderers
	Consenters   []Consenter
	BatchTimeout time.Duration // how long an orderer waits for more transactions before it cuts a block; 0: 200 ms
	Tick         time.Duration // Raft's clock; a leader is missed after ten ticks; 0: 500 ms, Fabric's own
	Founders     []MSPSpec     // organizations from the first block on; none: the channel is locked until the first is admitted
	Capability   string        // of the application group; empty: V2_5. Below V2_0 the channel has the legacy lifecycle
}

// Gatekeeper is the policy that leaves admissions to the ordering organization, also after the first.
const Gatekeeper = "/Channel/Orderer/Admins"

// Handover is the policy that leaves admissions to the organizations of the channel.
const Handover = configtx.AdminsPolicyKey

// ChannelGenesis makes block 0 of a channel. A channel without founders gets policies that only the ordering
// organization satisfies: with the everyday ones, 0 of 0 organizations count as enough and any stranger could read
// the channel and admit himself (fabric-wan.md 5.1).
func ChannelGenesis(s GenesisSpec) (*common.Block, error) {
	application, err := s.application()
	if err != nil {
		return nil, err
	}
	ordering, err := s.ordering()
	if err != nil {
		return nil, err
	}
	block, err := configtx.NewApplicationChannelGenesisBlock(configtx.Channel{
		Capabilities: []string{"V2_0"}, Policies: groupPolicies(""), Application: application, Orderer: ordering,
	}, s.Channel)
	if err != nil {
		return nil, fmt.Errorf("make block 0 of %s: %w", s.Channel, err)
	}
	return block, nil
}

// application is the group of the organizations that use the channel.
func (s GenesisSpec) application() (configtx.Application, error) {
	a := configtx.Application{Capabilities: []string{s.Capability}, Policies: everyday("")}
	if s.Capability == "" {
		a.Capabilities = []string{"V2_5"}
	}
	if len(s.Founders) == 0 {
		a.ModPolicy, a.Policies = Gatekeeper, locked(s.Ordering.MSPID)
		return a, nil
	}
	for _, founder := range s.Founders {
		organization, err := founder.organization()
		if err != nil {
			return a, err
		}
		a.Organizations = append(a.Organizations, organization)
	}
	return a, nil
}

// locked are the policies of a channel without members.
func locked(ordering string) map[string]configtx.Policy {
	admin := signedBy(ordering, "admin", Gatekeeper)
	return map[string]configtx.Policy{
		configtx.ReadersPolicyKey: signedBy(ordering, "member", Gatekeeper), configtx.WritersPolicyKey: admin,
		configtx.AdminsPolicyKey: admin, configtx.EndorsementPolicyKey: admin, configtx.LifecycleEndorsementPolicyKey: admin,
	}
}

// ordering is the group of the orderers.
func (s GenesisSpec) ordering() (configtx.Orderer, error) {
	organization, err := s.Ordering.organization()
	if err != nil {
		return configtx.Orderer{}, err
	}
	delete(organization.Policies, configtx.EndorsementPolicyKey)
	o := configtx.Orderer{
		OrdererType: orderer.ConsensusTypeEtcdRaft, State: orderer.ConsensusStateNormal, Capabilities: []string{"V2_0"},
		BatchTimeout: cmp.Or(s.BatchTimeout, 200*time.Millisecond),
		BatchSize:    orderer.BatchSize{MaxMessageCount: 100, AbsoluteMaxBytes: 10 << 20, PreferredMaxBytes: 2 << 20},
		Policies:     groupPolicies(""),
	}
	o.Policies[configtx.BlockValidationPolicyKey] = meta("ANY Writers", "")
	o.EtcdRaft.Options = orderer.EtcdRaftOptions{TickInterval: cmp.Or(s.Tick, 500*time.Millisecond).String(),
		ElectionTick: 10, HeartbeatTick: 1, MaxInflightBlocks: 5, SnapshotIntervalSize: 16 << 20}
	for _, c := range s.Consenters {
		cert, err := parseCertificate(c.TLSCertPEM)
		if err != nil {
			return o, fault.New(Material, "organization", s.Ordering.MSPID, "problem", "consenter").Because(err).Certain(fault.NotSent)
		}
		o.EtcdRaft.Consenters = append(o.EtcdRaft.Consenters, orderer.Consenter{
			Address: orderer.EtcdAddress{Host: c.Host, Port: c.Port}, ClientTLSCert: cert, ServerTLSCert: cert})
		organization.OrdererEndpoints = append(organization.OrdererEndpoints, net.JoinHostPort(c.Host, strconv.Itoa(c.Port)))
	}
	o.Organizations = []configtx.Organization{organization}
	return o, nil
}
