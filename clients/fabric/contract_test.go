package fabric

import (
	"fmt"
	"os"
	"testing"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
)

// TestMain runs the tests, or, when it is started by one of them, a contract as a service.
func TestMain(m *testing.M) {
	if address := os.Getenv("FAROL_TEST_CONTRACT"); address != "" {
		server := &shim.ChaincodeServer{CCID: os.Getenv("FAROL_TEST_PACKAGE"), Address: address, CC: register{},
			TLSProps: shim.TLSProperties{Disabled: true}}
		if err := server.Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// register is the smallest contract: it keeps values under names.
type register struct{}

func (register) Init(shim.ChaincodeStubInterface) *peer.Response { return shim.Success(nil) }

func (register) Invoke(stub shim.ChaincodeStubInterface) *peer.Response {
	switch function, args := stub.GetFunctionAndParameters(); {
	case function == "put" && len(args) == 2:
		if err := stub.PutState(args[0], []byte(args[1])); err != nil {
			return shim.Error(err.Error())
		}
		return shim.Success([]byte(args[1]))
	case function == "get" && len(args) == 1:
		value, err := stub.GetState(args[0])
		if err != nil {
			return shim.Error(err.Error())
		}
		return shim.Success(value)
	}
	return shim.Error("want put NAME VALUE or get NAME")
}
