package steps

import (
	"archive/zip"
	"bytes"
	"context"
	"path/filepath"
	"time"

	"farol/clients/console"
	"farol/clients/fabric"
	"farol/state"
	"farol/state/fault"
	"farol/steps/engine"
)

// CodeChannel says that the ordering service does not know the channel; facts: channel.
var CodeChannel = fault.Define("steps.channel-unknown")

// HandOffPack is the name of the pack in the set-up's folder.
func (s *Session) HandOffPack() string {
	return s.path("handoff", ComponentID(s.Setup.Organization.Name)+"-"+s.Setup.Channel.Name+".zip")
}

func writeHandOff(s *Session) engine.Step {
	step := s.file(s.HandOffPack(), s.pack)
	step.ID, step.Row, step.Stage, step.Op = id(global, "handoff/pack"), "1.9", HandOver, "handoff.pack"
	step.Needs = []string{id(s.home(), "organization")}
	return step
}

// pack makes the hand-off pack: the organization's definition as the console's UI exports it, and what the
// other party must do. The same content gives the same bytes.
func (s *Session) pack(ctx context.Context) ([]byte, error) {
	c, err := s.part(ctx, s.home(), s.organizationID())
	if err != nil {
		return nil, err
	}
	definition := console.ExportMSP(c)
	h := HandOff{
		Organization: s.Setup.Organization.Name, MSPID: s.Setup.Organization.MSPID, Channel: s.Setup.Channel.Name,
		Files: map[string]string{HandOffDefinition: digest(definition)},
	}
	for _, r := range c.RootCerts {
		h.Roots = append(h.Roots, fingerprint(r))
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range []struct {
		name string
		data []byte
	}{{HandOffDefinition, definition}, {"README.txt", s.opts.Instructions(h)}} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: time.Unix(0, 0).UTC()})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil { // the directory of a zip file stands at its end
		return nil, err
	}
	return out.Bytes(), nil
}

// HandOffDefinition is the name of the organization's definition inside a hand-off pack.
const HandOffDefinition = "msp.json"

// awaitAdmission is a gate: another company adds the organization to its channel. Farol notices by itself,
// because from then on the ordering service shows the channel's config to our administrator.
func awaitAdmission(s *Session) engine.Step {
	return engine.Step{
		ID: id(global, "handoff/admitted"), Row: "1.11", Stage: HandOver, Kind: engine.Gate,
		Op: "handoff.admitted", Target: s.Setup.Channel.Name,
		Needs: []string{id(global, "handoff/pack"), id(global, "ordering"), id(s.home(), "organization/enroll-admin")},
		Observe: func(ctx context.Context) (engine.Observation, error) {
			cfg, err := s.config(ctx)
			if fault.Is(err, fabric.Forbidden) {
				return absent()
			}
			if err != nil {
				return failed(err)
			}
			org, ok := cfg.Organization(s.Setup.Organization.MSPID)
			if !ok {
				return absent()
			}
			roots, _, err := s.roots(ctx)
			if err != nil {
				return failed(err)
			}
			if !sameCertificates(org.RootsPEM, roots) {
				return engine.Observation{Finding: engine.Differs, Code: string(CodeRoots),
					Evidence: facts("msp", s.Setup.Organization.MSPID, "where", s.Setup.Channel.Name)}, nil
			}
			return present("channel", s.Setup.Channel.Name, "organization", s.Setup.Organization.MSPID,
				"root", fingerprint(org.RootsPEM[0]), "lifecycle", cfg.Kind())
		},
	}
}

// config reads the channel's newest config from the ordering service.
func (s *Session) config(ctx context.Context) (*fabric.Config, error) {
	ledger, err := s.ledger()
	if err != nil {
		return nil, err
	}
	cfg, err := ledger.Config(ctx, s.ordering(), s.Setup.Channel.Name)
	if fault.Is(err, fabric.NotFound) {
		return nil, fault.New(CodeChannel, "channel", s.Setup.Channel.Name).Certain(fault.Refused).Because(err)
	}
	return cfg, err
}

// file is a step that writes one file of our own. It is done when the file has exactly the content that the
// world gives now.
func (s *Session) file(path string, content func(context.Context) ([]byte, error)) engine.Step {
	name, err := filepath.Rel(s.opts.Dir, path)
	if err != nil {
		name = path
	}
	return engine.Step{
		Kind: engine.Change, Target: name,
		Observe: func(ctx context.Context) (engine.Observation, error) {
			want, err := content(ctx)
			if err != nil {
				return failed(err)
			}
			have, ok := readFile(path)
			if !ok || !bytes.Equal(have, want) {
				return absent()
			}
			return present("file", name, "sha256", digest(have))
		},
		Act: func(ctx context.Context) error {
			data, err := content(ctx)
			if err != nil {
				return err
			}
			return state.WriteFile(path, data, 0o600)
		},
	}
}
