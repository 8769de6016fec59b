package sandbox

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"path"
	"time"

	"farol/clients/fabric"
	"farol/state/fault"
)

// admitLimit is how long the ordering service's administrator tries. After a lost region there may be no leader yet.
const admitLimit = 30 * time.Second

// organizationFile is the part of a hand-off pack that says who is to be admitted: an organization as consoles
// export it.
const organizationFile = "msp.json"

// exported is that file, as far as a channel's config needs it. Certificates are base64 of PEM.
type exported struct {
	MSPID            string   `json:"msp_id"`
	Roots            []string `json:"root_certs"`
	Intermediates    []string `json:"intermediate_certs"`
	TLSRoots         []string `json:"tls_root_certs"`
	TLSIntermediates []string `json:"tls_intermediate_certs"`
	Admins           []string `json:"admins"`
	NodeOUs          struct {
		Enable bool `json:"enable"`
	} `json:"fabric_node_ous"`
}

// readPack finds the organization in a hand-off pack.
func readPack(b []byte) (fabric.MSPSpec, error) {
	bad := func(problem string, err error) (fabric.MSPSpec, error) {
		return fabric.MSPSpec{}, fault.New(BadPack, "problem", problem).Certain(fault.NotSent).Because(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return bad("zip", err)
	}
	for _, f := range z.File {
		if path.Base(f.Name) != organizationFile {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return bad("zip", err)
		}
		defer r.Close()
		var o exported
		if err := json.NewDecoder(io.LimitReader(r, packLimit)).Decode(&o); err != nil || o.MSPID == "" {
			return bad("msp", err)
		}
		m := fabric.MSPSpec{MSPID: o.MSPID, NodeOUs: o.NodeOUs.Enable}
		for _, part := range []struct {
			into  *[]byte
			certs []string
		}{{&m.RootsPEM, o.Roots}, {&m.RootsPEM, o.Intermediates}, {&m.TLSRootsPEM, o.TLSRoots}, {&m.TLSRootsPEM, o.TLSIntermediates}, {&m.AdminsPEM, o.Admins}} {
			for _, c := range part.certs {
				pem, err := base64.StdEncoding.DecodeString(c)
				if err != nil {
					return bad("certificates", err)
				}
				*part.into = append(append(*part.into, pem...), '\n')
			}
		}
		return m, nil
	}
	return bad("msp", errors.New("the pack has no "+organizationFile))
}

// admit adds the organization of a hand-off pack to the channel. An organization that is in it already is no error.
func (d *daemon) admit(ctx context.Context, pack []byte) error {
	m, err := readPack(pack)
	if err != nil {
		return err
	}
	signer, err := d.ordering.signer()
	if err != nil {
		return err
	}
	c := fabric.New(d.ordering.network, signer)
	defer c.Close()
	ctx, cancel := context.WithTimeout(ctx, admitLimit)
	defer cancel()
	orderers := d.ordering.reachable()
	for {
		err := d.admitOnce(ctx, c, orderers, m)
		if err == nil || fault.Is(err, fabric.Exists) {
			return d.awaitMember(ctx, c, orderers, m.MSPID)
		}
		if f, ok := fault.Of(err); !ok || !f.Transient {
			return err
		}
		d.log.Info("admit", "try again after", err)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (d *daemon) admitOnce(ctx context.Context, c *fabric.Client, orderers []fabric.Node, m fabric.MSPSpec) error {
	config, err := c.Config(ctx, orderers, d.plan.Channel)
	if err != nil {
		return err
	}
	return c.UpdateConfig(ctx, orderers, d.plan.Channel, config, fabric.AdmitOrganization(m, fabric.Gatekeeper))
}

// awaitMember returns once the orderers show the organization: they accept a change before they commit it.
func (d *daemon) awaitMember(ctx context.Context, c *fabric.Client, orderers []fabric.Node, mspID string) error {
	for {
		config, err := c.Config(ctx, orderers, d.plan.Channel)
		if err == nil {
			if _, member := config.Organization(mspID); member {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
