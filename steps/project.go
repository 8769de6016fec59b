package steps

import (
	"context"
	"errors"

	"farol/clients/wire"
	"farol/state"
	"farol/steps/engine"
)

// Project is a set-up that is being worked on: its answers, its vault, and the run of its procedure.
type Project struct {
	store   *state.Store
	session *Session
	run     *engine.Run
	who     string
}

// ProjectOptions say who works on a project, and let tests look in.
type ProjectOptions struct {
	Who          string // the person, as recorded in confirmations: "maria@bastion-1"
	Network      wire.Network
	Owner        state.Identity // of the vault
	Instructions func(HandOff) []byte
	Engine       engine.Options
}

// NewProject takes over an open set-up and its vault.
func NewProject(store *state.Store, v Vault, o ProjectOptions) (*Project, error) {
	s, err := NewSession(store.File().Setup, v, Options{Dir: store.Dir(), Network: o.Network, Owner: o.Owner, Instructions: o.Instructions})
	if err != nil {
		return nil, err
	}
	run, err := engine.New(Graph(s), store, o.Engine)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.standing = func(step string) state.Status { return run.Checkpoints()[step].Status }
	p := &Project{store: store, session: s, run: run, who: o.Who}
	if err := p.tidy(); err != nil { // a crash may have come before it
		return nil, errors.Join(err, s.Close())
	}
	return p, nil
}

// tidy takes away what no open gate needs any more.
func (p *Project) tidy() error {
	var faults []error
	for _, s := range p.run.Steps() {
		if p.session.isOver(s.ID) {
			faults = append(faults, p.session.Closed(s))
		}
	}
	return errors.Join(faults...)
}

// Setup gives the answers.
func (p *Project) Setup() state.Setup { return p.session.Setup }

// Dir is the set-up's folder.
func (p *Project) Dir() string { return p.store.Dir() }

// File is what is saved.
func (p *Project) File() state.File { return p.store.File() }

// Steps gives the graph in order.
func (p *Project) Steps() []engine.Step { return p.run.Steps() }

// Checkpoints tells where every step stands.
func (p *Project) Checkpoints() map[string]state.Checkpoint { return p.run.Checkpoints() }

// Run goes on until nothing moves any more.
func (p *Project) Run(ctx context.Context, to engine.Reporter) error { return p.run.Go(ctx, to) }

// Confirm records that a person did a gate's work, and tidies up after it.
func (p *Project) Confirm(step string) error {
	return errors.Join(p.run.Confirm(step, p.who), p.tidy())
}

// Decide records what a person wants done with a failed or doubtful step, or a gate, and tidies up after it.
func (p *Project) Decide(step string, d engine.Decision) error {
	return errors.Join(p.run.Decide(step, d, p.who), p.tidy())
}

// Nudge makes everything that waits look again at once.
func (p *Project) Nudge() { p.run.Nudge() }

// Proof reads the proof out of the checkpoints.
func (p *Project) Proof() Proof {
	f := p.store.File()
	return ProofOf(f.Setup, f.Steps)
}

// Gate tells what a person needs at a gate.
func (p *Project) Gate(step string) GateInfo {
	s, _ := engine.Graph(p.run.Steps()).Step(step)
	return p.session.Gate(s)
}

// Close ends the connections and gives the lock back.
func (p *Project) Close() error { return errors.Join(p.session.Close(), p.store.Close()) }
