package binaries

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"farol/state/fault"
)

// healthy is a computer that has everything and whose go tool writes empty programs.
func healthy() Machine {
	return Machine{
		LookPath: func(p string) (string, error) { return "/usr/bin/" + p, nil },
		FreeMiB:  func(string) (uint64, error) { return 1 << 20, nil },
		Addresses: func() ([]net.Addr, error) {
			return []net.Addr{&net.IPNet{IP: net.IPv4(127, 0, 0, 1)}, &net.IPNet{IP: net.IPv4(192, 0, 2, 9)}}, nil
		},
		Build: func(_ context.Context, _ string, args ...string) ([]byte, error) {
			out := args[slices.Index(args, "-o")+1]
			if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
				return nil, err
			}
			return nil, os.WriteFile(out, nil, 0o755)
		},
	}
}

func TestSaysWhatTheMachineLacks(t *testing.T) {
	t.Parallel()
	lost := errors.New("exit status 1")
	for _, c := range []struct {
		name  string
		spoil func(*Machine)
		code  fault.Code
		facts []string
	}{
		{"no go tool", func(m *Machine) { m.LookPath = without("go") }, NoGo, nil},
		{"no C compiler", func(m *Machine) { m.LookPath = without(compiler()) }, NoGCC, []string{"cc"}},
		{"a full disk", func(m *Machine) { m.FreeMiB = func(string) (uint64, error) { return 2900, nil } }, Disk, []string{"dir", "free", "need"}},
		{"only loopback", func(m *Machine) {
			m.Addresses = func() ([]net.Addr, error) {
				return []net.Addr{&net.IPNet{IP: net.IPv4(127, 0, 0, 1)}, &net.IPNet{IP: net.ParseIP("fd00::2")}}, nil
			}
		}, NoAddress, nil},
		{"no way to the module proxy", func(m *Machine) {
			m.Build = func(context.Context, string, ...string) ([]byte, error) {
				return []byte("go: x@v1: Get \"https://proxy.golang.org/x\": dial tcp: no route\n"), lost
			}
		}, Modules, []string{"line"}},
		{"a compiler that gives up", func(m *Machine) {
			m.Build = func(context.Context, string, ...string) ([]byte, error) {
				return []byte("# runtime/cgo\ncc1: bad\n"), lost
			}
		}, BuildFailed, []string{"program", "line"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, cache := healthy(), t.TempDir()
			c.spoil(&m)
			_, err := Finder{Cache: cache, Machine: m}.Find(t.Context())
			f, ok := fault.Of(err)
			if !ok || f.Code != c.code {
				t.Fatalf("error %v, want %s", err, c.code)
			}
			for _, fact := range c.facts {
				if f.Facts[fact] == "" {
					t.Errorf("no fact %q in %v", fact, f)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(cache, ".build-*")); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

func without(program string) func(string) (string, error) {
	return func(p string) (string, error) {
		if p == program {
			return "", os.ErrNotExist
		}
		return p, nil
	}
}

func TestBuildsOnceForTwoCallers(t *testing.T) {
	t.Parallel()
	cache, m := t.TempDir(), healthy()
	var mu sync.Mutex
	var built []string
	tell := func(p string, i, of int) { mu.Lock(); defer mu.Unlock(); built = append(built, p) }
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			dir, err := Finder{Cache: cache, Machine: m, Building: tell}.Find(t.Context())
			if err != nil || lacks(dir) != "" {
				t.Errorf("%s lacks %q: %v", dir, lacks(dir), err)
			}
		})
	}
	both.Wait()
	if want := []string{Orderer, Peer, CAServer}; !slices.Equal(built, want) {
		t.Errorf("built %v, want %v", built, want)
	}
}

func TestNeedsNoToolsForProgramsThatAreThere(t *testing.T) {
	t.Parallel()
	m, bin := healthy(), t.TempDir()
	m.LookPath = func(string) (string, error) { return "", os.ErrNotExist }
	for _, p := range programs[1:] {
		if err := os.WriteFile(filepath.Join(bin, p.name), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Finder{Bin: bin, Machine: m}.Find(t.Context())
	if f, ok := fault.Of(err); !ok || f.Code != Missing || f.Facts["missing"] != Orderer {
		t.Errorf("error %v, want %s of the orderer", err, Missing)
	}
	if err := os.WriteFile(filepath.Join(bin, Orderer), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if dir, err := (Finder{Bin: bin, Machine: m}).Find(t.Context()); err != nil || dir != bin {
		t.Errorf("found %s, %v", dir, err)
	}
}

func TestPinsAreTheReleasesThatTheFolderNames(t *testing.T) {
	t.Parallel()
	for _, pin := range []string{"fabric v0.0.0-20240618194258-7c3876255bf0", "fabric-ca v" + caVersion} {
		if !strings.Contains(string(goMod), "github.com/hyperledger/"+pin) {
			t.Errorf("fabric.mod does not pin %s", pin)
		}
		if !strings.Contains(string(goSum), "github.com/hyperledger/"+pin) {
			t.Errorf("fabric.sum has no checksum of %s", pin)
		}
	}
}
