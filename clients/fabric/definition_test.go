package fabric

import (
	"testing"

	"farol/state/fault"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer/lifecycle"
	"google.golang.org/protobuf/proto"
)

func TestPoliciesReadBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for written, back := range map[string]string{
		"":                                      "",
		DefaultPolicy:                           "",
		"/Channel/Application/Admins":           "/Channel/Application/Admins",
		"OR('A.peer', 'B.peer')":                "OR('A.peer', 'B.peer')",
		"AND('A.peer', OR('B.peer','C.admin'))": "AND('A.peer', OR('B.peer', 'C.admin'))",
		"OutOf(2, 'A.peer', 'B.peer', 'C.client')": "OutOf(2, 'A.peer', 'B.peer', 'C.client')",
	} {
		d := Definition{Policy: written}
		parameter, err := d.parameter()
		if err != nil {
			t.Errorf("%q: %v", written, err)
			continue
		}
		if got := describe(parameter); got != back {
			t.Errorf("%q reads back as %q", written, got)
		}
		same, err := d.Agrees(Definition{Parameter: parameter})
		if err != nil || !same {
			t.Errorf("%q does not agree with itself: %v", written, err)
		}
	}
}

func TestUnreadablePolicyIsNamed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"OR(", "everybody", "OR('A.king')", "2"} {
		if _, err := (Definition{Policy: text}).Agrees(Definition{}); !fault.Is(err, PolicyText) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestStrangePoliciesDoNotPanic(t *testing.T) {
	t.Parallel()
	raw, err := proto.Marshal(&peer.ApplicationPolicy{Type: &peer.ApplicationPolicy_SignaturePolicy{
		SignaturePolicy: &common.SignaturePolicyEnvelope{Rule: &common.SignaturePolicy{Type: &common.SignaturePolicy_SignedBy{SignedBy: 9}}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := describe(raw); got != "?" {
		t.Errorf("got %q", got)
	}
	if got := describe([]byte{0xff}); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestDefinitionsDifferInWhatOrganizationsAgreeOn(t *testing.T) {
	t.Parallel()
	base := Definition{Name: "c", Version: "1", Sequence: 1, PackageID: "x"}
	if same, err := base.Agrees(Definition{Name: "c", Version: "1", Sequence: 1, PackageID: "y"}); err != nil || !same {
		t.Error("the package is each organization's own choice")
	}
	for name, change := range map[string]func(*Definition){
		"version":     func(d *Definition) { d.Version = "2" },
		"sequence":    func(d *Definition) { d.Sequence = 2 },
		"policy":      func(d *Definition) { d.Policy = "OR('A.peer')" },
		"collections": func(d *Definition) { d.Collections = []byte{1} },
		"init":        func(d *Definition) { d.InitRequired = true },
		"plugin":      func(d *Definition) { d.Validating = "own" },
	} {
		other := base
		change(&other)
		if same, err := base.Agrees(other); err != nil || same {
			t.Errorf("%s makes no difference (%v)", name, err)
		}
	}
}

func TestADefinitionWithoutAPolicyHasTheDefaultOne(t *testing.T) {
	t.Parallel()
	d, err := read("x", &lifecycle.QueryChaincodeDefinitionResult{Sequence: 1, Version: "1"})
	if err != nil || d.Policy != "" {
		t.Errorf("%+v, %v", d, err)
	}
	if same, err := d.Agrees(Definition{Name: "x", Sequence: 1, Version: "1"}); err != nil || !same {
		t.Errorf("it agrees %v, %v", same, err)
	}
}
