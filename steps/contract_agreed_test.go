package steps

import (
	"testing"

	"farol/steps/engine"

	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer/lifecycle"
	"google.golang.org/protobuf/proto"
)

// channelPolicy is a policy of the channel's config, as the ledger holds it.
func channelPolicy(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := proto.Marshal(&peer.ApplicationPolicy{Type: &peer.ApplicationPolicy_ChannelConfigPolicyReference{ChannelConfigPolicyReference: name}})
	must(t, err)
	return raw
}

// deploying gives a set-up of basic 1.0 at sequence 1 in home region us-south, whose peer says what a test wants.
func deploying(t *testing.T, home *standIn) (packageID string, g engine.Graph) {
	t.Helper()
	s, g := withPeers(t, map[string]*standIn{"us-south": home})
	do(t, g, "all/contract/package")
	_, packageID, err := s.packageID()
	must(t, err)
	return packageID, g
}

func TestACommittedDefinitionIsOursOnlyWhenAllOfItIs(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		committed        *lifecycle.QueryChaincodeDefinitionResult
		find             engine.Finding
		what, want, have string
	}{
		"nothing": {nil, engine.Absent, "", "", ""},
		"ours": {&lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "1.0", EndorsementPlugin: "escc", ValidationPlugin: "vscc",
			ValidationParameter: channelPolicy(t, "/Channel/Application/Endorsement")}, engine.Present, "", "", ""},
		"another version": {&lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "2.0"}, engine.Differs, "version", "1.0", "2.0"},
		"a later one":     {&lifecycle.QueryChaincodeDefinitionResult{Sequence: 2, Version: "1.0"}, engine.Differs, "sequence", "1", "2"},
		"another policy": {&lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "1.0", ValidationParameter: channelPolicy(t, "/Channel/Application/Admins")},
			engine.Differs, "policy", "/Channel/Application/Endorsement", "/Channel/Application/Admins"},
		"a policy that cannot be read": {&lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "1.0", ValidationParameter: []byte{0xff}},
			engine.Differs, "policy", "/Channel/Application/Endorsement", "another one"},
		"initialized": {&lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "1.0", InitRequired: true},
			engine.Differs, "init-required", "false", "true"},
		"another plugin": {&lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "1.0", ValidationPlugin: "mine"},
			engine.Differs, "validation plugin", "default", "mine"},
		"private data": {&lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "1.0",
			Collections: &peer.CollectionConfigPackage{Config: []*peer.CollectionConfig{{}}}}, engine.Differs, "private data", "none", "some"},
		"two things": {&lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "2.0", InitRequired: true},
			engine.Differs, "version, init-required", "1.0, false", "2.0, true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, g := deploying(t, &standIn{committed: try.committed})
			o := observe(t, g, "all/contract/commit")
			if o.Finding != try.find || o.Evidence["what"] != try.what || o.Evidence["want"] != try.want || o.Evidence["have"] != try.have {
				t.Errorf("found %+v", o)
			}
		})
	}
}

func TestAnOlderDefinitionMakesRoomForOurs(t *testing.T) {
	t.Parallel()
	s, _ := withPeers(t, map[string]*standIn{"us-south": {committed: &lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "0.9", InitRequired: true}}})
	s.Setup.Contract.Sequence = 2
	g := Graph(s)
	do(t, g, "all/contract/package")
	for _, step := range []string{"all/contract/approve", "all/contract/commit"} {
		if o := observe(t, g, step); o.Finding != engine.Absent {
			t.Errorf("%s found %+v", step, o)
		}
	}
}

func TestAnApprovalIsOursOnlyWhenAllOfItIs(t *testing.T) {
	t.Parallel()
	home := &standIn{}
	packageID, g := deploying(t, home)
	for name, try := range map[string]struct {
		change func(*lifecycle.QueryApprovedChaincodeDefinitionResult)
		what   string // empty: it is ours
	}{
		"ours":            {func(*lifecycle.QueryApprovedChaincodeDefinitionResult) {}, ""},
		"another package": {func(a *lifecycle.QueryApprovedChaincodeDefinitionResult) { a.Source = approval("basic_1.0:bb").Source }, "package"},
		"no package":      {func(a *lifecycle.QueryApprovedChaincodeDefinitionResult) { a.Source = nil }, "package"},
		"another version": {func(a *lifecycle.QueryApprovedChaincodeDefinitionResult) { a.Version = "7" }, "version"},
		"another policy": {func(a *lifecycle.QueryApprovedChaincodeDefinitionResult) {
			a.ValidationParameter = channelPolicy(t, "/Channel/Application/Admins")
		}, "policy"},
		"initialized": {func(a *lifecycle.QueryApprovedChaincodeDefinitionResult) { a.InitRequired = true }, "init-required"},
		"all of it": {func(a *lifecycle.QueryApprovedChaincodeDefinitionResult) {
			a.Source, a.Version, a.InitRequired = nil, "7", true
		}, "version, init-required, package"},
	} {
		home.approved = approval(packageID)
		try.change(home.approved)
		o := observe(t, g, "all/contract/approve")
		if try.what == "" && (o.Finding != engine.Present || o.Evidence["package"] != packageID) ||
			try.what != "" && (o.Finding != engine.Differs || o.Code == "" || o.Evidence["what"] != try.what) {
			t.Errorf("%s: found %+v", name, o)
		}
	}
}

// Fabric refuses to approve anything else at a sequence that is committed: better to say what differs, and to try nothing.
func TestNothingIsApprovedAgainstACommittedDefinition(t *testing.T) {
	t.Parallel()
	for what, committed := range map[string]*lifecycle.QueryChaincodeDefinitionResult{
		"policy":   {Sequence: 1, Version: "1.0", ValidationParameter: channelPolicy(t, "/Channel/Application/Admins")},
		"sequence": {Sequence: 2, Version: "1.0"},
		"":         {Sequence: 1, Version: "1.0"},
	} {
		_, g := deploying(t, &standIn{committed: committed})
		o := observe(t, g, "all/contract/approve")
		if what == "" && o.Finding != engine.Absent || what != "" && (o.Finding != engine.Differs || o.Evidence["what"] != what) {
			t.Errorf("%q: found %+v", what, o)
		}
	}
}
