package fabric

import (
	"errors"
	"fmt"

	"farol/state/fault"

	"github.com/hyperledger/fabric-config/configtx"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
)

// AdmitOrganization makes the one edit that takes an organization into a channel. The first organization of a locked
// channel also gets the everyday policies, all in one update: keeper says who changes the group from then on,
// Gatekeeper or Handover. Later ones change no policy. An organization that is in the channel already is the fault
// Exists, because setting it again would drop its anchor peers.
//
// The update needs the config signature of whoever the channel's policies name, which for a locked channel is the
// ordering organization's admin.
func AdmitOrganization(m MSPSpec, keeper string) func(*configtx.ConfigTx) error {
	return func(c *configtx.ConfigTx) error {
		application := group(c.UpdatedConfig(), configtx.ApplicationGroupKey)
		if application == nil {
			return fault.New(Garbled).Because(errors.New("the channel has no application group"))
		}
		if _, ok := organizationKey(c.UpdatedConfig(), m.MSPID); ok {
			return fault.New(Exists, "organization", m.MSPID).Certain(fault.Refused)
		}
		organization, err := m.organization()
		if err != nil {
			return err
		}
		first := len(application.Groups) == 0
		if application.Groups == nil {
			application.Groups = map[string]*common.ConfigGroup{} // the library writes into the nil map of an empty group
		}
		if err := c.Application().SetOrganization(organization); err != nil {
			return fmt.Errorf("add organization %s: %w", m.MSPID, err)
		}
		if !first {
			return nil
		}
		for name, policy := range everyday(keeper) {
			if err := c.Application().SetPolicy(name, policy); err != nil {
				return fmt.Errorf("unlock policy %s: %w", name, err)
			}
		}
		return c.Application().SetModPolicy(keeper)
	}
}
