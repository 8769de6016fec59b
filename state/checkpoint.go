package state

import "time"

// Status is where a step stands. The words are those of design.md section 3.
type Status string

// Every status of a step. Waiting and Confirmed are for gates only.
const (
	Todo      Status = "todo"
	Doing     Status = "doing"
	Done      Status = "done"
	Failed    Status = "failed"
	Unknown   Status = "unknown"
	Drifted   Status = "drifted"
	Skipped   Status = "skipped"
	Waiting   Status = "waiting"
	Confirmed Status = "confirmed"
)

// Checkpoint is the recorded result of a step.
type Checkpoint struct {
	ID       string            `yaml:"id" json:"id"`
	Row      string            `yaml:"row" json:"row"` // the row of procedure.md that the step implements
	Stage    string            `yaml:"stage" json:"stage"`
	Region   string            `yaml:"region,omitempty" json:"region,omitempty"`
	Target   string            `yaml:"target,omitempty" json:"target,omitempty"` // what it was done to
	Status   Status            `yaml:"status" json:"status"`
	Attempts int               `yaml:"attempts,omitempty" json:"attempts"`
	Started  time.Time         `yaml:"started,omitempty" json:"started,omitzero"`
	Finished time.Time         `yaml:"finished,omitempty" json:"finished,omitzero"`
	Intent   *Intent           `yaml:"intent,omitempty" json:"intent,omitempty"`
	Evidence map[string]string `yaml:"evidence,omitempty" json:"evidence,omitempty"`
	Error    *Failure          `yaml:"error,omitempty" json:"error,omitempty"`
}

// Intent is the durable note "I am about to do this to that", saved before the mutation.
type Intent struct {
	Op     string    `yaml:"op" json:"op"`         // the kind of mutation: "create peer"
	Target string    `yaml:"target" json:"target"` // the id that we chose for the thing
	At     time.Time `yaml:"at" json:"at"`
}

// Failure is the safe part of an error: its code and facts; ui/text words it.
type Failure struct {
	Code  string            `yaml:"code" json:"code"`
	Facts map[string]string `yaml:"facts,omitempty" json:"facts,omitempty"`
	At    time.Time         `yaml:"at" json:"at"`
}
