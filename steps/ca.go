package steps

import (
	"context"
	"strings"
	"time"

	"farol/clients/ca"
	"farol/clients/console"
	"farol/state/fault"
	"farol/state/secret"
	"farol/steps/engine"
)

// The two logical authorities of one CA server, as consoles name them (console-api.md 4.7).
const (
	caName    = "ca"
	tlsCAName = "tlsca"
)

// provisioned is how long an absence must last before a node is created again: the console takes a half-made
// one away by itself after an error (reliability.md 2.3).
const provisioned = 10 * time.Second

// answered is the same for calls that work at once: only the request under way has to arrive.
const answered = 2 * time.Second

func createCA(s *Session) engine.Step {
	o := s.Setup.Organization
	return engine.Step{
		ID: id(s.home(), "ca"), Row: "1.1", Stage: Home, Region: s.home(), Kind: engine.Change,
		Op: "ca.create", Target: o.CA, Needs: []string{id(s.home(), "console"), id(s.home(), "distinct")}, Settle: provisioned,
		Observe: s.healthy(s.home(), o.CA, console.KindCA, func(c *console.Component) string { return "" }),
		Act: func(ctx context.Context) error {
			pass, err := s.secret(vaultRegistrar)
			if err != nil {
				return err
			}
			_, err = s.console(s.home()).CreateCA(ctx, console.NewCA{
				ID: o.CA, DisplayName: o.Name + " CA", Registrar: o.Registrar, RegistrarSecret: pass,
			})
			return err
		},
	}
}

// healthy observes a created component until its console says that it is well. A console answers a create
// long before the node runs, so what is listed is not yet there.
func (s *Session) healthy(region, component, kind string, wrong func(*console.Component) string) observer {
	return func(ctx context.Context) (engine.Observation, error) {
		c, found, err := s.console(region).Component(ctx, component)
		switch {
		case err != nil:
			return failed(err)
		case !found:
			return s.underWay(ctx, region, component)
		case c.Type != kind:
			return differing("type", kind, c.Type)
		case c.Imported:
			return differing("location", "created in this region", "imported")
		}
		if have := wrong(c); have != "" {
			return differing("organization", s.Setup.Organization.MSPID, have)
		}
		health, err := s.console(region).Status(ctx, component)
		if err != nil {
			return failed(err)
		}
		if !health[component].OK {
			return coming("id", c.ID, "status", health[component].Status)
		}
		s.keep(region, c)
		return present("id", c.ID, "url", c.APIURL, "status", health[component].Status)
	}
}

// underWay looks for a node that the console does not list, but is making, or has lost: creating it again would
// be refused, or would leave two (console-api.md 8.4).
func (s *Session) underWay(ctx context.Context, region, component string) (engine.Observation, error) {
	deployed, err := s.console(region).Deployed(ctx)
	if err != nil {
		return failed(err)
	}
	for _, d := range deployed {
		if d.ID == component || d.Deployment == component {
			return coming("id", component, "status", "deployed, not listed by the console")
		}
	}
	return absent()
}

// secret gives the enrollment secret of an identity, making it when there is none yet. It is sealed before
// anybody else learns it.
func (s *Session) secret(name string) (secret.Secret, error) {
	return s.sealed(name+"/secret", func() (secret.Secret, error) { return secret.Random(24), nil })
}

// key gives the private key of an identity, made and sealed before it is used (reliability.md finding 8).
func (s *Session) key(name string) (secret.Secret, error) { return s.sealed(name+"/key", ca.NewKey) }

func (s *Session) sealed(name string, make func() (secret.Secret, error)) (secret.Secret, error) {
	if have, ok := s.vault.Get(name); ok {
		return have, nil
	}
	made, err := make()
	if err != nil {
		return made, err
	}
	return made, s.vault.Put(name, made)
}

func enrollRegistrar(s *Session) engine.Step {
	o := s.Setup.Organization
	return engine.Step{
		ID: id(s.home(), "ca/enroll-registrar"), Row: "1.4", Stage: Home, Region: s.home(), Kind: engine.Change,
		Op: "ca.enroll-registrar", Target: o.Registrar, Needs: []string{id(s.home(), "ca")}, Settle: answered,
		Observe: func(ctx context.Context) (engine.Observation, error) {
			registrar, ok := s.registrar()
			if !ok {
				return absent()
			}
			authority, err := s.authority(ctx, caName)
			if err != nil {
				return failed(err)
			}
			if _, _, err := authority.Identity(ctx, registrar, o.Registrar); err != nil {
				return failed(err)
			}
			return present("identity", o.Registrar, "certificate", fingerprint(registrar.CertPEM))
		},
		Act: func(ctx context.Context) error { return s.enroll(ctx, vaultRegistrar, o.Registrar) },
	}
}

