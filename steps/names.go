package steps

import (
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"farol/state/fault"
)

// The console's and Fabric's own rules (console-api.md 4; Fabric common/configtx/validator.go for channels;
// core/chaincode/lifecycle/scc.go for names and versions).
var (
	mspIDRule   = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)
	channelRule = regexp.MustCompile(`^[a-z][a-z0-9.-]*$`)
	nameRule    = regexp.MustCompile(`^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$`)
	versionRule = regexp.MustCompile(`^[A-Za-z0-9_.+-]+$`)
	enrollRule  = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	displayRule = regexp.MustCompile(`^[A-Za-z0-9][^<>` + "`" + `[:cntrl:]]*$`)
	// componentRule: lower-case letters and digits only, so that the console's id and its deployment's name are
	// the same (console-api.md 8.2); three at least.
	componentRule = regexp.MustCompile(`^[a-z][a-z0-9]{2,}$`)
)

// The most characters of names. For display names it is the limit of the console's UI (console-api.md 4).
const (
	MaxDisplayName = 30
	maxComponent   = 32
)

func checkName(v string, max int, rule *regexp.Regexp, allowed string) *fault.Fault {
	length := utf8.RuneCountInString(v)
	switch {
	case v == "":
		return fault.New(CodeRequired)
	case length > max:
		return fault.New(CodeNameTooLong, "name", v, "max", strconv.Itoa(max), "length", strconv.Itoa(length))
	case !rule.MatchString(v):
		return fault.New(CodeName, "name", v, "allowed", allowed)
	}
	return nil
}

// checkFree says that a name is taken by something else of this set-up: a console has one id for each
// component, the CA one for each identity.
func checkFree(v string, taken ...string) *fault.Fault {
	if slices.Contains(taken, v) {
		return fault.New(CodeSameName, "name", v)
	}
	return nil
}

func checkDisplayName(_ *Draft, v string) *fault.Fault {
	return checkName(v, MaxDisplayName, displayRule, "A-Z a-z 0-9")
}

func checkMSPID(_ *Draft, v string) *fault.Fault {
	if v == "." || v == ".." {
		return fault.New(CodeName, "name", v, "allowed", "A-Z a-z 0-9 . -")
	}
	return checkName(v, 250, mspIDRule, "A-Z a-z 0-9 . -")
}

func checkAdmin(d *Draft, v string) *fault.Fault {
	if f := checkName(v, 64, enrollRule, "A-Z a-z 0-9 . _ -"); f != nil {
		return f
	}
	return checkFree(v, d.Setup.Organization.Registrar)
}

func checkCA(d *Draft, v string) *fault.Fault {
	if f := checkComponent(v); f != nil {
		return f
	}
	return checkFree(v, organizationID(d.Setup.Organization.MSPID))
}

func checkPeerName(d *Draft, v string) *fault.Fault {
	if f := checkComponent(v); f != nil {
		return f
	}
	o := d.Setup.Organization
	taken := []string{o.CA, organizationID(o.MSPID), o.Admin, o.Registrar}
	own := 0 // the peer's name stands once among all
	for _, r := range d.Setup.Regions {
		if r.Peer == v {
			own++
		}
	}
	if own > 1 {
		taken = append(taken, v)
	}
	return checkFree(v, taken...)
}

func checkComponent(v string) *fault.Fault {
	return checkName(v, maxComponent, componentRule, "a-z 0-9")
}

func checkChannel(_ *Draft, v string) *fault.Fault {
	return checkName(v, 249, channelRule, "a-z 0-9 . -")
}

func checkContractName(_ *Draft, v string) *fault.Fault {
	return checkName(v, 64, nameRule, "A-Z a-z 0-9 - _")
}

func checkContractVersion(_ *Draft, v string) *fault.Fault {
	return checkName(v, 64, versionRule, "A-Z a-z 0-9 . _ + -")
}
