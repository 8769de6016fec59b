package consoles

import (
	"context"
	"encoding/json"
	"slices"
)

// ask asks a node once whether it is well, and what it says, if the deployer passes that on.
func (c *Console) ask(ctx context.Context, url string) (map[string]any, error) {
	teller, can := c.o.Deployer.(Teller)
	if !can {
		return nil, c.o.Deployer.Healthy(ctx, url)
	}
	b, err := teller.Tell(ctx, url)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	_ = json.Unmarshal(b, &out) // nil when it is no object
	return out, nil
}

// addCAAttrs adds what a CA says of itself, and which CA stands behind an MSP (query ca_attrs=included).
func (c *Console) addCAAttrs(ctx context.Context, d document) {
	switch d.text("type") {
	case kindCA:
		for k, v := range c.cainfo(ctx, d) {
			d[k] = v
		}
	case kindMSP:
		d["issued_by_ca_id"] = c.issuer(ctx, d)
	}
}

func (c *Console) cainfo(ctx context.Context, d document) map[string]any {
	ctx, cancel := context.WithTimeout(ctx, statusTime)
	defer cancel()
	said, _ := c.ask(ctx, d.text("api_url")+"/cainfo")
	out := map[string]any{}
	for ours, theirs := range map[string]string{"root_cert": "CAChain", "fabric_version": "Version", "issuer_public_key": "IssuerPublicKey"} {
		if v, is := at(said, "result."+theirs); is {
			out[ours] = v
		}
	}
	return out
}

// issuer finds the CA whose root an MSP has.
func (c *Console) issuer(ctx context.Context, msp document) string {
	roots, _ := msp["root_certs"].([]any)
	for _, d := range c.store.list(func(d document) bool { return d.text("type") == kindCA }) {
		known, _ := at(d, "msp.ca.root_certs")
		list, _ := known.([]any)
		if said := c.cainfo(ctx, d)["root_cert"]; said != nil {
			list = append(slices.Clone(list), said)
		}
		for _, root := range list {
			if slices.Contains(roots, root) {
				return d.text("id")
			}
		}
	}
	return "unknown"
}
