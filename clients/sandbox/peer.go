package sandbox

import (
	"context"
	"errors"

	"farol/clients/ca"
	"farol/clients/sandbox/binaries"
	"farol/clients/sandbox/contract"
	"farol/clients/sandbox/process"
	"farol/clients/wire"
	"farol/state/secret"
)

// enrollment says where and as whom a peer gets one of its certificates.
type enrollment struct {
	Host    string
	Port    int
	Name    string // of the authority
	TLSPEM  []byte // vouches for the server
	ID      string
	Secret  secret.Secret
	SANs    []string // names besides the peer's own
	Profile string
}

// papers are what a peer runs with.
type papers struct {
	sign, tls       credential
	caRoot, tlsRoot []byte
}

// enroll gets one certificate through the region's relay, as a peer's pod would.
func (r *deployer) enroll(ctx context.Context, p *part, e enrollment) (credential, []byte, error) {
	network := wire.Network{Proxy: r.d.network.proxy(r.region, p.id)}
	client, err := network.HTTP(wire.Trust{RootsPEM: e.TLSPEM})
	if err != nil {
		return credential{}, nil, err
	}
	defer client.CloseIdleConnections()
	key, err := ca.NewKey()
	if err != nil {
		return credential{}, nil, err
	}
	got, err := ca.New("https://"+at(e.Host, e.Port), e.Name, client).Enroll(ctx, e.ID, e.Secret, key, e.Profile, e.SANs)
	if err != nil {
		return credential{}, nil, err
	}
	c := credential{cert: got.CertPEM}
	key.Reveal(func(b []byte) { c.key = append(c.key, b...) })
	return c, got.ChainPEM, nil
}

// enrollBoth gets a peer's two certificates.
func (r *deployer) enrollBoth(ctx context.Context, p *part, sign, tls enrollment) (out papers, err error) {
	tls.Profile, tls.SANs = "tls", append([]string{p.name}, tls.SANs...)
	if out.sign, out.caRoot, err = r.enroll(ctx, p, sign); err != nil {
		return out, err
	}
	out.tls, out.tlsRoot, err = r.enroll(ctx, p, tls)
	return out, err
}

// peerNode writes a peer's folder and says how it runs.
func (r *deployer) peerNode(p *part, mspID string, own papers) (node, error) {
	var listen, contractListen, operations string
	if err := r.d.ports.takeAll(&listen, &contractListen, &operations); err != nil {
		return node{}, err
	}
	name := r.process(p.id)
	r.d.contracts.add(name, r.region, p.dir)
	err := errors.Join(
		writeIdentity(p.dir, own.sign, own.tls, own.caRoot, own.tlsRoot),
		settings(p.dir.in("core.yaml"), "core.yaml", map[string]any{
			"ID": p.id, "MSPID": mspID, "Name": p.name, "Listen": listen, "ContractListen": contractListen, "Operations": operations,
			// As hosted peers do: only anchor peers tell a peer of others.
			"Bootstrap":  at(p.name, peerPort),
			"OtherPeers": max(1, len(r.d.plan.Regions)-1), "Builder": r.d.dir.builder(), "BuilderEnv": contract.BuilderEnv,
			"Snapshots": p.dir.in("data", "snapshots"),
		}),
		write(p.dir.in("tmp", "builds"), nil), // the peer unpacks packages there
		r.d.network.route(r.region, map[string]string{at(p.name, peerPort): listen, at(p.name, operationsPort): operations}),
	)
	return node{
		spec: process.Spec{Name: name, Region: r.region, Kind: process.Peer, Addr: listen,
			Exe: r.d.program(binaries.Peer), Args: []string{"node", "start"}, Dir: string(p.dir), Log: r.d.dir.log(name),
			Env: []string{r.d.network.environment(r.region, p.id), "FABRIC_CFG_PATH=" + string(p.dir), "FABRIC_LOGGING_SPEC=info",
				"TMPDIR=" + p.dir.in("tmp"), contract.BuilderEnv + "=" + p.dir.in("contracts.json")}},
		ready: serves(operations, p.name, "/healthz", own.tlsRoot),
	}, err
}
