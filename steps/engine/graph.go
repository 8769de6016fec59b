package engine

import "fmt"

// Graph is the procedure in reading order: a step stands after everything it needs.
type Graph []Step

// Check proves that ids are unique, that needs exist and stand before, and that each kind has its functions.
func (g Graph) Check() error {
	seen := map[string]bool{}
	for _, s := range g {
		if seen[s.ID] {
			return fmt.Errorf("step %s stands twice", s.ID)
		}
		for _, n := range s.Needs {
			if !seen[n] {
				return fmt.Errorf("step %s needs %s, which does not stand before it", s.ID, n)
			}
		}
		switch {
		case s.Observe == nil && !s.Confirmable:
			return fmt.Errorf("step %s cannot be observed", s.ID)
		case (s.Kind == Change) != (s.Act != nil):
			return fmt.Errorf("step %s: a change acts, nothing else does", s.ID)
		case s.Confirmable && s.Kind != Gate:
			return fmt.Errorf("step %s: only gates are confirmed", s.ID)
		case s.Op == "" || s.Row == "" || s.Stage == "":
			return fmt.Errorf("step %s lacks its op, row or stage", s.ID)
		}
		seen[s.ID] = true
	}
	return nil
}

// Step finds a step by its id.
func (g Graph) Step(id string) (Step, bool) {
	for _, s := range g {
		if s.ID == id {
			return s, true
		}
	}
	return Step{}, false
}
