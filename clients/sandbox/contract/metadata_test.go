package contract

import (
	"encoding/json"
	"testing"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
)

// asked is a stub that knows only what was asked.
type asked struct {
	shim.ChaincodeStubInterface
	function string
}

func (a asked) GetFunctionAndParameters() (string, []string) { return a.function, nil }

// The sample stands in for the contracts that operators bring, and Farol proves those by their metadata.
func TestAnswersForItsMetadataAsContractsOfTheContractAPIDo(t *testing.T) {
	t.Parallel()
	r := keyValue{}.Invoke(asked{function: "org.hyperledger.fabric:GetMetadata"})
	var told struct {
		Info      struct{ Title, Version string }
		Contracts map[string]any
	}
	if err := json.Unmarshal(r.Payload, &told); r.Status != shim.OK || err != nil || told.Info.Title == "" || told.Contracts == nil {
		t.Errorf("status %d, %q, %s", r.Status, r.Message, r.Payload)
	}
	if r := (keyValue{}).Invoke(asked{function: "nothing"}); r.Status == shim.OK {
		t.Error("answers what it does not know")
	}
}