// enroll gets a certificate for a sealed key and seals it too.
func (s *Session) enroll(ctx context.Context, name, enrollID string) error {
	pass, err := s.secret(name)
	if err != nil {
		return err
	}
	key, err := s.key(name)
	if err != nil {
		return err
	}
	authority, err := s.authority(ctx, caName)
	if err != nil {
		return err
	}
	e, err := authority.Enroll(ctx, enrollID, pass, key, "", nil)
	if err != nil {
		return err
	}
	if err := s.vault.Put(name+"/certificate", secret.New(e.CertPEM)); err != nil {
		return doubtful(err) // the authority has worked, whatever the vault says
	}
	return nil
}

// doubtful says of a failure of our own that it came after the far side had worked.
func doubtful(err error) error {
	f, ok := fault.Of(err)
	if !ok {
		return err
	}
	g := *f
	return g.Certain(fault.Unsure)
}

func registerAdmin(s *Session) engine.Step {
	step := s.register(s.home(), vaultAdmin, s.Setup.Organization.Admin, "admin")
	step.ID, step.Row, step.Stage, step.Op = id(s.home(), "ca/register-admin"), "1.5b", Home, "ca.register-admin"
	return step
}

func registerPeer(s *Session, region string) engine.Step {
	r, _ := s.Setup.Region(region)
	step := s.register(region, vaultPeer(region), r.Peer, "peer")
	step.ID, step.Row, step.Stage, step.Op = id(region, "ca/register-peer"), "4.1", Peers, "ca.register-peer"
	if region == s.home() {
		step.Row = "1.5a"
	}
	return step
}

// register adds an identity at the CA. The TLS CA shares its users (console-api.md 5.5), so once is enough.
func (s *Session) register(region, name, enrollID, kind string) engine.Step {
	return engine.Step{
		Region: region, Kind: engine.Change, Target: enrollID, Needs: []string{id(s.home(), "ca/enroll-registrar")}, Settle: answered,
		Observe: func(ctx context.Context) (engine.Observation, error) {
			authority, registrar, err := s.asRegistrar(ctx)
			if err != nil {
				return failed(err)
			}
			i, found, err := authority.Identity(ctx, registrar, enrollID)
			switch {
			case err != nil:
				return failed(err)
			case !found:
				return absent()
			case i.Type != kind:
				return differing("identity type", kind, i.Type)
			}
			if _, ours := s.vault.Get(name + "/secret"); !ours { // nobody could enroll it
				return differing("secret", "in the vault of this set-up", "known to somebody else")
			}
			return present("identity", i.ID, "type", i.Type)
		},
		Act: func(ctx context.Context) error {
			authority, registrar, err := s.asRegistrar(ctx)
			if err != nil {
				return err
			}
			pass, err := s.secret(name)
			if err != nil {
				return err
			}
			return authority.Register(ctx, registrar, ca.Registration{ID: enrollID, Secret: pass, Type: kind, MaxEnrollments: -1})
		},
	}
}

func (s *Session) asRegistrar(ctx context.Context) (*ca.Client, ca.Registrar, error) {
	registrar, ok := s.registrar()
	if !ok {
		return nil, registrar, fault.New(CodeNeeds, "step", id(s.home(), "ca/enroll-registrar")).Certain(fault.NotSent)
	}
	authority, err := s.authority(ctx, caName)
	return authority, registrar, err
}

func enrollAdmin(s *Session) engine.Step {
	o := s.Setup.Organization
	return engine.Step{
		ID: id(s.home(), "organization/enroll-admin"), Row: "1.6", Stage: Home, Region: s.home(), Kind: engine.Change,
		Op: "organization.enroll-admin", Target: o.Admin, Needs: []string{id(s.home(), "ca/register-admin")}, Settle: answered,
		Observe: func(ctx context.Context) (engine.Observation, error) {
			key, ok := s.vault.Get(vaultAdmin + "/key")
			if !ok {
				return absent()
			}
			if cert, ok := s.vault.Get(vaultAdmin + "/certificate"); ok {
				return present("identity", o.Admin, "certificate", fingerprint([]byte(cert.Expose())))
			}
			// The key is sealed but no certificate: was one issued before the crash?
			authority, registrar, err := s.asRegistrar(ctx)
			if err != nil {
				return failed(err)
			}
			issued, err := authority.Certificates(ctx, registrar, o.Admin)
			if err != nil {
				return failed(err)
			}
			for _, cert := range issued {
				if ca.MatchesKey(cert, key) {
					if err := s.vault.Put(vaultAdmin+"/certificate", secret.New(cert)); err != nil {
						return failed(err)
					}
					return present("identity", o.Admin, "certificate", fingerprint(cert), "found at", "the CA")
				}
			}
			return absent()
		},
		Act: func(ctx context.Context) error { return s.enroll(ctx, vaultAdmin, o.Admin) },
	}
}

// hostPort splits a node's URL as the console's create calls want it.
func hostPort(apiURL string) (host, port string) {
	_, addr, _ := strings.Cut(apiURL, "://")
	host, port, _ = strings.Cut(strings.TrimRight(addr, "/"), ":")
	if port == "" {
		port = "443"
	}
	return host, port
}
