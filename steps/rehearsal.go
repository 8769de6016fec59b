package steps

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"farol/state"
	"farol/state/fault"
)

// practised are the questions that practice regions answer themselves.
var practised = []string{"consoles.url", "consoles.api_key", "consoles.api_secret", "consoles.ca_file", "ordering.file"}

// LoadRehearsal reads an answers file for practice regions: the names of the operator's own set-up, and nothing that
// belongs to the real world. What those regions answer themselves may be there or not, and nobody looks at it.
func LoadRehearsal(path string) (*Draft, error) {
	data, f := readable(path)
	if f != nil {
		return nil, f.Certain(fault.NotSent)
	}
	d := NewDraft()
	forgetNames(d)
	before := d.Setup
	d.Setup.Regions = nil
	if err := decode(data, &d.Setup); err != nil {
		return nil, fault.New(CodeAnswers, "path", path, "cause", masked(err)).Certain(fault.NotSent)
	}
	if len(d.Setup.Regions) == 0 {
		d.Setup.Regions = before.Regions
	}
	rehearse(&d.Setup, filepath.Dir(path))
	setHome(d, d.Setup.HomeRegion().ID)
	d.Sources = sources(d, before)
	Derive(d)
	return d, ready(d)
}

// rehearse leaves of real answers what is the same in practice.
func rehearse(s *state.Setup, base string) {
	s.Practice, s.Proxy, s.Ordering = true, "", state.Ordering{}
	for i := range s.Regions {
		s.Regions[i].Console = state.Console{}
	}
	s.Organization.StateDatabase = state.LevelDB // no other one runs there
	c := &s.Contract
	c.Sequence, c.Probe = 1, nil // the channel is new, and the sample contract runs there, which has no other function
	if c.Package == "" {
		c.Package = state.SamplePackage
	}
	if c.Package != state.SamplePackage {
		c.Package = beside(base, c.Package)
	}
}

// ready tells what is wrong with the answers that practice regions do not give.
func ready(d *Draft) error {
	wrong := Missing(d)
	for _, q := range Questions(d) {
		if slices.Contains(practised, q.Key) {
			delete(wrong, q.ID())
		}
	}
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
