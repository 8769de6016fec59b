package report

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"gopkg.in/yaml.v3"

	"farol/state"
	"farol/steps"
	"farol/ui/text"
)

// Summary is what programs read. Its keys are a promise (design.md section 6): they are always there, and
// what is not known is null or empty, never left out.
type Summary struct {
	Setup   Setup       `json:"setup" yaml:"setup"`
	Lineage string      `json:"lineage" yaml:"lineage"`
	Serial  int64       `json:"serial" yaml:"serial"`
	Regions []Region    `json:"regions" yaml:"regions"`
	Steps   []Step      `json:"steps" yaml:"steps"`
	Proof   steps.Proof `json:"proof" yaml:"proof"`
}

// Setup names the undertaking.
type Setup struct {
	Name         string `json:"name" yaml:"name"`
	Practice     bool   `json:"practice" yaml:"practice"`
	Organization string `json:"organization" yaml:"organization"`
	MSPID        string `json:"msp_id" yaml:"msp_id"`
	Channel      string `json:"channel" yaml:"channel"`
	Contract     string `json:"contract" yaml:"contract"`
	Version      string `json:"version" yaml:"version"`   // of the contract
	Sequence     int64  `json:"sequence" yaml:"sequence"` // of the contract's definition
}

// Region is one place. There is no key of its console here.
type Region struct {
	ID      string `json:"id" yaml:"id"`
	Home    bool   `json:"home" yaml:"home"`
	Console string `json:"console" yaml:"console"`
	Peer    string `json:"peer" yaml:"peer"`
}

// Step is where one step stands. Times are null until they are known.
type Step struct {
	ID       string            `json:"id" yaml:"id"`
	Row      string            `json:"row" yaml:"row"`
	Stage    string            `json:"stage" yaml:"stage"`
	Region   string            `json:"region" yaml:"region"`
	Status   state.Status      `json:"status" yaml:"status"`
	Attempts int               `json:"attempts" yaml:"attempts"`
	Started  *time.Time        `json:"started" yaml:"started"`
	Finished *time.Time        `json:"finished" yaml:"finished"`
	Evidence map[string]string `json:"evidence" yaml:"evidence"`
	Error    *state.Failure    `json:"error" yaml:"error"`
}

func summarize(f *state.File, proof steps.Proof) Summary {
	s := Summary{
		Setup: Setup{
			Name: f.Setup.Name, Practice: f.Setup.Practice,
			Organization: f.Setup.Organization.Name, MSPID: f.Setup.Organization.MSPID, Channel: f.Setup.Channel.Name,
			Contract: f.Setup.Contract.Name, Version: f.Setup.Contract.Version, Sequence: f.Setup.Contract.Sequence,
		},
		Lineage: f.Lineage, Serial: f.Serial, Regions: []Region{}, Steps: []Step{}, Proof: proof,
	}
	home := f.Setup.HomeRegion().ID
	for _, r := range f.Setup.Regions {
		s.Regions = append(s.Regions, Region{ID: r.ID, Home: r.ID == home, Console: r.Console.URL, Peer: r.Peer})
	}
	for _, c := range f.Steps {
		step := Step{ID: c.ID, Row: c.Row, Stage: c.Stage, Region: c.Region, Status: Known(c.Status), Attempts: c.Attempts,
			Started: when(c.Started), Finished: when(c.Finished), Evidence: c.Evidence, Error: c.Error}
		if step.Evidence == nil {
			step.Evidence = map[string]string{}
		}
		s.Steps = append(s.Steps, step)
	}
	if s.Proof.Peers == nil {
		s.Proof.Peers = []steps.PeerProof{}
	}
	if s.Proof.Risks == nil {
		s.Proof.Risks = []steps.Risk{}
	}
	return s
}

// Known keeps a status that this version knows; any other is unknown.
func Known(s state.Status) state.Status {
	switch s {
	case state.Todo, state.Doing, state.Done, state.Failed, state.Drifted, state.Skipped, state.Waiting, state.Confirmed:
		return s
	}
	return state.Unknown
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// writeJSON keeps every character: those that a terminal would obey are escaped.
func writeJSON(w io.Writer, s Summary) error {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return err
	}
	_, err := w.Write(text.InertJSON(out.Bytes()))
	return err
}

// writeYAML replaces such characters, because YAML writes them as they are.
func writeYAML(w io.Writer, s Summary) error {
	var n yaml.Node
	if err := n.Encode(s); err != nil {
		return err
	}
	calm(&n)
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(&n); err != nil {
		return err
	}
	return e.Close()
}

func calm(n *yaml.Node) {
	n.Value = text.Inert(n.Value)
	for _, c := range n.Content {
		calm(c)
	}
}
