// Package contract is the sample smart contract of the practice world, run as a service beside each peer, and
// the external builder that tells a peer where its contract listens.
package contract

import (
	"fmt"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
)

// The functions of the sample contract.
const (
	Put  = "put"  // KEY VALUE: writes, and answers the value
	Get  = "get"  // KEY: answers the value, empty when there is none
	Ping = "ping" // reads nothing and writes nothing: proves that the contract answers
)

// Metadata is what contracts written with Fabric's contract API tell of themselves. The sample tells it too, because
// it runs in the place of contracts that operators bring.
const (
	Metadata = "org.hyperledger.fabric:GetMetadata"
	metadoc  = `{"info":{"title":"Farol practice contract","version":"1.0"},"contracts":{},"components":{"schemas":{}}}`
)

// keyValue keeps text under keys in the world state. Writing the same twice is harmless, so that a client which
// does not know whether its transaction was committed may send it again.
type keyValue struct{}

// Init has nothing to prepare.
func (keyValue) Init(shim.ChaincodeStubInterface) *peer.Response { return shim.Success(nil) }

// Invoke runs one function.
func (keyValue) Invoke(stub shim.ChaincodeStubInterface) *peer.Response {
	function, args := stub.GetFunctionAndParameters()
	switch {
	case function == Ping && len(args) == 0:
		return shim.Success([]byte("pong"))
	case function == Metadata:
		return shim.Success([]byte(metadoc))
	case function == Put && len(args) == 2:
		return answer([]byte(args[1]), stub.PutState(args[0], []byte(args[1])))
	case function == Get && len(args) == 1:
		return answer(stub.GetState(args[0]))
	}
	return shim.Error(fmt.Sprintf("want %s KEY VALUE, %s KEY or %s", Put, Get, Ping))
}

func answer(value []byte, err error) *peer.Response {
	if err != nil {
		return shim.Error(err.Error())
	}
	return shim.Success(value)
}

// Serve answers as the contract with this package id on a loopback address, until the process ends.
func Serve(packageID, addr string) error {
	s := &shim.ChaincodeServer{CCID: packageID, Address: addr, CC: keyValue{}, TLSProps: shim.TLSProperties{Disabled: true}}
	return s.Start()
}
