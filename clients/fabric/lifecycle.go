package fabric

import (
	"context"
	"fmt"
	"strings"

	"farol/state/fault"

	"github.com/hyperledger/fabric-protos-go-apiv2/peer/lifecycle"
	"google.golang.org/protobuf/proto"
)

// Installed is one contract package on one peer.
type Installed struct {
	PackageID string
	Label     string
}

// lifecycleCall makes a call to a function of the 2.x lifecycle.
func lifecycleCall(channel, function string, args proto.Message) (call, error) {
	raw, err := proto.Marshal(args)
	if err != nil {
		return call{}, fmt.Errorf("encode %s: %w", function, err)
	}
	return system(channel, "_lifecycle", function, raw), nil
}

// Installed lists the contract packages on a peer.
func (c *Client) Installed(ctx context.Context, n Node) ([]Installed, error) {
	query, err := lifecycleCall("", "QueryInstalledChaincodes", &lifecycle.QueryInstalledChaincodesArgs{})
	if err != nil {
		return nil, err
	}
	var answer lifecycle.QueryInstalledChaincodesResult
	if err := c.ask(ctx, n, readLimit, query, &answer); err != nil {
		return nil, err
	}
	var list []Installed
	for _, one := range answer.GetInstalledChaincodes() {
		list = append(list, Installed{PackageID: one.GetPackageId(), Label: one.GetLabel()})
	}
	return list, nil
}

// Install puts a package on a peer and gives its package ID. A peer that has it already answers with the fault Exists.
func (c *Client) Install(ctx context.Context, n Node, pkg []byte) (string, error) {
	install, err := lifecycleCall("", "InstallChaincode", &lifecycle.InstallChaincodeArgs{ChaincodeInstallPackage: pkg})
	if err != nil {
		return "", err
	}
	var answer lifecycle.InstallChaincodeResult
	if err := c.ask(ctx, n, installLimit, install, &answer); err != nil {
		return "", err
	}
	return answer.GetPackageId(), nil
}

// Approved gives what the peer's organization approved for a contract at a sequence; false: nothing. The approval
// is private data of the organization, so a peer that did not take part may learn of it up to a minute later.
func (c *Client) Approved(ctx context.Context, n Node, channel, name string, sequence int64) (Definition, bool, error) {
	query, err := lifecycleCall(channel, "QueryApprovedChaincodeDefinition",
		&lifecycle.QueryApprovedChaincodeDefinitionArgs{Name: name, Sequence: sequence})
	if err != nil {
		return Definition{}, false, err
	}
	var answer lifecycle.QueryApprovedChaincodeDefinitionResult
	if err := c.ask(ctx, n, readLimit, query, &answer); err != nil {
		return absent(err, "could not fetch approved chaincode definition")
	}
	if answer.GetSequence() == 0 {
		return Definition{}, false, garbled(n, fmt.Errorf("an approval of %s without a sequence", name))
	}
	d, err := read(name, &answer)
	if err != nil {
		return Definition{}, false, garbled(n, err)
	}
	d.PackageID = answer.GetSource().GetLocalPackage().GetPackageId()
	return d, true, nil
}

// Committed gives the definition of a contract that a channel agreed on; false: none yet.
func (c *Client) Committed(ctx context.Context, n Node, channel, name string) (Definition, bool, error) {
	query, err := lifecycleCall(channel, "QueryChaincodeDefinition", &lifecycle.QueryChaincodeDefinitionArgs{Name: name})
	if err != nil {
		return Definition{}, false, err
	}
	var answer lifecycle.QueryChaincodeDefinitionResult
	if err := c.ask(ctx, n, readLimit, query, &answer); err != nil {
		return absent(err, "namespace "+name+" is not defined")
	}
	if answer.GetSequence() == 0 {
		return Definition{}, false, garbled(n, fmt.Errorf("a definition of %s without a sequence", name))
	}
	d, err := read(name, &answer)
	if err != nil {
		return Definition{}, false, garbled(n, err)
	}
	return d, true, nil
}

// absent turns the peer's words for "there is none" into that.
func absent(err error, words string) (Definition, bool, error) {
	if f, ok := fault.Of(err); ok && f.Code == Rejected && strings.Contains(f.Facts["detail"], words) {
		return Definition{}, false, nil
	}
	return Definition{}, false, err
}

// Approve approves a definition for the client's organization. To approve again the same that is not committed yet
// answers with the fault Exists; to approve the committed one again succeeds and adds a block, so look first.
func (c *Client) Approve(ctx context.Context, n Node, channel string, d Definition) error {
	parameter, collections, err := d.agreed()
	if err != nil {
		return err
	}
	source := &lifecycle.ChaincodeSource{Type: &lifecycle.ChaincodeSource_Unavailable_{Unavailable: &lifecycle.ChaincodeSource_Unavailable{}}}
	if d.PackageID != "" {
		source.Type = &lifecycle.ChaincodeSource_LocalPackage{LocalPackage: &lifecycle.ChaincodeSource_Local{PackageId: d.PackageID}}
	}
	return c.define(ctx, n, channel, "ApproveChaincodeDefinitionForMyOrg", &lifecycle.ApproveChaincodeDefinitionForMyOrgArgs{
		Name: d.Name, Version: d.Version, Sequence: d.Sequence, InitRequired: d.InitRequired,
		EndorsementPlugin: d.Endorsing, ValidationPlugin: d.Validating,
		ValidationParameter: parameter, Collections: collections, Source: source,
	}, c.signer.mspID)
}

// Commit commits a definition that enough organizations approved. A sequence that is committed already answers with
// the fault SequenceTaken.
func (c *Client) Commit(ctx context.Context, n Node, channel string, d Definition) error {
	parameter, collections, err := d.agreed()
	if err != nil {
		return err
	}
	return c.define(ctx, n, channel, "CommitChaincodeDefinition", &lifecycle.CommitChaincodeDefinitionArgs{
		Name: d.Name, Version: d.Version, Sequence: d.Sequence, InitRequired: d.InitRequired,
		EndorsementPlugin: d.Endorsing, ValidationPlugin: d.Validating,
		ValidationParameter: parameter, Collections: collections,
	})
}

// define submits a lifecycle transaction, endorsed by the given organizations or by as many as its policy wants.
func (c *Client) define(ctx context.Context, n Node, channel, function string, args proto.Message, organizations ...string) error {
	raw, err := proto.Marshal(args)
	if err != nil {
		return fmt.Errorf("encode %s: %w", function, err)
	}
	_, err = c.submit(ctx, n, channel, "_lifecycle", function, [][]byte{raw}, organizations)
	return err
}
