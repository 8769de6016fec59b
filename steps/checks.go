package steps

import (
	"crypto/x509"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"farol/clients/console"
	"farol/clients/fabric"
	"farol/state"
	"farol/state/fault"
	"farol/state/secret"
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

func checkRequired(_ *Draft, v string) *fault.Fault {
	if v == "" {
		return fault.New(CodeRequired)
	}
	return nil
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
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" ||
		u.RawQuery != "" || u.Fragment != "" {
		return fault.New(CodeURL, "value", withoutUser(v))
	}
	owner := ""
	for _, r := range d.Setup.Regions {
		if sameHost(r.Console.URL, v) {
			if owner != "" {
				return fault.New(CodeSameConsole, "a", owner, "b", r.ID)
			}
			owner = r.ID
		}
	}
	return nil
}

// withoutUser masks what stands before the host of an address: it may be a password.
func withoutUser(address string) string {
	if at := strings.LastIndex(address, "@"); at >= 0 {
		scheme, _, found := strings.Cut(address, "://")
		if !found || len(scheme) > at {
			return secret.Mask + address[at:]
		}
		return scheme + "://" + secret.Mask + address[at:]
	}
	return address
}

// sameHost tells whether two https addresses are one, however they are written.
func sameHost(a, b string) bool {
	origin := func(v string) string {
		host := strings.ToLower(strings.TrimRight(v, "/"))
		return strings.TrimSuffix(host, ":443")
	}
	return origin(a) == origin(b)
}

// maxFile is larger than any file that people bring: a contract package may hold its dependencies.
const maxFile = 256 << 20

// readable reads a whole file, of a bounded size: a pipe would never end, and a device would fill the memory.
func readable(path string) ([]byte, *fault.Fault) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fault.New(CodePath, "path", path, "reason", "not-a-file")
	}
	if err == nil && info.Size() > maxFile {
		return nil, fault.New(CodePath, "path", path, "reason", "too-large")
	}
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
