package fabric

import (
	"slices"
	"strings"
	"testing"
	"time"

	"farol/state/fault"

	"github.com/hyperledger/fabric-config/configtx"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/orderer"
	"google.golang.org/protobuf/proto"
)

// genesisOf makes block 0 of a channel "trade" and its config.
func genesisOf(t *testing.T, change func(*GenesisSpec)) (*common.Block, *Config) {
	t.Helper()
	o := newOrg(t, "OrdererMSP")
	spec := GenesisSpec{Channel: "trade", Ordering: o.spec()}
	for _, host := range []string{"orderer1.test", "orderer2.test"} {
		spec.Consenters = append(spec.Consenters, Consenter{Host: host, Port: 7050, TLSCertPEM: o.tls.issue(host, "orderer", host).certPEM})
	}
	if change != nil {
		change(&spec)
	}
	block, err := ChannelGenesis(spec)
	if err != nil {
		t.Fatal(err)
	}
	config, err := readConfig(block)
	if err != nil {
		t.Fatal(err)
	}
	return block, config
}

// edited applies an edit and gives the config as it would become.
func edited(t *testing.T, from *Config, edit func(*configtx.ConfigTx) error) *Config {
	t.Helper()
	tx := configtx.New(from.config)
	if err := edit(&tx); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ComputeMarshaledUpdate("trade"); err != nil {
		t.Fatal(err)
	}
	return &Config{Sequence: tx.UpdatedConfig().GetSequence(), config: tx.UpdatedConfig()}
}

func TestGenesisWithoutMembersIsLocked(t *testing.T) {
	t.Parallel()
	_, config := genesisOf(t, nil)
	application := group(config.config, configtx.ApplicationGroupKey)
	if application.GetModPolicy() != Gatekeeper {
		t.Errorf("the group is kept by %q", application.GetModPolicy())
	}
	for name, policy := range application.GetPolicies() {
		if policy.GetModPolicy() != Gatekeeper || policy.GetPolicy().GetType() != int32(common.Policy_SIGNATURE) {
			t.Errorf("policy %s could be satisfied by nobody's vote", name)
		}
	}
	if len(application.GetPolicies()) != 5 || len(config.Organizations()) != 0 || config.Kind() != "current" {
		t.Errorf("policies %d, organizations %v, kind %s", len(application.GetPolicies()), config.Organizations(), config.Kind())
	}
	var endpoints []string
	for _, org := range group(config.config, configtx.OrdererGroupKey).GetGroups() {
		var addresses common.OrdererAddresses
		value(org, configtx.EndpointsKey, &addresses)
		endpoints = append(endpoints, addresses.GetAddresses()...)
		if len(fabricMSP(org).GetTlsRootCerts()) == 0 {
			t.Error("orderers without TLS authorities")
		}
	}
	if !slices.Equal(endpoints, []string{"orderer1.test:7050", "orderer2.test:7050"}) {
		t.Errorf("orderers %v", endpoints)
	}
}

func TestGenesisKeepsItsTimes(t *testing.T) {
	t.Parallel()
	_, config := genesisOf(t, func(s *GenesisSpec) { s.BatchTimeout, s.Tick = time.Second, 100*time.Millisecond })
	var batch orderer.BatchTimeout
	value(group(config.config, configtx.OrdererGroupKey), "BatchTimeout", &batch)
	var consensus orderer.ConsensusType
	value(group(config.config, configtx.OrdererGroupKey), "ConsensusType", &consensus)
	if batch.GetTimeout() != "1s" || !strings.Contains(string(consensus.GetMetadata()), "100ms") {
		t.Errorf("batch %q, consensus %q", batch.GetTimeout(), consensus.GetMetadata())
	}
}

func TestGenesisWithFoundersHasEverydayPolicies(t *testing.T) {
	t.Parallel()
	founder := newOrg(t, "FounderMSP")
	_, config := genesisOf(t, func(s *GenesisSpec) { s.Founders = []MSPSpec{founder.spec()}; s.Capability = "V1_4_2" })
	if got := config.Organizations(); !slices.Equal(got, []string{"FounderMSP"}) {
		t.Errorf("organizations %v", got)
	}
	if config.Kind() != "legacy" || !slices.Equal(config.capabilities(), []string{"V1_4_2"}) {
		t.Errorf("kind %s of %v", config.Kind(), config.capabilities())
	}
	application := group(config.config, configtx.ApplicationGroupKey)
	if application.GetModPolicy() != Handover || application.GetPolicies()["Admins"].GetPolicy().GetType() != int32(common.Policy_IMPLICIT_META) {
		t.Error("founders do not govern the channel")
	}
}

