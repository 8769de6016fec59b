package sandbox

import (
	"errors"

	"farol/clients/sandbox/binaries"
	"farol/clients/sandbox/process"
)

// identity is a user that an authority knows from the start, in the words of fabric-ca-server's configuration.
type identity struct {
	Name           string         `json:"name"`
	Pass           string         `json:"pass"`
	Type           string         `json:"type"`
	Affiliation    string         `json:"affiliation"`
	MaxEnrollments int            `json:"maxenrollments,omitempty"`
	Attrs          map[string]any `json:"attrs,omitempty"`
}

// registry is how an authority begins.
type registry struct {
	MaxEnrollments int
	Identities     []identity
}

// caNames are the two authorities of one server.
const (
	caName    = "ca"
	tlscaName = "tlsca"
)

// createCA prepares and begins a CA server. It gives the certificate that the server shows.
func (r *deployer) createCA(id string, ca, tlsca registry) (*part, []byte, error) {
	p, err := r.accept(id, process.CA)
	if err != nil {
		return nil, nil, err
	}
	n, cert, err := r.authorityNode(p, ca, tlsca)
	if err != nil {
		r.withdraw(p)
		return nil, nil, err
	}
	r.begin(p, n)
	return p, cert, nil
}

// authorityNode writes the server's folder and says how it runs.
func (r *deployer) authorityNode(p *part, ca, tlsca registry) (node, []byte, error) {
	var listen, operations string
	if err := r.d.ports.takeAll(&listen, &operations); err != nil {
		return node{}, nil, err
	}
	https, err := selfSigned(p.name)
	if err != nil {
		return node{}, nil, err
	}
	const file = "fabric-ca-server-config.yaml"
	values := map[string]any{
		"Listen": listen, "Operations": operations, "TLSCert": p.dir.in("https", "cert.pem"), "TLSKey": p.dir.in("https", "key.pem"),
		"Name": caName, "CommonName": p.id + "-" + caName, "Host": p.name, "Database": p.dir.in("users.db"),
		"MaxEnrollments": ca.MaxEnrollments, "Identities": ca.Identities,
	}
	second := map[string]any{
		"Listen": "", "Name": tlscaName, "CommonName": p.id + "-" + tlscaName, "Host": p.name, "Database": p.dir.in("users.db"),
		"MaxEnrollments": tlsca.MaxEnrollments, "Identities": tlsca.Identities,
	}
	err = errors.Join(
		write(p.dir.in("https", "cert.pem"), https.cert), write(p.dir.in("https", "key.pem"), https.key),
		settings(p.dir.in(file), file, values), settings(p.dir.in("tlsca", file), file, second),
		r.d.network.route(r.region, map[string]string{at(p.name, caPort): listen, at(p.name, operationsPort): operations}),
	)
	process := process.Spec{Name: r.process(p.id), Region: r.region, Kind: process.CA, Addr: listen,
		Exe: r.d.program(binaries.CAServer), Args: []string{"start", "--home", string(p.dir)}, Dir: string(p.dir),
		Log: r.d.dir.log(r.process(p.id)), Env: []string{r.d.network.environment(r.region, p.id)}}
	return node{spec: process, ready: serves(listen, p.name, "/cainfo", https.cert)}, https.cert, err
}
