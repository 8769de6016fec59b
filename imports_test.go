package main_test

import (
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path of this module. It sorts before github.com/charmbracelet, which ui/earlyinit needs.
const module = "farol"

// layers are the layers of the program (design.md 2). Imports go only to the right, which is down here.
var layers = []struct {
	name  string
	holds func(pkg string) bool
}{
	{"main", func(p string) bool { return p == module }},
	{"ui", func(p string) bool { return p == module+"/ui" }},
	{"line", under("ui/line")},
	{"guide", under("ui/guide")},
	{"report", under("ui/report")},
	{"words", under("ui/text", "ui/earlyinit", "ui/golden")},
	{"steps", func(p string) bool { return p == module+"/steps" }},
	{"parts of steps", under("steps/engine", "steps/region")},
	{"sandbox", under("clients/sandbox")},
	{"clients", under("clients/console", "clients/ca", "clients/fabric", "clients/kubernetes")},
	{"wire", under("clients/wire")},
	{"state", func(p string) bool { return p == module+"/state" }},
	{"parts of state", under("state/secret", "state/fault")},
}

func under(dirs ...string) func(string) bool {
	return func(pkg string) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool { return inside(pkg, path.Join(module, dir)) })
	}
}

// inside tells whether a package is a tree's root or somewhere in the tree.
func inside(pkg, tree string) bool { return pkg == tree || strings.HasPrefix(pkg, tree+"/") }

// layer gives the place of a package among the layers, or -1.
func layer(pkg string) int {
	for i, l := range layers {
		if l.holds(pkg) {
			return i
		}
	}
	return -1
}

// screens are the modules that only ui may know.
var screens = []string{"bubbletea", "bubbles", "huh", "lipgloss"}

// complaint says what is wrong with one import, or nothing.
func complaint(from, to string) string {
	for _, s := range screens {
		if inside(to, "github.com/charmbracelet/"+s) && !inside(from, module+"/ui") {
			return "only ui draws screens"
		}
	}
	if from == module+"/ui/earlyinit" && to != "github.com/charmbracelet/lipgloss" {
		return "earlyinit must be ready before bubbletea, so it imports lipgloss and nothing else"
	}
	if !inside(to, module) {
		return ""
	}
	a, b := layer(from), layer(to)
	switch {
	case a < 0 || b < 0:
		return "a package without a layer: give it one in this test, or move it"
	case layers[b].name == "sandbox" && layers[a].name != "main" && layers[a].name != "sandbox":
		return "only main knows the sandbox"
	case a < b:
		return ""
	case a > b:
		return layers[b].name + " is to the left of " + layers[a].name
	case layers[a].name == "sandbox", inside(to, from): // a package and its own parts
		return ""
	}
	return "neighbours do not import each other"
}

func TestImportsGoOnlyToTheRight(t *testing.T) {
	t.Parallel()
	imports := readImports(t)
	if len(imports[module+"/state"]) == 0 || len(imports) < 4 {
		t.Fatalf("only %v were read", slices.Sorted(maps.Keys(imports)))
	}
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		if layer(from) < 0 {
			t.Errorf("%s: a package without a layer", from)
		}
		for _, to := range imports[from] {
			if why := complaint(from, to); why != "" {
				t.Errorf("%s imports %s: %s", from, to, why)
			}
		}
	}
}

func TestTheImportRulesHaveTeeth(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from, to string
		allowed  bool
	}{
		{"farol", "farol/ui", true},
		{"farol", "farol/clients/sandbox", true},
		{"farol/ui", "farol/ui/text", true},
		{"farol/ui/line", "farol/ui/report", true},
		{"farol/ui/report", "farol/ui/text", true},
		{"farol/ui", "farol/steps/region", true},
		{"farol/ui", "github.com/charmbracelet/bubbletea", true},
		{"farol/ui/earlyinit", "github.com/charmbracelet/lipgloss", true},
		{"farol/steps", "farol/steps/engine", true},
		{"farol/steps/engine", "farol/state", true},
		{"farol/clients/sandbox", "farol/clients/sandbox/relay", true},
		{"farol/clients/sandbox/relay", "farol/clients/sandbox/process", true},
		{"farol/clients/sandbox", "farol/clients/ca", true},
		{"farol/clients/ca", "farol/clients/wire", true},
		{"farol/clients/wire", "farol/state/fault", true},
		{"farol/state", "farol/state/secret", true},

		{"farol/ui", "farol", false},
		{"farol/ui", "farol/clients/sandbox", false},
		{"farol/ui/text", "farol/ui", false},
		{"farol/ui/report", "farol/ui/line", false},
		{"farol/ui/widgets", "farol/ui/text", false},
		{"farol/ui/earlyinit", "farol/ui/text", false},
		{"farol/ui/earlyinit", "github.com/charmbracelet/bubbletea", false},
		{"farol/steps", "farol/ui/text", false},
		{"farol/steps", "farol/clients/sandbox", false},
		{"farol/steps", "farol/clients/sandbox/relay", false},
		{"farol/steps/engine", "farol/steps/region", false},
		{"farol/steps/engine", "farol/steps", false},
		{"farol/steps", "github.com/charmbracelet/lipgloss", false},
		{"farol", "github.com/charmbracelet/huh", false},
		{"farol/clients/sandbox", "farol/steps", false},
		{"farol/clients/console", "farol/clients/ca", false},
		{"farol/clients/ca", "farol/clients/sandbox", false},
		{"farol/clients/wire", "farol/clients/ca", false},
		{"farol/state", "farol/clients/wire", false},
		{"farol/state/secret", "farol/state/fault", false},
		{"farol/state/fault", "farol/state", false},
		{"farol/state", "farol/utils", false},
	}
	for _, tt := range tests {
		if why := complaint(tt.from, tt.to); (why == "") != tt.allowed {
			t.Errorf("%s imports %s: allowed must be %v, complaint %q", tt.from, tt.to, tt.allowed, why)
		}
	}
}

func TestTheModuleIsInitialisedBeforeBubbletea(t *testing.T) {
	t.Parallel()
	if early := module + "/ui/earlyinit"; early >= "github.com/charmbracelet/bubbletea" {
		t.Errorf("%s sorts behind bubbletea, so bubbletea asks the terminal first", early)
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil || !strings.HasPrefix(string(mod), "module "+module+"\n") {
		t.Errorf("the module is not %s: %v", module, err)
	}
}

// readImports reads what every package of this module imports on any system, tests excepted.
func readImports(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != "." && foreign(file):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || !built(file):
			return nil
		}
		pkg := path.Join(module, filepath.ToSlash(filepath.Dir(file)))
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return fmt.Errorf("reading imports: %w", err)
		}
		if imports[pkg] == nil {
			imports[pkg] = []string{}
		}
		for _, i := range parsed.Imports {
			to, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if !slices.Contains(imports[pkg], to) {
				imports[pkg] = append(imports[pkg], to)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}

// foreign tells whether the go command would not look for packages of this module in a folder.
func foreign(dir string) bool {
	name := filepath.Base(dir)
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil || name == "testdata" || name == "vendor" || name[0] == '.' || name[0] == '_'
}

// built tells whether a file belongs to the program on some system. Files behind other tags do not.
func built(file string) bool {
	for _, system := range []string{"linux", "darwin", "windows"} {
		c := build.Default
		c.GOOS = system
		if ok, err := c.MatchFile(filepath.Dir(file), filepath.Base(file)); ok || err != nil {
			return true // an error comes up again when the file is parsed
		}
	}
	return false
}
