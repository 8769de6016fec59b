package steps

import (
	"cmp"
	"strconv"
	"strings"

	"farol/clients/fabric"
	"farol/steps/engine"
)

// disagreement compares a definition on the channel with the wanted one: in everything that organizations agree on,
// and in the package where one is wanted. false: they are the same.
func disagreement(want, have fabric.Definition) (engine.Observation, bool, error) {
	same, err := want.Agrees(have)
	if err != nil {
		return engine.Observation{}, false, err
	}
	if want.PackageID == "" {
		have.PackageID = ""
	}
	if same && want.PackageID == have.PackageID {
		return engine.Observation{}, false, nil
	}
	var what, wanted, found []string
	note := func(name, w, h string) {
		if w != h {
			what, wanted, found = append(what, name), append(wanted, w), append(found, h)
		}
	}
	policy := func(d fabric.Definition) string { return cmp.Or(d.Policy, fabric.DefaultPolicy) }
	private := func(d fabric.Definition) string {
		if len(d.Collections) > 0 {
			return "some"
		}
		return "none"
	}
	note("version", want.Version, have.Version)
	note("sequence", strconv.FormatInt(want.Sequence, 10), strconv.FormatInt(have.Sequence, 10))
	note("policy", policy(want), policy(have))
	note("init-required", strconv.FormatBool(want.InitRequired), strconv.FormatBool(have.InitRequired))
	note("endorsement plugin", cmp.Or(want.Endorsing, "default"), cmp.Or(have.Endorsing, "default"))
	note("validation plugin", cmp.Or(want.Validating, "default"), cmp.Or(have.Validating, "default"))
	note("private data", private(want), private(have))
	note("package", cmp.Or(want.PackageID, "none"), cmp.Or(have.PackageID, "none"))
	if len(what) == 0 { // only the policy can differ without its words telling it
		note("policy", policy(want), "another one")
	}
	o, err := differing(strings.Join(what, ", "), strings.Join(wanted, ", "), strings.Join(found, ", "))
	return o, true, err
}
