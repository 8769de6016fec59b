package sandbox

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"farol/clients/ca"
	"farol/clients/sandbox/binaries"
	"farol/clients/sandbox/consoles"
	"farol/clients/sandbox/contract"
	"farol/clients/sandbox/process"
	"farol/clients/wire"
)

// papers are what a peer runs with.
type papers struct {
	sign, tls       credential
	caRoot, tlsRoot []byte
}

// CreatePeer implements consoles.Deployer: it enrolls the peer, which may be refused, and begins its process. A caller
// that goes away does not stop it, as it would not stop a cluster's operator.
func (r *deployer) CreatePeer(ctx context.Context, s consoles.PeerSpec) (consoles.Node, error) {
	if s.StateDB != "leveldb" {
		return consoles.Node{}, &consoles.DeployError{Status: http.StatusBadRequest, Message: "state database " + s.StateDB + " is not available here"}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), enrollLimit)
	defer cancel()
	p, err := r.accept(s.ID, kindPeer)
	if err != nil {
		return consoles.Node{}, err
	}
	own, err := r.enrollBoth(ctx, p, s)
	if err != nil {
		_ = r.remove(ctx, p)
		return consoles.Node{}, &consoles.DeployError{Status: http.StatusInternalServerError, Cause: err.Error()}
	}
	n, err := r.peerNode(p, s, own)
	if err != nil {
		return consoles.Node{}, errors.Join(err, r.remove(ctx, p))
	}
	made := consoles.Node{ID: p.id, Kind: kindPeer, APIURL: "grpcs://" + at(p.name, peerPort), OperationsURL: "https://" + at(p.name, operationsPort),
		GRPCWebURL: "https://" + at(p.name, webPort), TLSCert: own.tls.cert, ECert: own.sign.cert,
		Roots: [][]byte{own.caRoot}, TLSRoots: [][]byte{own.tlsRoot}, StateDB: s.StateDB}
	r.complete(p, made)
	r.begin(p, n)
	return made, nil
}

// enrollLimit bounds what a peer needs from its authorities before it is accepted.
const enrollLimit = time.Minute

// enrollBoth gets a peer's two certificates, at the same time.
func (r *deployer) enrollBoth(ctx context.Context, p *part, s consoles.PeerSpec) (out papers, err error) {
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() (err error) { out.sign, out.caRoot, err = r.enroll(ctx, p, s.CA, "", nil); return err })
	both.Go(func() (err error) {
		out.tls, out.tlsRoot, err = r.enroll(ctx, p, s.TLSCA, "tls", append([]string{p.name}, s.TLSCA.CSRHosts...))
		return err
	})
	return out, both.Wait()
}

// enroll gets one certificate through the region's relay, as a peer's pod would.
func (r *deployer) enroll(ctx context.Context, p *part, e consoles.Enrollment, profile string, hosts []string) (credential, []byte, error) {
	network := wire.Network{Proxy: r.d.network.proxy(r.region, p.id)}
	client, err := network.HTTP(wire.Trust{RootsPEM: e.TLSCertPEM})
	if err != nil {
		return credential{}, nil, err
	}
	defer client.CloseIdleConnections()
	key, err := ca.NewKey()
	if err != nil {
		return credential{}, nil, err
	}
	got, err := ca.New("https://"+at(e.Host, e.Port), e.Name, client).Enroll(ctx, e.EnrollID, e.EnrollSecret, key, profile, hosts)
	if err != nil {
		return credential{}, nil, err
	}
	c := credential{cert: got.CertPEM}
	key.Reveal(func(b []byte) { c.key = append(c.key, b...) })
	return c, got.ChainPEM, nil
}

// peerNode writes a peer's folder and says how it runs.
func (r *deployer) peerNode(p *part, s consoles.PeerSpec, own papers) (node, error) {
	var listen, contractListen, operations string
	if err := r.d.ports.takeAll(&listen, &contractListen, &operations); err != nil {
		return node{}, err
	}
	name := r.process(p.id)
	r.d.contracts.add(name, r.region, p.dir)
	err := errors.Join(
		writeIdentity(p.dir, own.sign, own.tls, own.caRoot, own.tlsRoot),
		settings(p.dir.in("core.yaml"), "core.yaml", map[string]any{
			"ID": p.id, "MSPID": s.MSPID, "Name": p.name, "Listen": listen, "ContractListen": contractListen, "Operations": operations,
			// As hosted peers do: only anchor peers tell a peer of others.
			"Bootstrap":  at(p.name, peerPort),
			"OtherPeers": max(1, len(r.d.plan.Regions)-1), "Builder": r.d.dir.builder(), "BuilderEnv": contract.BuilderEnv,
			"Snapshots": p.dir.in("data", "snapshots"),
		}),
		write(p.dir.in("tmp", "builds"), nil), // the peer unpacks packages there
		r.d.network.route(r.region, map[string]string{at(p.name, peerPort): listen, at(p.name, operationsPort): operations}),
	)
	for i, cert := range s.AdminCerts {
		err = errors.Join(err, write(p.dir.in("msp", "admincerts", strconv.Itoa(i)+".pem"), cert))
	}
	return node{
		spec: process.Spec{Name: name, Region: r.region, Kind: process.Peer, Addr: listen,
			Exe: r.d.program(binaries.Peer), Args: []string{"node", "start"}, Dir: string(p.dir), Log: r.d.dir.log(name),
			Env: []string{r.d.network.environment(r.region, p.id), "FABRIC_CFG_PATH=" + string(p.dir), "FABRIC_LOGGING_SPEC=info",
				"TMPDIR=" + p.dir.in("tmp"), contract.BuilderEnv + "=" + p.dir.in("contracts.json")}},
		ready: serves(operations, p.name, "/healthz", own.tlsRoot),
	}, err
}
