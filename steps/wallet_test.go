package steps

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"farol/state"
	"farol/state/secret"
	"farol/steps/engine"
)

// resumed is a set-up whose administrator is enrolled, opened again where its checkpoints are as given.
func resumed(t *testing.T, standing map[string]state.Status, before ...func(*Session)) *Project {
	t.Helper()
	d := answeredDraft(t)
	store, vault, dir := begin(t, d)
	cert, key := pair(t)
	must(t, vault.PutAll(map[string]secret.Secret{vaultAdmin + "/certificate": secret.New(cert), vaultAdmin + "/key": secret.New(key)}))
	s, err := NewSession(d.Setup, vault, Options{Dir: dir})
	must(t, err)
	for _, b := range before {
		b(s)
	}
	must(t, store.Update(func(f *state.File) {
		for id, st := range standing {
			f.Steps = append(f.Steps, state.Checkpoint{ID: id, Status: st})
		}
	}))
	p, err := NewProject(store, vault, ProjectOptions{Who: "maria@bastion-1"})
	must(t, err)
	return p
}

// written writes the wallet file of us-east, as the step before its gate does.
func written(t *testing.T) func(*Session) {
	t.Helper()
	return func(s *Session) {
		step, _ := Graph(s).Step("us-east/wallet/file")
		must(t, step.Act(t.Context()))
	}
}

// wallets lists the wallet files in clear.
func wallets(t *testing.T, dir string) []string {
	t.Helper()
	out, err := filepath.Glob(filepath.Join(dir, "wallet", "*", "*"))
	must(t, err)
	return out
}

func TestTheKeyIsInClearAsLongAsItsGateIsOpenAndNoLonger(t *testing.T) {
	t.Parallel()
	open := map[string]state.Status{"us-east/wallet/file": state.Done, "us-east/wallet": state.Waiting}
	p := resumed(t, open, written(t))
	path := p.Gate("us-east/wallet").Files[0]
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, mode %v", err, info.Mode())
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("%v, mode %v of its folder", err, info.Mode())
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Contains(b, []byte(`"private_key"`)) {
		t.Fatalf("no identity for a wallet: %v", err)
	}
	must(t, p.Confirm("us-east/wallet"))
	if left := wallets(t, p.Dir()); len(left) > 0 {
		t.Errorf("after the gate there is %v", left)
	}
	if c := p.Checkpoints()["us-east/wallet"]; c.Status != state.Confirmed || c.Evidence["confirmed by"] != "maria@bastion-1" {
		t.Errorf("%+v", c)
	}
}

func TestTheKeyIsTakenAwayWhenSomebodyLeavesTheGate(t *testing.T) {
	t.Parallel()
	p := resumed(t, map[string]state.Status{"us-east/wallet/file": state.Done, "us-east/wallet": state.Waiting}, written(t))
	must(t, p.Decide("us-east/wallet", engine.Leave))
	if left := wallets(t, p.Dir()); len(left) > 0 {
		t.Errorf("after the gate there is %v", left)
	}
}

func TestAKeyThatACrashLeftInClearIsTakenAwayOnResume(t *testing.T) {
	t.Parallel()
	for gate, stays := range map[state.Status]int{state.Confirmed: 0, state.Skipped: 0, state.Waiting: 1, state.Todo: 1} {
		p := resumed(t, map[string]state.Status{"us-east/wallet/file": state.Done, "us-east/wallet": gate}, written(t))
		if left := wallets(t, p.Dir()); len(left) != stays {
			t.Errorf("with a gate that is %s there is %v", gate, left)
		}
	}
}

// After an edit by hand everything that is done is looked at again (state.Open).
func TestTheKeyIsNotWrittenAgainAfterItsGate(t *testing.T) {
	t.Parallel()
	for gate, want := range map[state.Status]engine.Finding{state.Confirmed: engine.Present, state.Waiting: engine.Absent} {
		p := resumed(t, map[string]state.Status{"us-east/wallet/file": state.Drifted, "us-east/wallet": gate})
		if got := observe(t, p.Steps(), "us-east/wallet/file"); got.Finding != want {
			t.Errorf("with a gate that is %s the file is found %v, want %v", gate, got.Finding, want)
		}
	}
}

func TestGatesSayWhoDoesWhatWithWhich(t *testing.T) {
	t.Parallel()
	p := resumed(t, nil)
	wallet := p.Gate("us-east/wallet")
	if wallet.Who != "you" || len(wallet.Files) != 1 || wallet.Facts["console"] != "https://console.us-east.example.com" || wallet.Facts["identity"] != "Org1 Admin" {
		t.Errorf("%+v", wallet)
	}
	handOff := p.Gate("all/handoff/admitted")
	if handOff.Who != "ordering" || len(handOff.Files) != 1 || handOff.Facts["organization"] != "Org1MSP" || handOff.Facts["channel"] != "trade" {
		t.Errorf("%+v", handOff)
	}
	for _, f := range append(wallet.Files, handOff.Files...) {
		if !strings.HasPrefix(f, p.Dir()) {
			t.Errorf("%s is not in the set-up's folder", f)
		}
	}
	if none := p.Gate("us-east/peer"); none.Who != "" || none.Files != nil {
		t.Errorf("a step that is no gate: %+v", none)
	}
}

func TestAnOrganizationsNameMakesNoFolders(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Acme S/A", "A/../../../x", `A\..\x`, "C:x"} {
		s := &Session{opts: Options{Dir: t.TempDir()}}
		s.Setup.Organization.Name = name
		for path, folder := range map[string]string{s.exportPath("ca"): s.path("export"), s.walletFile("us-east"): s.path("wallet", "us-east"), s.HandOffPack(): s.path("handoff")} {
			if filepath.Dir(path) != folder || strings.ContainsAny(filepath.Base(path), `\/:`) {
				t.Errorf("%s: %s", name, path)
			}
		}
	}
}
