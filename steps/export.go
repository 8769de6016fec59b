package steps

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"

	"farol/clients/console"
	"farol/state"
	"farol/state/fault"
	"farol/steps/engine"
)

// The exported files, in the formats of the console's UI (console-api.md 5), so that a person can import them
// anywhere by hand as well.
func (s *Session) exportPath(kind string) string {
	return s.path("export", s.fileName(kind))
}

// fileName is the console's own name for an exported file, with nothing in it that makes a folder: "Acme S/A"
// is a good name for a company.
func (s *Session) fileName(kind string) string {
	return strings.NewReplacer("/", "_", `\`, "_", ":", "_").Replace(console.FileName(s.Setup.Organization.Name, kind))
}

func exportCA(s *Session) engine.Step {
	step := s.file(s.exportPath("ca"), func(ctx context.Context) ([]byte, error) {
		c, err := s.part(ctx, s.home(), s.Setup.Organization.CA)
		if err != nil {
			return nil, err
		}
		return console.ExportCA(c), nil
	})
	step.ID, step.Row, step.Stage, step.Op, step.Region = id(s.home(), "export/ca"), "2.1", Export, "export.ca", s.home()
	step.Needs = []string{id(s.home(), "ca")}
	return step
}

func exportOrganization(s *Session) engine.Step {
	step := s.file(s.exportPath("msp"), func(ctx context.Context) ([]byte, error) {
		c, err := s.part(ctx, s.home(), s.organizationID())
		if err != nil {
			return nil, err
		}
		return console.ExportMSP(c), nil
	})
	step.ID, step.Row, step.Stage, step.Op, step.Region = id(s.home(), "export/organization"), "2.2", Export, "export.organization", s.home()
	step.Needs = []string{id(s.home(), "organization")}
	return step
}

// exportIdentity keeps the administrator's identity as a sealed file: what the console's UI would export in
// clear. Sealing gives other bytes each time, so the file is compared by what is in it.
func exportIdentity(s *Session) engine.Step {
	path := s.exportPath("identity") + ".age"
	step := s.file(path, nil)
	step.ID, step.Row, step.Stage, step.Op, step.Region = id(s.home(), "export/identity"), "2.3", Export, "export.identity", s.home()
	step.Needs = []string{id(s.home(), "organization/enroll-admin")}
	step.Observe = func(context.Context) (engine.Observation, error) {
		want, err := s.identity()
		if err != nil {
			return failed(err)
		}
		sealed, ok := readFile(path)
		if !ok {
			return absent()
		}
		if have, err := state.Unseal(s.opts.Owner, sealed); err != nil || string(have) != string(want) {
			return absent()
		}
		cert, _ := s.vault.Get(vaultAdmin + "/certificate")
		return present("file", step.Target, "sha256", digest(sealed), "certificate", fingerprint([]byte(cert.Expose())))
	}
	step.Act = func(context.Context) error {
		data, err := s.identity()
		if err != nil {
			return err
		}
		sealed, err := state.Seal(s.opts.Owner, data)
		if err != nil {
			return err
		}
		return state.WriteFile(path, sealed, 0o600)
	}
	return step
}

// identity is the administrator as a wallet file: name, certificate and private key.
func (s *Session) identity() ([]byte, error) {
	cert, ok := s.vault.Get(vaultAdmin + "/certificate")
	key, ok2 := s.vault.Get(vaultAdmin + "/key")
	if !ok || !ok2 {
		return nil, fault.New(CodeNeeds, "step", id(s.home(), "organization/enroll-admin")).Certain(fault.NotSent)
	}
	return console.ExportIdentity(s.identityName(), []byte(cert.Expose()), key)
}

func (s *Session) identityName() string { return s.Setup.Organization.Name + " Admin" }

func readFile(path string) ([]byte, bool) {
	b, err := os.ReadFile(path)
	return b, err == nil
}

// digest is the SHA-256 of a file, in hex.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
