package steps

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"farol/state"
	"farol/state/fault"
	"farol/state/secret"

	"gopkg.in/yaml.v3"
)

// Codes of answers files.
var (
	CodeAnswers   = fault.Define("steps.answers")    // facts: path, cause: not YAML, or a key that is not known
	CodeSecretRef = fault.Define("steps.secret-ref") // facts: region, where: the secret is not where the answers say
)

// LoadAnswers reads an answers file: the shape of state.Setup. What it does not say keeps its default.
// Secrets are references to the environment or to files, never values. Paths are relative to the file.
func LoadAnswers(path string, env func(string) string) (*Draft, error) {
	d, before, err := readAnswers(path)
	if err != nil {
		return nil, err
	}
	base := filepath.Dir(path)
	var faults []error
	for i := range d.Setup.Regions {
		r := &d.Setup.Regions[i]
		r.Console.CAFile = beside(base, r.Console.CAFile)
		s, err := readSecret(r.Console.APISecret, r.ID, base, env)
		faults = append(faults, err)
		d.Secrets[ConsoleSecret(r.ID)] = s
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	d.Setup.Ordering.File = beside(base, d.Setup.Ordering.File)
	if d.Setup.Contract.Package != state.SamplePackage {
		d.Setup.Contract.Package = beside(base, d.Setup.Contract.Package)
	}
	d.Sources = sources(d, before)
	Derive(d)
	return d, nil
}

// readAnswers lays an answers file over the defaults, which it gives back too.
func readAnswers(path string) (d *Draft, defaults state.Setup, err error) {
	data, f := readable(path)
	if f != nil {
		return nil, defaults, f.Certain(fault.NotSent)
	}
	d = NewDraft()
	forgetNames(d)
	defaults = d.Setup
	d.Setup.Regions = nil
	if err := decode(data, &d.Setup); err != nil {
		return nil, defaults, fault.New(CodeAnswers, "path", path, "cause", masked(err)).Certain(fault.NotSent)
	}
	if len(d.Setup.Regions) == 0 {
		d.Setup.Regions = defaults.Regions
	}
	setHome(d, d.Setup.HomeRegion().ID)
	return d, defaults, nil
}

// forgetNames empties the names that follow from others, so that those which the answers say can be told from
// those which are still to follow.
func forgetNames(d *Draft) {
	d.Setup.Name, d.Setup.Organization.CA, d.Setup.Organization.Admin = "", "", ""
	d.Setup.Regions = slices.Clone(d.Setup.Regions)
	for i := range d.Setup.Regions {
		d.Setup.Regions[i].Peer = ""
	}
}

// decode reads one document, and nothing after it.
func decode(data []byte, into *state.Setup) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	switch err := dec.Decode(into); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return errors.New("yaml: there is a second document")
	}
	return nil
}

// quoted is a value of the file in the reader's words: it may be a secret that somebody wrote in clear.
var quoted = regexp.MustCompile("`[^`]*`|anchor '.*'")

func masked(err error) string { return quoted.ReplaceAllString(err.Error(), secret.Mask) }

// sources tells answers from defaults by comparing with a draft that nobody has touched.
func sources(d *Draft, untouched state.Setup) map[string]Source {
	out := map[string]Source{}
	plain := &Draft{Setup: untouched, Secrets: Secrets{}, Sources: map[string]Source{}}
	for _, q := range Questions(d) {
		switch v := q.Get(d); {
		case v == "":
		case v == q.Get(plain):
			out[q.ID()] = FromDefault
		default:
			out[q.ID()] = FromAnswers
		}
	}
	return out
}

func beside(base, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(base, path)
}

func readSecret(ref state.SecretRef, region, base string, env func(string) string) (secret.Secret, error) {
	missing := func(where string) error {
		return fault.New(CodeSecretRef, "region", region, "where", where).Certain(fault.NotSent)
	}
	switch {
	case ref.Env != "":
		if v := env(ref.Env); v != "" {
			return secret.FromString(v), nil
		}
		return secret.Secret{}, missing(ref.Env)
	case ref.File != "":
		b, err := os.ReadFile(beside(base, ref.File))
		if err != nil || len(bytes.TrimSpace(b)) == 0 {
			return secret.Secret{}, missing(ref.File)
		}
		return secret.New(bytes.TrimSpace(b)), nil
	}
	name := "FAROL_" + strings.ToUpper(strings.ReplaceAll(region, "-", "_")) + "_API_SECRET"
	if v := env(name); v != "" {
		return secret.FromString(v), nil
	}
	return secret.Secret{}, nil // reported with the other missing answers
}