func TestAdmissionUnlocksTheChannelOnceAndForAll(t *testing.T) {
	t.Parallel()
	_, locked := genesisOf(t, nil)
	first, second := newOrg(t, "FirstMSP"), newOrg(t, "SecondMSP")
	one := edited(t, locked, AdmitOrganization(first.spec(), Gatekeeper))
	application := group(one.config, configtx.ApplicationGroupKey)
	for name, policy := range application.GetPolicies() {
		if policy.GetPolicy().GetType() != int32(common.Policy_IMPLICIT_META) || policy.GetModPolicy() != Gatekeeper {
			t.Errorf("policy %s is still locked", name)
		}
	}
	admitted, ok := one.Organization("FirstMSP")
	if !ok || !admitted.NodeOUs || !slices.EqualFunc(admitted.RootsPEM, [][]byte{first.ca.PEM}, slices.Equal) ||
		!slices.EqualFunc(admitted.TLSRootsPEM, [][]byte{first.tls.PEM}, slices.Equal) || admitted.Anchors != nil {
		t.Errorf("admitted %+v", admitted)
	}
	// The second finds policies that someone may have changed since, and leaves them alone.
	own := edited(t, one, func(c *configtx.ConfigTx) error {
		return c.Application().SetPolicy("Endorsement", meta("ANY Endorsement", Gatekeeper))
	})
	both := edited(t, own, AdmitOrganization(second.spec(), Handover))
	if got := both.Organizations(); !slices.Equal(got, []string{"FirstMSP", "SecondMSP"}) {
		t.Errorf("organizations %v", got)
	}
	before, after := group(own.config, configtx.ApplicationGroupKey), group(both.config, configtx.ApplicationGroupKey)
	if after.GetModPolicy() != Gatekeeper || !proto.Equal(before.GetPolicies()["Endorsement"].GetPolicy(), after.GetPolicies()["Endorsement"].GetPolicy()) {
		t.Error("the second admission changed policies")
	}
	tx := configtx.New(both.config)
	if err := AdmitOrganization(first.spec(), Gatekeeper)(&tx); !fault.Is(err, Exists) {
		t.Errorf("admitted twice: %v", err)
	}
}

func TestAnchorsAreAddedNotReplaced(t *testing.T) {
	t.Parallel()
	o := newOrg(t, "TraderMSP")
	_, config := genesisOf(t, func(s *GenesisSpec) { s.Founders = []MSPSpec{o.spec()} })
	config = edited(t, config, AddAnchor("TraderMSP", "peer1.test", 7051))
	config = edited(t, config, AddAnchor("TraderMSP", "peer2.test", 7051))
	if org, _ := config.Organization("TraderMSP"); !slices.Equal(org.Anchors, []string{"peer1.test:7051", "peer2.test:7051"}) {
		t.Errorf("anchors %v", org.Anchors)
	}
	if _, err := difference("trade", config, AddAnchor("TraderMSP", "peer1.test", 7051)); !fault.Is(err, NoChange) {
		t.Errorf("the same anchor again: %v", err)
	}
	if _, err := difference("trade", config, AddAnchor("NobodyMSP", "peer1.test", 7051)); !fault.Is(err, NotFound) {
		t.Errorf("an anchor of nobody: %v", err)
	}
}

func TestConfigSurvivesUnreadableParts(t *testing.T) {
	t.Parallel()
	o := newOrg(t, "TraderMSP")
	_, config := genesisOf(t, func(s *GenesisSpec) { s.Founders = []MSPSpec{o.spec()} })
	broken := proto.Clone(config.config).(*common.Config)
	for _, g := range broken.GetChannelGroup().GetGroups() {
		for _, org := range g.GetGroups() {
			for _, v := range org.GetValues() {
				v.Value = []byte{0xff}
			}
		}
	}
	c := &Config{config: broken}
	if org, ok := c.Organization("TraderMSP"); !ok || org.RootsPEM != nil {
		t.Errorf("read %+v, %v", org, ok)
	}
	for name, block := range map[string]*common.Block{
		"nil": nil, "empty": {}, "no envelope": {Data: &common.BlockData{Data: [][]byte{{0xff}}}},
		"no config": {Data: &common.BlockData{Data: [][]byte{nil}}},
	} {
		if _, err := readConfig(block); !fault.Is(err, Garbled) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestOrganizationsNeedTheirCertificates(t *testing.T) {
	t.Parallel()
	o := newOrg(t, "TraderMSP")
	for problem, change := range map[string]func(*MSPSpec){
		"roots":     func(m *MSPSpec) { m.RootsPEM = nil },
		"tls-roots": func(m *MSPSpec) { m.TLSRootsPEM = []byte("x") },
		"admins":    func(m *MSPSpec) { m.NodeOUs = false },
	} {
		spec := o.spec()
		change(&spec)
		_, err := spec.organization()
		if f, ok := fault.Of(err); !ok || f.Code != Material || f.Facts["problem"] != problem {
			t.Errorf("%s: got %v", problem, err)
		}
	}
}
