package steps

import (
	"context"

	"farol/steps/engine"
)

// facts are pairs of names and values, the evidence of an observation.
func facts(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func absent() (engine.Observation, error) { return engine.Observation{}, nil }

func present(pairs ...string) (engine.Observation, error) {
	return engine.Observation{Finding: engine.Present, Evidence: facts(pairs...)}, nil
}

func coming(pairs ...string) (engine.Observation, error) {
	return engine.Observation{Finding: engine.Coming, Evidence: facts(pairs...)}, nil
}

// differing says that something else is there under our name.
func differing(what, want, have string) (engine.Observation, error) {
	return engine.Observation{Finding: engine.Differs, Code: string(engine.CodeDiffers),
		Evidence: facts("what", what, "want", want, "have", have)}, nil
}

func failed(err error) (engine.Observation, error) { return engine.Observation{}, err }

type observer = func(context.Context) (engine.Observation, error)
