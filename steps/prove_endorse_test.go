package steps

import (
	"strings"
	"testing"

	"farol/state/fault"
	"farol/steps/engine"

	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer/lifecycle"
)

// endorsing lets the peer of us-east, which knows the contract, answer a probe.
func endorsing(t *testing.T, answer *peer.ProposalResponse, probe ...string) (*standIn, func() (engine.Observation, error)) {
	t.Helper()
	p := &standIn{committed: &lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "1.0"}, contract: answer}
	s, _ := withPeers(t, map[string]*standIn{"us-east": p})
	s.Setup.Contract.Probe = probe
	step, ok := Graph(s).Step("us-east/proof/endorse")
	if !ok {
		t.Fatal("no such step")
	}
	return p, func() (engine.Observation, error) { return step.Observe(t.Context()) }
}

func TestAPeerThatSignsEndorses(t *testing.T) {
	t.Parallel()
	p, look := endorsing(t, endorsed(t, "Org1MSP"), "ReadAsset", "a1")
	o, err := look()
	if err != nil || o.Finding != engine.Present || o.Evidence["signed by"] != "Org1MSP" || o.Evidence["status"] != "200" {
		t.Errorf("%+v, %v", o, err)
	}
	if len(p.called) != 1 || p.called[0] != "ReadAsset a1" {
		t.Errorf("it was asked %q", p.called)
	}
}

// A contract that says no signs nothing: that it runs does not show that its peer can endorse.
func TestAContractThatRefusesTheProbeProvesNothing(t *testing.T) {
	t.Parallel()
	for _, status := range []int32{400, 404, 500} {
		no := says(status, "no function\x1b[31m nosuchfunction\nhere")
		no.Payload = []byte{1} // as a peer passes on what a contract says
		_, look := endorsing(t, no, "nosuchfunction", "x")
		_, err := look()
		f := hasCode(t, err, CodeProbe)
		if f.Facts["region"] != "us-east" || f.Facts["probe"] != "nosuchfunction x" || !strings.HasPrefix(f.Facts["message"], "no function") ||
			f.Certainty != fault.Refused || f.Transient {
			t.Errorf("%d: %+v", status, f)
		}
		if strings.ContainsAny(f.Facts["message"], "\x1b\n") {
			t.Errorf("a stranger's words are passed on as they are: %q", f.Facts["message"])
		}
	}
}

func TestTheSignatureOfAnotherOrganizationProvesNothing(t *testing.T) {
	t.Parallel()
	for _, other := range []string{"OtherMSP", ""} {
		_, look := endorsing(t, endorsed(t, other))
		_, err := look()
		if f := hasCode(t, err, CodeProof); f.Facts["region"] != "us-east" || f.Facts["what"] != "endorser" {
			t.Errorf("%q: %+v", other, f)
		}
	}
}

func TestAPeerThatStillReadsTheDefinitionIsWaitedFor(t *testing.T) {
	t.Parallel()
	p, look := endorsing(t, endorsed(t, "Org1MSP"))
	p.committed = nil
	if o, err := look(); err != nil || o.Finding != engine.Coming {
		t.Errorf("%+v, %v", o, err)
	}
}
