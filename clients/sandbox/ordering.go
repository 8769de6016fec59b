package sandbox

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"farol/clients/fabric"
	"farol/clients/sandbox/binaries"
	"farol/clients/sandbox/process"
	"farol/clients/wire"
	"farol/state/secret"
)

// The ordering service is another company's.
const (
	orderingName  = "Acme Ordering"
	orderingID    = "acmeordering" // the cluster's id, and the beginning of its nodes' ids
	orderingMSPID = "OrdererMSP"
	channelName   = "trade" // usually
)

// raftTick lets the survivors find a new leader in one to two seconds.
const raftTick = 100 * time.Millisecond

// ordering is the ordering service with its own organization.
type ordering struct {
	ca, tlsca *authority
	admin     credential // of the ordering organization, for channel configs
	client    credential // TLS of the administrator, for the orderers' own API
	nodes     []orderer
	network   wire.Network // how its administrator dials: from the home region
}

// orderer is one node of the ordering service.
type orderer struct {
	id, region, name                string
	dir                             folder
	listen, adminListen, operations string
	sign, tls                       credential
}

// newOrdering makes the organization and the nodes' papers, spread over the regions.
func newOrdering(d *daemon) (*ordering, error) {
	o := &ordering{network: wire.Network{Proxy: d.network.proxy(d.plan.Regions[0], "ordering-admin")}}
	var err error
	if o.ca, err = newAuthority("ca", orderingName); err != nil {
		return nil, err
	}
	if o.tlsca, err = newAuthority("tlsca", orderingName); err != nil {
		return nil, err
	}
	if o.admin, err = o.ca.issue("ordering-admin", "admin"); err != nil {
		return nil, err
	}
	if o.client, err = o.tlsca.issue("ordering-admin", "", "ordering-admin"+domain); err != nil {
		return nil, err
	}
	for i, region := range d.plan.Orderers.places(d.plan.Regions) {
		id := orderingID + strconv.Itoa(i+1)
		n := orderer{id: id, region: region, name: nameOf("orderer"+strconv.Itoa(i+1), region), dir: folder(d.dir.node(id))}
		if err := d.ports.takeAll(&n.listen, &n.adminListen, &n.operations); err != nil {
			return nil, err
		}
		if n.sign, err = o.ca.issue(n.name, "orderer"); err != nil {
			return nil, err
		}
		if n.tls, err = o.tlsca.issue(n.name, "", n.name); err != nil {
			return nil, err
		}
		if err := d.network.route(region, map[string]string{
			at(n.name, ordererPort): n.listen, at(n.name, ordererAdmin): n.adminListen, at(n.name, operationsPort): n.operations,
		}); err != nil {
			return nil, err
		}
		o.nodes = append(o.nodes, n)
	}
	return o, nil
}

// node writes an orderer's folder and says how it runs.
func (o *ordering) node(n orderer, d *daemon) (node, error) {
	if err := writeIdentity(n.dir, n.sign, n.tls, o.ca.pem, o.tlsca.pem); err != nil {
		return node{}, fmt.Errorf("folder of %s: %w", n.id, err)
	}
	err := settings(n.dir.in("orderer.yaml"), "orderer.yaml", map[string]string{
		"Listen": n.listen, "Admin": n.adminListen, "Operations": n.operations, "MSPID": orderingMSPID,
		"Data": n.dir.in("data"), "WAL": n.dir.in("data", "etcdraft", "wal"), "Snapshots": n.dir.in("data", "etcdraft", "snapshot"),
	})
	return node{
		spec: process.Spec{Name: n.id, Region: n.region, Kind: process.Orderer, Addr: n.listen,
			Exe: d.program(binaries.Orderer), Dir: string(n.dir), Log: d.dir.log(n.id),
			Env: []string{d.network.environment(n.region, n.id), "FABRIC_CFG_PATH=" + string(n.dir), "FABRIC_LOGGING_SPEC=info"}},
		ready: serves(n.operations, n.name, "/healthz", o.tlsca.pem),
	}, err
}

// start runs the orderers and makes the channel, which has no application organization yet.
func (o *ordering) start(ctx context.Context, d *daemon) error {
	spec := fabric.GenesisSpec{Channel: d.plan.Channel, Tick: raftTick,
		Ordering: fabric.MSPSpec{MSPID: orderingMSPID, RootsPEM: o.ca.pem, TLSRootsPEM: o.tlsca.pem, NodeOUs: true}}
	for _, n := range o.nodes {
		spec.Consenters = append(spec.Consenters, fabric.Consenter{Host: n.name, Port: ordererPort, TLSCertPEM: n.tls.cert})
	}
	genesis, err := fabric.ChannelGenesis(spec)
	if err != nil {
		return err
	}
	return each(o.nodes, func(n orderer) error {
		run, err := o.node(n, d)
		if err != nil {
			return err
		}
		if err := d.launch(ctx, run); err != nil {
			return err
		}
		return o.join(ctx, n, genesis)
	})
}

// reachable are the orderers as a member of the channel dials them.
func (o *ordering) reachable() []fabric.Node {
	var all []fabric.Node
	for _, n := range o.nodes {
		all = append(all, fabric.Node{Addr: at(n.name, ordererPort), RootsPEM: o.tlsca.pem})
	}
	return all
}

// export is the ordering service as its administrator would export it from a console: one object a node.
func (o *ordering) export() ([]byte, error) {
	type authorityPart struct {
		Name  string   `json:"name"`
		Roots []string `json:"root_certs"`
	}
	var out []map[string]any
	for i, n := range o.nodes {
		name := orderingName + "_" + strconv.Itoa(i+1)
		out = append(out, map[string]any{
			"type": "fabric-orderer", "id": n.id, "display_name": name, "name": name, "msp_id": orderingMSPID,
			"cluster_id": orderingID, "cluster_name": orderingName, "system_channel_id": "", "systemless": true,
			"api_url":        "grpcs://" + at(n.name, ordererPort),
			"osnadmin_url":   "https://" + at(n.name, ordererAdmin),
			"operations_url": "https://" + at(n.name, operationsPort),
			"grpcwp_url":     "https://" + at(n.name, webPort),
			"location":       "practice", "scheme_version": "v1", "imported": true,
			"tls_cert": b64(n.tls.cert), "tls_ca_root_cert": b64(o.tlsca.pem), "pem": b64(n.tls.cert),
			"server_tls_cert": b64(n.tls.cert), "client_tls_cert": b64(n.tls.cert),
			"msp": map[string]any{
				"ca":        authorityPart{"ca", []string{b64(o.ca.pem)}},
				"tlsca":     authorityPart{"tlsca", []string{b64(o.tlsca.pem)}},
				"component": map[string]any{"tls_cert": b64(n.tls.cert), "ecert": b64(n.sign.cert), "admin_certs": []string{}},
			},
		})
	}
	return json.MarshalIndent(out, "", "  ")
}

// signer is the ordering service's administrator.
func (o *ordering) signer() (*fabric.Signer, error) {
	return fabric.NewSigner(orderingMSPID, o.admin.cert, secret.New(o.admin.key))
}

func b64(pem []byte) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.TrimSpace(string(pem)) + "\n"))
}
