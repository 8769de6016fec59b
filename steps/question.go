// Package steps is the procedure: what is asked, what is done, in which order, and how each thing is observed.
package steps

import (
	"maps"
	"slices"

	"farol/state"
	"farol/state/fault"
	"farol/state/secret"
)

// FieldKind is how a question is asked.
type FieldKind string

// The kinds of questions.
const (
	TextField   FieldKind = "text"
	SecretField FieldKind = "secret" // masked; goes to the vault, never into the set-up
	ChoiceField FieldKind = "choice" // one of Options
	MultiField  FieldKind = "multi"  // several of Options; the value joins them with commas
	PathField   FieldKind = "path"
)

// Source says where a prefilled value came from.
type Source string

// The sources, strongest first.
const (
	FromFlag     Source = "flag"
	FromEnv      Source = "environment"
	FromAnswers  Source = "answers"
	FromDetected Source = "detected"
	FromDefault  Source = "default"
	FromTyped    Source = "typed"
)

// Screen names the screen that asks a question.
type Screen string

// The screens with questions, in order.
const (
	RegionsScreen      Screen = "regions"
	ConsolesScreen     Screen = "consoles" // once for each region
	OrganizationScreen Screen = "organization"
	ChannelScreen      Screen = "channel" // channel, ordering service, contract, mirrors
)

// Question is one thing that the operator decides. The same description feeds the form, the line
// prompt and the answers file. Title, help and example are words of ui/text under Key.
type Question struct {
	Key       string // "organization.msp_id", "consoles.url"
	Screen    Screen
	Region    string // set on the consoles screen
	Kind      FieldKind
	Options   []string // of a choice or multi question
	Permanent bool     // cannot be changed after the set-up has begun
	// Get reads the current answer out of the draft; Set writes it back, whatever it is: nothing typed is lost.
	Get func(*Draft) string
	Set func(*Draft, string)
	// Check says what is wrong with a value, or nil. It does no I/O except looking at a local file.
	Check func(*Draft, string) *fault.Fault
}

// ID tells questions of different regions apart: "consoles.url@us-east".
func (q Question) ID() string {
	if q.Region == "" {
		return q.Key
	}
	return q.Key + "@" + q.Region
}

// Draft is a set-up that is still being answered: the answers, the secrets typed with them, and where
// prefilled values came from.
type Draft struct {
	Setup   state.Setup
	Secrets Secrets
	Sources map[string]Source // by question ID
}

// Clone is a copy that may be read while the original is answered further.
func (d *Draft) Clone() *Draft {
	c := *d
	c.Setup.Regions = slices.Clone(d.Setup.Regions)
	c.Secrets, c.Sources = maps.Clone(d.Secrets), maps.Clone(d.Sources)
	return &c
}

// Secrets are the secrets of a set-up by name, as the vault keeps them.
type Secrets map[string]secret.Secret

// ConsoleSecret is the name of the API secret of a region's console.
func ConsoleSecret(region string) string { return "console/" + region + "/secret" }

// Missing lists the questions whose answers are wrong or not given, with what is wrong.
func Missing(d *Draft) map[string]*fault.Fault {
	out := map[string]*fault.Fault{}
	for _, q := range Questions(d) {
		if f := q.Check(d, q.Get(d)); f != nil {
			out[q.ID()] = f
		}
	}
	return out
}
