package fabric

import (
	"farol/state/fault"

	"github.com/hyperledger/fabric-config/configtx"
)

// AddAnchor makes the edit that adds an anchor peer to an organization. Anchors that are there stay, and one that is
// there already makes the update end with NoChange. The organization's admin alone may sign it.
func AddAnchor(mspID, host string, port int) func(*configtx.ConfigTx) error {
	return func(c *configtx.ConfigTx) error {
		key, ok := organizationKey(c.UpdatedConfig(), mspID)
		if !ok {
			return fault.New(NotFound, "organization", mspID).Certain(fault.Refused)
		}
		return c.Application().Organization(key).AddAnchorPeer(configtx.Address{Host: host, Port: port})
	}
}
