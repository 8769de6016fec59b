package steps

import (
	"bytes"
	"errors"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"farol/clients/console"
	"farol/state"
	"farol/state/fault"
	"farol/steps/engine"

	"gopkg.in/yaml.v3"
)

// CodeMissing says that answers are missing or wrong; facts: questions.
var CodeMissing = fault.Define("steps.missing-answers")

// CodeProxySecret says that the proxy's address has a password, which farol.yaml would keep in clear; facts: host.
var CodeProxySecret = fault.Define("steps.proxy-secret")

// Begin makes a set-up out of a draft: the secrets go into a new vault, the ordering service's file is
// copied, and the answers are saved last. Before that last save there is no set-up, so a crash loses nothing
// but the typing.
func Begin(d *Draft, dir string, id state.Identity, o state.Options) (*state.Store, *state.Vault, error) {
	if err := Ready(d); err != nil {
		return nil, nil, err
	}
	if state.Exists(dir) {
		return nil, nil, fault.New(state.CodeExists, "dir", dir)
	}
	if err := absolute(d); err != nil {
		return nil, nil, err
	}
	ordering, f := readable(d.Setup.Ordering.File)
	if f != nil {
		return nil, nil, f
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fault.New(CodePath, "path", dir, "reason", reason(err)).Because(err)
	}
	vault, err := newVault(filepath.Join(dir, state.VaultName), id)
	if err != nil {
		return nil, nil, err
	}
	if err := vault.PutAll(secretsOf(d)); err != nil {
		return nil, nil, err
	}
	if err := state.WriteFile(filepath.Join(dir, OrderingCopy), ordering, 0o600); err != nil {
		return nil, nil, err
	}
	store, err := state.Create(dir, d.Setup, o)
	return store, vault, err
}

// Same tells whether a draft would make the set-up that is there already.
func Same(d *Draft, have state.Setup) bool {
	Derive(d)
	if absolute(d) != nil {
		return false
	}
	a, errA := yaml.Marshal(d.Setup)
	b, errB := yaml.Marshal(have)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// Ready tells whether every answer of a draft passes, and what is wrong with each that does not.
func Ready(d *Draft) error {
	Derive(d)
	if u, err := url.Parse(d.Setup.Proxy); err == nil && u.User != nil {
		if _, has := u.User.Password(); has {
			return fault.New(CodeProxySecret, "host", u.Host).Certain(fault.NotSent)
		}
	}
	return incomplete(Missing(d))
}

// incomplete names every answer that does not pass, and says what is wrong with each.
func incomplete(wrong map[string]*fault.Fault) error {
	if len(wrong) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(wrong))
	faults := []error{fault.New(CodeMissing, "questions", strings.Join(names, ", ")).Certain(fault.NotSent)}
	for _, n := range names {
		faults = append(faults, wrong[n].Certain(fault.NotSent).With("question", n))
	}
	return errors.Join(faults...)
}

// newVault begins a vault. One that is there without a set-up was left by a crash, or by somebody who took
// the state file away: it is kept under another name.
func newVault(path string, id state.Identity) (*state.Vault, error) {
	v, err := state.CreateVault(path, id)
	if !fault.Is(err, state.CodeVaultExists) {
		return v, err
	}
	if err := keepAside(path); err != nil {
		return nil, fault.New(CodePath, "path", path, "reason", reason(err)).Because(err)
	}
	return state.CreateVault(path, id)
}

// keepAside gives a file a name that no other file has.
func keepAside(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".left-"+time.Now().UTC().Format("20060102T150405")+"-*")
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(path, f.Name()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// secretsOf gives the secrets of the regions that are in the set-up. Those of regions that somebody dropped
// again stay in the draft, in case they come back, but are not kept.
func secretsOf(d *Draft) Secrets {
	out := Secrets{}
	for _, r := range d.Setup.Regions {
		out[ConsoleSecret(r.ID)] = d.Secrets[ConsoleSecret(r.ID)]
	}
	return out
}

// absolute makes the paths of a draft independent of the folder that Farol is started in, and forgets where
// an answers file said that the secrets are.
func absolute(d *Draft) error {
	at := []*string{&d.Setup.Ordering.File}
	if d.Setup.Contract.Package != state.SamplePackage {
		at = append(at, &d.Setup.Contract.Package)
	}
	for i := range d.Setup.Regions {
		c := &d.Setup.Regions[i].Console
		c.APISecret = state.SecretRef{}
		if c.CAFile != "" {
			at = append(at, &c.CAFile)
		}
	}
	for _, p := range at {
		abs, err := filepath.Abs(*p)
		if err != nil {
			return err
		}
		*p = abs
	}
	return nil
}

// Saved is the procedure of a saved set-up, and what people need at its gates, to look at without its vault and
// its lock. Its steps cannot run.
func Saved(f *state.File, dir string) (graph []engine.Step, gate func(step string) GateInfo) {
	s := &Session{Setup: f.Setup, opts: Options{Dir: dir}}
	if data, fault := readable(s.path(OrderingCopy)); fault == nil {
		s.orderers, _ = console.ParseOrderers(data) // a copy that cannot be read is complained of when it is used
	}
	g := Graph(s)
	return g, func(step string) GateInfo {
		st, _ := g.Step(step)
		return s.Gate(st)
	}
}

// Preview is the procedure of a draft, for people to look at before anything is saved. Its steps cannot run.
func Preview(d *Draft) ([]engine.Step, error) {
	data, f := readable(d.Setup.Ordering.File)
	if f != nil {
		return nil, f
	}
	orderers, err := console.ParseOrderers(data)
	return Graph(&Session{Setup: d.Setup, orderers: orderers}), err
}
