package main

import (
	"errors"
	"os"
	"slices"
	"strings"

	"farol/clients/sandbox"
	"farol/state"
	"farol/steps"
	"farol/ui/text"
)

// rehearse reads the operator's own answers, when some were named: the regions are then those of the answers, the home
// region first.
func (p *practice) rehearse() error {
	if p.like == "" {
		return nil
	}
	if len(p.regions) > 0 {
		return p.misuse(p.app.words.Commands.Apart, "flag", "--like", "other", "--regions")
	}
	d, err := steps.LoadRehearsal(p.like)
	if err != nil {
		return err
	}
	home := d.Setup.HomeRegion().ID
	p.regions = []string{home}
	for _, r := range d.Setup.Regions {
		if r.ID != home {
			p.regions = append(p.regions, r.ID)
		}
	}
	if k := &d.Setup.Contract; k.Package != state.SamplePackage {
		pkg, err := os.ReadFile(k.Package)
		if err != nil {
			return err
		}
		if !sandbox.Runs(pkg) {
			p.standIn = text.Fill(p.app.words.Commands.StandIn, map[string]string{"path": k.Package})
			k.Package = state.SamplePackage
		}
	}
	p.rehearsal = d
	return nil
}

// draft is what the set-up begins with: the operator's own answers, or what Enter alone would give.
func (p *practice) draft() *steps.Draft {
	if p.rehearsal != nil {
		return p.rehearsal
	}
	d := steps.NewDraft()
	steps.SetRegions(d, p.regions)
	d.Setup.Practice, d.Setup.Contract.Package = true, state.SamplePackage
	return d
}

// rehearses refuses a set-up that was made with other answers than those to rehearse.
func (p *practice) rehearses(d *steps.Draft, dir string) error {
	if p.rehearsal == nil {
		return nil
	}
	f, err := state.Read(dir)
	if err != nil || steps.Same(d, f.Setup) {
		return nil // what is wrong with the set-up is said when it is opened
	}
	return p.misuse(p.app.words.Commands.OtherRehearsal, "dir", dir, "file", p.like)
}

func (p *practice) misuse(words string, pairs ...string) error {
	facts := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		facts[pairs[i]] = pairs[i+1]
	}
	return usageError{errors.New(text.Fill(words, facts))}
}

// variants says what kind of regions are wanted, and refuses what there is not.
func (p *practice) variants(o *sandbox.Options) error {
	o.Orderers, o.Consoles, o.Thin = sandbox.Layout(p.orderers), sandbox.ConsoleKind(p.consoles), p.thin
	if p.rehearsal != nil {
		o.Channel = p.rehearsal.Setup.Channel.Name
	}
	return errors.Join(
		p.app.oneOf("--orderers", p.orderers, optional(sandbox.Layouts())...),
		p.app.oneOf("--consoles", p.consoles, optional(sandbox.ConsoleKinds())...),
	)
}

// optional lists the values of a flag that need not be given.
func optional[T ~string](all []T) []string {
	out := []string{""}
	for _, one := range all {
		out = append(out, string(one))
	}
	return out
}

// notice is what to tell before the first screen, as one paragraph.
func notice(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ". ")
}
