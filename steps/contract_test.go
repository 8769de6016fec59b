package steps

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"farol/clients/fabric"
	"farol/state"
	"farol/state/fault"
	"farol/steps/engine"
)

// packing is a session whose contract is the package at a path.
func packing(t *testing.T, path string) (*Session, engine.Graph) {
	t.Helper()
	s, _ := sessionWith(t, &scripted{})
	s.Setup.Contract.Package = path
	return s, Graph(s)
}

func TestAPackageGivenByItsPathIsUsedByteForByte(t *testing.T) {
	t.Parallel()
	mine, id, err := fabric.PackageSample("mine_7")
	must(t, err)
	path := write(t, "mine.tar.gz", mine)
	s, g := packing(t, path)
	if o := do(t, g, "all/contract/package"); o.Evidence["sha256"] != digest(mine) {
		t.Errorf("evidence %v", o.Evidence)
	}
	// Whatever becomes of the original, every peer gets the package that was kept.
	must(t, os.WriteFile(path, []byte("something else"), 0o600))
	if o := observe(t, g, "all/contract/package"); o.Finding != engine.Present {
		t.Errorf("found %v after the original changed", o.Finding)
	}
	must(t, os.Remove(path))
	if o := observe(t, g, "all/contract/package"); o.Finding != engine.Present {
		t.Errorf("found %v after the original was gone", o.Finding)
	}
	kept, got, err := s.packageID()
	if err != nil || !slices.Equal(kept, mine) {
		t.Errorf("the package is another one, %v", err)
	}
	if want := fmt.Sprintf("mine_7:%x", sha256.Sum256(mine)); got != want || got != id {
		t.Errorf("peers would call it %s, want %s", got, want)
	}
}

func TestAPackageThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "gone.tar.gz")
	s, g := packing(t, path)
	step, _ := g.Step("all/contract/package")
	_, err := step.Observe(t.Context())
	if f := hasCode(t, err, CodePath); f.Facts["path"] != path || f.Certainty != fault.NotSent {
		t.Error(f)
	}
	_, _, err = s.packageID()
	if f := hasCode(t, err, CodePath); f.Facts["path"] != s.packageFile() || f.Certainty != fault.NotSent {
		t.Error(f)
	}
}

func TestTheSampleIsTheSamePackageEverywhere(t *testing.T) {
	t.Parallel()
	var packages [][]byte
	var ids []string
	for range 2 {
		s, g := packing(t, state.SamplePackage)
		do(t, g, "all/contract/package")
		data, id, err := s.packageID()
		must(t, err)
		packages, ids = append(packages, data), append(ids, id)
	}
	if !slices.Equal(packages[0], packages[1]) || ids[0] != ids[1] {
		t.Errorf("two machines pack %s and %s", ids[0], ids[1])
	}
	if want := fmt.Sprintf("basic_1.0:%x", sha256.Sum256(packages[0])); ids[0] != want {
		t.Errorf("peers would call it %s, want %s", ids[0], want)
	}
	info, err := fabric.PackageInfo(packages[0])
	if err != nil || info.Label != "basic_1.0" || info.ID != ids[0] {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestASampleThatSomebodyChangedIsPackedAgain(t *testing.T) {
	t.Parallel()
	s, g := packing(t, state.SamplePackage)
	do(t, g, "all/contract/package")
	_, before, err := s.packageID()
	must(t, err)
	must(t, os.WriteFile(s.packageFile(), []byte("changed"), 0o600))
	do(t, g, "all/contract/package")
	if _, after, err := s.packageID(); err != nil || after != before {
		t.Errorf("it became %s, %v", after, err)
	}
}

func TestAPeerIsAskedWhatChangesNothing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		contract state.Contract
		want     []string
	}{
		{state.Contract{Package: state.SamplePackage}, []string{"ping"}},
		{state.Contract{Package: "/srv/mine.tar.gz"}, []string{"org.hyperledger.fabric:GetMetadata"}},
		{state.Contract{Package: "/srv/mine.tar.gz", Probe: []string{"ReadAsset", "a1"}}, []string{"ReadAsset", "a1"}},
	} {
		s := &Session{Setup: state.Setup{Contract: tt.contract}}
		if got := s.probe(); !slices.Equal(got, tt.want) {
			t.Errorf("%+v is asked %v, want %v", tt.contract, got, tt.want)
		}
	}
}

func TestTheDefinitionIsTheAnsweredOne(t *testing.T) {
	t.Parallel()
	s := &Session{Setup: state.Setup{Contract: state.Contract{Name: "basic", Version: "2.1", Sequence: 3}}}
	if got, want := s.definitionOf("basic_2.1:00"), (fabric.Definition{Name: "basic", Version: "2.1", Sequence: 3, PackageID: "basic_2.1:00"}); !equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func equal(a, b fabric.Definition) bool { return fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b) }
