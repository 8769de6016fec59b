package binaries

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"

	"golang.org/x/sys/unix"

	"farol/state/fault"
)

// What the machine lacks. Each has a one-line cure.
var (
	// NoGo means that there is no go tool to build with.
	NoGo = fault.Define("sandbox.no-go")
	// NoGCC means that there is no C compiler; facts: cc. The certificate authority's SQLite is C.
	NoGCC = fault.Define("sandbox.no-gcc")
	// Disk means that there is too little space to build; facts: dir, free, need (MiB).
	Disk = fault.Define("sandbox.disk")
	// NoAddress means that the machine has no IPv4 address but loopback: Fabric's peer refuses to start then.
	NoAddress = fault.Define("sandbox.no-address")
)

// needMiB is the room for 600 MiB of modules and the build cache of both trees.
const needMiB = 3 << 10

// Machine is how the checks and the build look at this computer. Tests replace its parts.
type Machine struct {
	LookPath  func(program string) (string, error)
	FreeMiB   func(dir string) (uint64, error)
	Addresses func() ([]net.Addr, error)
	// Build runs the go tool in dir and returns what it printed.
	Build func(ctx context.Context, dir string, args ...string) ([]byte, error)
}

// ThisMachine looks at the computer that Farol runs on.
func ThisMachine() Machine {
	return Machine{LookPath: exec.LookPath, FreeMiB: freeMiB, Addresses: net.InterfaceAddrs, Build: goTool}
}

// CanRun checks what the nodes need whenever they run.
func (m Machine) CanRun() error {
	addrs, err := m.Addresses()
	if err != nil {
		return fault.New(NoAddress).Certain(fault.NotSent).Because(err)
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			return nil
		}
	}
	return fault.New(NoAddress).Certain(fault.NotSent)
}

// CanBuild checks what the build needs; dir is the cache folder.
func (m Machine) CanBuild(dir string) error {
	if _, err := m.LookPath("go"); err != nil {
		return fault.New(NoGo).Certain(fault.NotSent).Because(err)
	}
	cc := compiler()
	if _, err := m.LookPath(cc); err != nil {
		return fault.New(NoGCC, "cc", cc).Certain(fault.NotSent).Because(err)
	}
	free, err := m.FreeMiB(dir)
	if err != nil {
		return fmt.Errorf("free space of %s: %w", dir, err)
	}
	if free < needMiB {
		return fault.New(Disk, "dir", dir, "free", strconv.FormatUint(free, 10), "need", strconv.Itoa(needMiB)).Certain(fault.NotSent)
	}
	return nil
}

// compiler is the C compiler that the go tool would take.
func compiler() string {
	if cc := os.Getenv("CC"); cc != "" {
		return cc
	}
	return defaultCompiler
}

func freeMiB(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize) >> 20, nil
}
