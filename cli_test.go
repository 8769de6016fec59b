package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"farol/clients/sandbox"
	"farol/state"
)

// setupOn is a folder and answers for practice regions, with what a test changes.
type setupOn struct {
	t     *testing.T
	world *sandbox.World
	dir   string
}

func (s setupOn) run(change ...func(*state.Setup)) (code int, out string) {
	s.t.Helper()
	answers := writeAnswers(s.t, filepath.Dir(s.dir), s.world, s.world.Proxy, change...)
	return farol(s.t, "run", "--yes", "--dir", s.dir, "--answers", answers, "--vault-identity", filepath.Join(s.dir, identityFile))
}

// again goes on with the set-up.
func (s setupOn) again() (code int, out string) {
	s.t.Helper()
	return farol(s.t, "run", "--yes", "--dir", s.dir, "--vault-identity", filepath.Join(s.dir, identityFile))
}

// says fails unless the program ended with the code and told all of it.
func says(t *testing.T, code int, out string, wantCode int, want ...string) {
	t.Helper()
	if code != wantCode {
		t.Errorf("exit %d, want %d", code, wantCode)
	}
	for _, w := range want {
		if !strings.Contains(out, w) {
			t.Errorf("it does not say %q", w)
		}
	}
	if t.Failed() { // what follows would only wait for what did not happen
		t.Fatal(out)
	}
}

func TestWhatIsWrongWithRealRegionsIsSaidBeforeAnythingIsSavedAndCanBeMended(t *testing.T) {
	t.Parallel()
	w, base := world(t, "--latency", "off")
	s := setupOn{t, w, filepath.Join(base, "setup")}
	wrong := filepath.Join(base, "wrong.secret")
	if err := os.WriteFile(wrong, []byte("NotTheSecret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		change func(*state.Setup)
		code   int
		want   []string
	}{
		{"a wrong address", func(s *state.Setup) { s.Regions[1].Console.URL = "https://console.nowhere.farol.test" }, 3,
			[]string{"console.nowhere.farol.test", "cannot be reached"}},
		{"something else than a console", func(s *state.Setup) { s.Regions[1].Console.URL = "http://console.us-east.farol.test" }, 2,
			[]string{"consoles.url@us-east", "https://"}},
		{"a wrong secret", func(s *state.Setup) { s.Regions[1].Console.APISecret = state.SecretRef{File: wrong} }, 3,
			[]string{"refused the API key", "console of us-east", "does not try twice"}},
		{"two regions with one console", func(s *state.Setup) {
			s.Regions[1].Console = s.Regions[0].Console
		}, 2, []string{"us-south", "us-east", "same console"}},
		{"a name that is too long", func(s *state.Setup) { s.Organization.CA = strings.Repeat("a", 80) }, 2,
			[]string{"organization.ca", "too long", "At most"}},
		{"a missing ordering service", func(s *state.Setup) { s.Ordering.File = "/nowhere/ordering.json" }, 2,
			[]string{"ordering.file", "/nowhere/ordering.json"}},
		{"one region only", func(s *state.Setup) { s.Regions = s.Regions[:1] }, 2, []string{"regions.list"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := s
			s.t = t
			code, out := s.run(tt.change)
			says(t, code, out, tt.code, tt.want...)
			if state.Exists(s.dir) {
				t.Errorf("a set-up was begun all the same")
			}
			if strings.Contains(out, "NotTheSecret") || strings.Contains(out, w.Regions[0].APISecret.Expose()) {
				t.Error("a secret was printed")
			}
		})
	}
	go admit(t.Context(), w, s.dir, t.Context().Done())
	code, out := s.run()
	says(t, code, out, 0, "lives in 3 regions", "The proof holds")
}
