package steps

import (
	"context"
	"slices"
	"strconv"

	"farol/clients/fabric"
	"farol/state"
	"farol/state/fault"
	"farol/steps/engine"
)

func (s *Session) packageFile() string {
	return s.path("contract", ComponentID(s.Setup.Contract.Name)+".tar.gz")
}

// packContract keeps the one package that every peer gets, byte for byte: an organization has one approved
// package id, so a package built again in each region would leave all but one unable to endorse
// (procedure.md 0.4).
func packContract(s *Session) engine.Step {
	step := s.file(s.packageFile(), func(context.Context) ([]byte, error) { return s.contractPackage() })
	step.ID, step.Row, step.Stage, step.Op = id(global, "contract/package"), "1.8", Deploy, "contract.package"
	return step
}

func (s *Session) contractPackage() ([]byte, error) {
	if s.Setup.Contract.Package == state.SamplePackage {
		data, _, err := fabric.PackageSample(s.Setup.Contract.Name + "_" + s.Setup.Contract.Version)
		return data, err
	}
	if kept, ok := readFile(s.packageFile()); ok {
		return kept, nil // the original may have moved since
	}
	data, f := readable(s.Setup.Contract.Package)
	if f != nil {
		return nil, f.Certain(fault.NotSent)
	}
	return data, nil
}

// packageID is the id of the kept package.
func (s *Session) packageID() (data []byte, id string, err error) {
	data, f := readable(s.packageFile())
	if f != nil {
		return nil, "", f.Certain(fault.NotSent)
	}
	p, err := fabric.PackageInfo(data)
	return data, p.ID, err
}

func installContract(s *Session, region string) engine.Step {
	row := "4.4"
	if region == s.home() {
		row = "1.8"
	}
	r, _ := s.Setup.Region(region)
	return engine.Step{
		ID: id(region, "contract/install"), Row: row, Stage: Deploy, Region: region, Kind: engine.Change,
		Op: "contract.install", Target: r.Peer, Settle: ordered,
		Needs: []string{id(region, "peer"), id(global, "contract/package")},
		Observe: func(ctx context.Context) (engine.Observation, error) {
			_, want, err := s.packageID()
			if err != nil {
				return failed(err)
			}
			ledger, peer, err := s.at(ctx, region)
			if err != nil {
				return failed(err)
			}
			installed, err := ledger.Installed(ctx, peer)
			if err != nil {
				return failed(err)
			}
			if !slices.ContainsFunc(installed, func(i fabric.Installed) bool { return i.PackageID == want }) {
				return absent()
			}
			return present("package", want)
		},
		Act: func(ctx context.Context) error {
			data, _, err := s.packageID()
			if err != nil {
				return err
			}
			ledger, peer, err := s.at(ctx, region)
			if err != nil {
				return err
			}
			_, err = ledger.Install(ctx, peer, data)
			return err
		},
	}
}

func (s *Session) definitionOf(packageID string) fabric.Definition {
	c := s.Setup.Contract
	return fabric.Definition{Name: c.Name, Version: c.Version, Sequence: c.Sequence, PackageID: packageID}
}

func approveContract(s *Session) engine.Step {
	home := s.home()
	return engine.Step{
		ID: id(global, "contract/approve"), Row: "1.16", Stage: Deploy, Kind: engine.Change,
		Op: "contract.approve", Target: s.Setup.Contract.Name, Settle: ordered,
		Needs: []string{id(home, "contract/install"), id(home, "channel/anchor")},
		Observe: func(ctx context.Context) (engine.Observation, error) {
			_, want, err := s.packageID()
			if err != nil {
				return failed(err)
			}
			ledger, peer, err := s.at(ctx, home)
			if err != nil {
				return failed(err)
			}
			c := s.Setup.Contract
			d, found, err := ledger.Approved(ctx, peer, s.Setup.Channel.Name, c.Name, c.Sequence)
			if err != nil {
				return failed(err)
			}
			if !found {
				// Nothing else can be approved at a sequence that the channel has committed.
				d, found, err := ledger.Committed(ctx, peer, s.Setup.Channel.Name, c.Name)
				if err != nil || !found || d.Sequence < c.Sequence {
					return engine.Observation{}, err
				}
				o, _, err := disagreement(s.definitionOf(""), d)
				return o, err
			}
			if o, differs, err := disagreement(s.definitionOf(want), d); err != nil || differs {
				return o, err
			}
			return present("package", d.PackageID, "sequence", strconv.FormatInt(d.Sequence, 10))
		},
		Act: func(ctx context.Context) error {
			_, packageID, err := s.packageID()
			if err != nil {
				return err
			}
			ledger, peer, err := s.at(ctx, home)
			if err != nil {
				return err
			}
			return ledger.Approve(ctx, peer, s.Setup.Channel.Name, s.definitionOf(packageID))
		},
	}
}

// commitContract commits the definition, unless the channel has it already: then approving it was all.
func commitContract(s *Session) engine.Step {
	home := s.home()
	return engine.Step{
		ID: id(global, "contract/commit"), Row: "1.16", Stage: Deploy, Kind: engine.Change,
		Op: "contract.commit", Target: s.Setup.Contract.Name, Settle: ordered,
		Needs: []string{id(global, "contract/approve")},
		Observe: func(ctx context.Context) (engine.Observation, error) {
			ledger, peer, err := s.at(ctx, home)
			if err != nil {
				return failed(err)
			}
			c := s.Setup.Contract
			d, found, err := ledger.Committed(ctx, peer, s.Setup.Channel.Name, c.Name)
			if err != nil {
				return failed(err)
			}
			if !found || d.Sequence < c.Sequence {
				return absent()
			}
			if o, differs, err := disagreement(s.definitionOf(""), d); err != nil || differs {
				return o, err
			}
			return present("version", d.Version, "sequence", strconv.FormatInt(d.Sequence, 10))
		},
		Act: func(ctx context.Context) error {
			ledger, peer, err := s.at(ctx, home)
			if err != nil {
				return err
			}
			return ledger.Commit(ctx, peer, s.Setup.Channel.Name, s.definitionOf(""))
		},
	}
}
