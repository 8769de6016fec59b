package steps

import (
	"crypto/x509"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"farol/clients/console"
	"farol/clients/fabric"
	"farol/state"
	"farol/state/fault"
	"farol/steps/region"
)

// Codes of wrong answers.
var (
	CodeRequired      = fault.Define("steps.required")
	CodeNameTooLong   = fault.Define("steps.name-too-long")  // facts: name, max
	CodeName          = fault.Define("steps.name")           // facts: name, allowed
	CodeRegionsCount  = fault.Define("steps.regions-count")  // facts: have, min, max
	CodeUnknownRegion = fault.Define("steps.unknown-region") // facts: region
	CodeChoice        = fault.Define("steps.choice")         // facts: value, options
	CodeURL           = fault.Define("steps.url")            // facts: value
	CodePath          = fault.Define("steps.path")           // facts: path, reason
	CodeSameConsole   = fault.Define("steps.same-console")   // facts: a, b: two regions
	CodeSameName      = fault.Define("steps.same-name")      // facts: name
	CodeCertificates  = fault.Define("steps.certificates")   // facts: path
)

type checker = func(*Draft, string) *fault.Fault

// The console's and Fabric's own rules (console-api.md 4; Fabric common/configtx/validator.go for channels;
// core/chaincode/lifecycle/scc.go for names and versions).
var (
	mspIDRule   = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)
	channelRule = regexp.MustCompile(`^[a-z][a-z0-9.-]*$`)
	nameRule    = regexp.MustCompile(`^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$`)
	versionRule = regexp.MustCompile(`^[A-Za-z0-9_.+-]+$`)
	enrollRule  = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	displayRule = regexp.MustCompile(`^[A-Za-z0-9][^<>` + "`" + `[:cntrl:]]*$`)
)

// MaxDisplayName is the console UI's own limit for names (console-api.md 4).
const MaxDisplayName = 30

func checkRequired(_ *Draft, v string) *fault.Fault {
	if v == "" {
		return fault.New(CodeRequired)
	}
	return nil
}

func checkName(v string, max int, rule *regexp.Regexp, allowed string) *fault.Fault {
	switch {
	case v == "":
		return fault.New(CodeRequired)
	case len(v) > max:
		return fault.New(CodeNameTooLong, "name", v, "max", strconv.Itoa(max), "length", strconv.Itoa(len(v)))
	case !rule.MatchString(v):
		return fault.New(CodeName, "name", v, "allowed", allowed)
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

func checkEnrollID(_ *Draft, v string) *fault.Fault {
	return checkName(v, 64, enrollRule, "A-Z a-z 0-9 . _ -")
}

// componentRule: lower-case letters and digits only, so that the console's id and its deployment's name are
// the same (console-api.md 8.2).
var componentRule = regexp.MustCompile(`^[a-z][a-z0-9]+$`)

func checkComponent(_ *Draft, v string) *fault.Fault {
	return checkName(v, 32, componentRule, "a-z 0-9")
}

func checkPeerName(d *Draft, v string) *fault.Fault {
	if f := checkComponent(d, v); f != nil {
		return f
	}
	n := 0
	for _, r := range d.Setup.Regions {
		if r.Peer == v {
			n++
		}
	}
	if n > 1 || v == d.Setup.Organization.CA {
		return fault.New(CodeSameName, "name", v)
	}
	return nil
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

func oneOf(options []string) checker {
	return func(_ *Draft, v string) *fault.Fault {
		if slices.Contains(options, v) {
			return nil
		}
		return fault.New(CodeChoice, "value", v, "options", strings.Join(options, ", "))
	}
}

// The number of regions: fewer than two survive nothing, more than ten were never tried.
const (
	MinRegions = 2
	MaxRegions = 10
)

func checkRegions(d *Draft, v string) *fault.Fault {
	ids := split(v)
	if len(ids) < MinRegions || len(ids) > MaxRegions {
		return fault.New(CodeRegionsCount, "have", strconv.Itoa(len(ids)), "min", strconv.Itoa(MinRegions), "max", strconv.Itoa(MaxRegions))
	}
	for i, id := range ids {
		if _, ok := region.Find(id); !ok || slices.Contains(ids[:i], id) {
			return fault.New(CodeUnknownRegion, "region", id)
		}
	}
	return nil
}

func checkHome(d *Draft, v string) *fault.Fault { return oneOf(regionList(d))(d, v) }

func checkURL(d *Draft, v string) *fault.Fault {
	if v == "" {
		return fault.New(CodeRequired)
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return fault.New(CodeURL, "value", v)
	}
	owner := ""
	for _, r := range d.Setup.Regions {
		if strings.EqualFold(strings.TrimRight(r.Console.URL, "/"), strings.TrimRight(v, "/")) {
			if owner != "" {
				return fault.New(CodeSameConsole, "a", owner, "b", r.ID)
			}
			owner = r.ID
		}
	}
	return nil
}

func readable(path string) ([]byte, *fault.Fault) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.New(CodePath, "path", path, "reason", reason(err)).Because(err)
	}
	return b, nil
}

func reason(err error) string {
	switch {
	case os.IsNotExist(err):
		return "missing"
	case os.IsPermission(err):
		return "permission"
	}
	return "unreadable"
}

func checkCAFile(_ *Draft, v string) *fault.Fault {
	if v == "" {
		return nil // the system's roots
	}
	b, f := readable(v)
	if f == nil && !x509.NewCertPool().AppendCertsFromPEM(b) {
		f = fault.New(CodeCertificates, "path", v)
	}
	return f
}

func checkOrderingFile(_ *Draft, v string) *fault.Fault {
	if v == "" {
		return fault.New(CodeRequired)
	}
	b, f := readable(v)
	if f != nil {
		return f
	}
	if _, err := console.ParseOrderers(b); err != nil {
		f, _ = fault.Of(err)
		return f.With("path", v)
	}
	return nil
}

func checkPackage(_ *Draft, v string) *fault.Fault {
	if v == "" {
		return fault.New(CodeRequired)
	}
	if v == state.SamplePackage {
		return nil
	}
	b, f := readable(v)
	if f != nil {
		return f
	}
	if _, err := fabric.PackageInfo(b); err != nil {
		f, _ = fault.Of(err)
		return f.With("path", v)
	}
	return nil
}
