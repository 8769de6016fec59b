package steps

import (
	"testing"

	"farol/steps/engine"

	"github.com/hyperledger/fabric-protos-go-apiv2/peer/lifecycle"
)

// approval is what the organization approved: a package at a sequence.
func approval(packageID string) *lifecycle.QueryApprovedChaincodeDefinitionResult {
	return &lifecycle.QueryApprovedChaincodeDefinitionResult{Sequence: 1, Version: "1.0",
		Source: &lifecycle.ChaincodeSource{Type: &lifecycle.ChaincodeSource_LocalPackage{LocalPackage: &lifecycle.ChaincodeSource_Local{PackageId: packageID}}}}
}

// An organization has one approved package: a peer with any other one cannot endorse, whatever our own file holds.
func TestThePackageOnEveryPeerIsTheApprovedOne(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		tor  []string
		want string // the region without it
	}{
		"everywhere": {[]string{"old:00", "basic_1.0:aa"}, ""},
		"another":    {[]string{"basic_1.0:bb"}, "ca-tor"},
		"none":       {nil, "ca-tor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			has := []string{"basic_1.0:aa"}
			_, g := withPeers(t, map[string]*standIn{
				"us-south": {installed: has, approved: approval("basic_1.0:aa")}, "us-east": {installed: has}, "ca-tor": {installed: try.tor}})
			step, _ := g.Step("all/proof/package")
			o, err := step.Observe(t.Context())
			if try.want != "" {
				if f := hasCode(t, err, CodeProof); f.Facts["region"] != try.want || f.Facts["what"] != "package" {
					t.Errorf("%+v", f)
				}
				return
			}
			if err != nil || o.Finding != engine.Present || o.Evidence["ca-tor package"] != "basic_1.0:aa" {
				t.Errorf("%+v, %v", o, err)
			}
		})
	}
}

func TestWithoutAnApprovalNoPackageIsTheRightOne(t *testing.T) {
	t.Parallel()
	for name, given := range map[string]*lifecycle.QueryApprovedChaincodeDefinitionResult{"none": nil, "of no package": {Sequence: 1}} {
		_, g := withPeers(t, map[string]*standIn{"us-south": {approved: given}, "us-east": {}, "ca-tor": {}})
		step, _ := g.Step("all/proof/package")
		_, err := step.Observe(t.Context())
		if f := hasCode(t, err, CodeProof); f.Facts["region"] != "us-south" || f.Facts["what"] != "approval" {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
