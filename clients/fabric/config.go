package fabric

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"

	"farol/state/fault"

	"github.com/hyperledger/fabric-config/configtx"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/msp"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
)

// Config is a channel's config as one config block holds it. It is never changed.
type Config struct {
	Sequence uint64 // counts the channel's configs
	Block    uint64 // number of the block that holds it

	config *common.Config
}

// OrgConfig is what a channel knows about one organization.
type OrgConfig struct {
	MSPID       string
	RootsPEM    [][]byte // authorities for identities, intermediate ones included
	TLSRootsPEM [][]byte // authorities for TLS, intermediate ones included
	Anchors     []string // host:port of its anchor peers
	NodeOUs     bool     // roles come from the certificates' organizational units
}

// readConfig reads the config out of a config block.
func readConfig(block *common.Block) (*Config, error) {
	bad := func(err error) (*Config, error) {
		return nil, fault.New(Garbled).Because(fmt.Errorf("read config block: %w", err))
	}
	if len(block.GetData().GetData()) != 1 {
		return bad(errors.New("it does not hold exactly one transaction"))
	}
	var (
		envelope common.Envelope
		payload  common.Payload
		config   common.ConfigEnvelope
	)
	if err := proto.Unmarshal(block.GetData().GetData()[0], &envelope); err != nil {
		return bad(err)
	}
	if err := proto.Unmarshal(envelope.GetPayload(), &payload); err != nil {
		return bad(err)
	}
	if err := proto.Unmarshal(payload.GetData(), &config); err != nil {
		return bad(err)
	}
	if config.GetConfig().GetChannelGroup() == nil {
		return bad(errors.New("it holds no config"))
	}
	return &Config{Sequence: config.GetConfig().GetSequence(), Block: block.GetHeader().GetNumber(), config: config.GetConfig()}, nil
}

// Organizations lists the MSP ids of the channel's application organizations, in order.
func (c *Config) Organizations() []string {
	var ids []string
	for name, group := range group(c.config, configtx.ApplicationGroupKey).GetGroups() {
		ids = append(ids, mspID(name, group))
	}
	slices.Sort(ids)
	return ids
}

// Organization gives what the channel knows about an application organization; false: it is not in the channel.
func (c *Config) Organization(id string) (OrgConfig, bool) {
	key, ok := organizationKey(c.config, id)
	if !ok {
		return OrgConfig{}, false
	}
	org := group(c.config, configtx.ApplicationGroupKey).GetGroups()[key]
	fabric := fabricMSP(org)
	out := OrgConfig{
		MSPID:       id,
		RootsPEM:    slices.Concat(fabric.GetRootCerts(), fabric.GetIntermediateCerts()),
		TLSRootsPEM: slices.Concat(fabric.GetTlsRootCerts(), fabric.GetTlsIntermediateCerts()),
		NodeOUs:     fabric.GetFabricNodeOus().GetEnable(),
	}
	var anchors peer.AnchorPeers
	value(org, configtx.AnchorPeersKey, &anchors)
	for _, a := range anchors.GetAnchorPeers() {
		out.Anchors = append(out.Anchors, net.JoinHostPort(a.GetHost(), strconv.Itoa(int(a.GetPort()))))
	}
	return out, true
}

// capabilities lists the application capabilities, as in "V2_5", in order.
func (c *Config) capabilities() []string {
	var capabilities common.Capabilities
	value(group(c.config, configtx.ApplicationGroupKey), configtx.CapabilitiesKey, &capabilities)
	return slices.Sorted(maps.Keys(capabilities.GetCapabilities()))
}

// Kind tells which contract lifecycle the channel has: "current" from application capability V2_0 on, else "legacy".
func (c *Config) Kind() string {
	for _, capability := range c.capabilities() {
		major, _, _ := strings.Cut(strings.TrimPrefix(capability, "V"), "_")
		if n, err := strconv.Atoi(major); err == nil && n >= 2 {
			return "current"
		}
	}
	return "legacy"
}

// group gives a group below the channel's; its readers work on nil as well.
func group(config *common.Config, key string) *common.ConfigGroup {
	return config.GetChannelGroup().GetGroups()[key]
}

// value reads a config value into out, which stays empty when the value is missing or unreadable.
func value(g *common.ConfigGroup, key string, out proto.Message) {
	if proto.Unmarshal(g.GetValues()[key].GetValue(), out) != nil {
		proto.Reset(out)
	}
}

// fabricMSP reads an organization's MSP without the library, which panics on configs that leave parts out.
func fabricMSP(org *common.ConfigGroup) *msp.FabricMSPConfig {
	var outer msp.MSPConfig
	value(org, configtx.MSPKey, &outer)
	var inner msp.FabricMSPConfig
	if proto.Unmarshal(outer.GetConfig(), &inner) != nil {
		return nil
	}
	return &inner
}

// mspID gives the MSP id of an organization's group, which usually but not always is the group's name.
func mspID(name string, org *common.ConfigGroup) string {
	if id := fabricMSP(org).GetName(); id != "" {
		return id
	}
	return name
}

// organizationKey finds the name of an application organization's group.
func organizationKey(config *common.Config, id string) (string, bool) {
	for name, org := range group(config, configtx.ApplicationGroupKey).GetGroups() {
		if mspID(name, org) == id {
			return name, true
		}
	}
	return "", false
}
