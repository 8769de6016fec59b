package sandbox

import (
	"context"
	"errors"

	"farol/clients/sandbox/binaries"
	"farol/clients/sandbox/consoles"
	"farol/clients/sandbox/process"
)

// identity is a user that an authority knows from the start, in the words of fabric-ca-server's configuration.
type identity struct {
	Name        string            `json:"name"`
	Pass        string            `json:"pass"`
	Type        string            `json:"type"`
	Affiliation string            `json:"affiliation"`
	Attrs       map[string]string `json:"attrs,omitempty"`
}

// caNames are the two authorities of one server.
const (
	caName    = "ca"
	tlscaName = "tlsca"
)

// caSettings is the name of an authority's configuration, and of its template.
const caSettings = "fabric-ca-server-config.yaml"

// CreateCA implements consoles.Deployer: it prepares and begins a CA server.
func (r *deployer) CreateCA(ctx context.Context, s consoles.CASpec) (consoles.Node, error) {
	p, err := r.accept(s.ID, kindCA)
	if err != nil {
		return consoles.Node{}, err
	}
	n, cert, err := r.authorityNode(p, s.CA, s.TLSCA)
	if err != nil {
		return consoles.Node{}, errors.Join(err, r.remove(ctx, p))
	}
	made := consoles.Node{ID: p.id, Kind: kindCA, APIURL: "https://" + at(p.name, caPort), OperationsURL: "https://" + at(p.name, operationsPort),
		TLSCert: cert, CAName: caName, TLSCAName: tlscaName}
	r.complete(p, made)
	r.begin(p, n)
	return made, nil
}

// identities puts an authority's users into the words of its configuration.
func identities(of consoles.Registry) []identity {
	out := []identity{}
	for _, i := range of.Identities {
		out = append(out, identity{Name: i.Name, Pass: i.Pass.Expose(), Type: i.Type, Affiliation: i.Affiliation, Attrs: i.Attrs})
	}
	return out
}

// authorityNode writes the server's folder and says how it runs.
func (r *deployer) authorityNode(p *part, ca, tlsca consoles.Registry) (node, []byte, error) {
	var listen, operations string
	if err := r.d.ports.takeAll(&listen, &operations); err != nil {
		return node{}, nil, err
	}
	https, err := selfSigned(p.name)
	if err != nil {
		return node{}, nil, err
	}
	values := map[string]any{
		"Listen": listen, "Operations": operations, "TLSCert": p.dir.in("https", "cert.pem"), "TLSKey": p.dir.in("https", "key.pem"),
		"Name": caName, "CommonName": p.id + "-" + caName, "Host": p.name, "Database": p.dir.in("users.db"),
		"MaxEnrollments": ca.MaxEnrollments, "Attempts": attempts, "Identities": identities(ca),
	}
	second := map[string]any{
		"Listen": "", "Name": tlscaName, "CommonName": p.id + "-" + tlscaName, "Host": p.name, "Database": p.dir.in("users.db"),
		"MaxEnrollments": tlsca.MaxEnrollments, "Attempts": attempts, "Identities": identities(tlsca),
	}
	err = errors.Join(
		write(p.dir.in("https", "cert.pem"), https.cert), write(p.dir.in("https", "key.pem"), https.key),
		settings(p.dir.in(caSettings), caSettings, values), settings(p.dir.in("tlsca", caSettings), caSettings, second),
		r.d.network.route(r.region, map[string]string{at(p.name, caPort): listen, at(p.name, operationsPort): operations}),
	)
	p.locks = lockable{listen: listen, cert: https.cert, identities: ca.Identities}
	process := process.Spec{Name: r.process(p.id), Region: r.region, Kind: process.CA, Addr: listen,
		Exe: r.d.program(binaries.CAServer), Args: []string{"start", "--home", string(p.dir)}, Dir: string(p.dir),
		Log: r.d.dir.log(r.process(p.id)), Env: []string{r.d.network.environment(r.region, p.id)}}
	return node{spec: process, ready: serves(listen, p.name, "/cainfo", https.cert)}, https.cert, err
}
