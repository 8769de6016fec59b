package steps

import (
	"path/filepath"
	"slices"

	"farol/state"
)

// practised are the questions that practice regions answer themselves.
var practised = []string{"consoles.url", "consoles.api_key", "consoles.api_secret", "consoles.ca_file", "ordering.file"}

// LoadRehearsal reads an answers file for practice regions: the names of the operator's own set-up, and nothing that
// belongs to the real world. What those regions answer themselves may be there or not, and nobody looks at it.
func LoadRehearsal(path string) (*Draft, error) {
	d, before, err := readAnswers(path)
	if err != nil {
		return nil, err
	}
	rehearse(&d.Setup, filepath.Dir(path))
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
	return incomplete(wrong)
}
