package binaries

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"farol/state/fault"
)

var (
	// Modules means that the module proxy cannot be reached; facts: line (of the go tool).
	Modules = fault.Define("sandbox.modules")
	// BuildFailed means that the compiler gave up; facts: program, line (of the go tool).
	BuildFailed = fault.Define("sandbox.build")
)

// The releases that are built. The go.mod pins their commits.
const (
	fabricVersion = "2.5.9"
	caVersion     = "1.5.15"
)

//go:embed fabric.mod
var goMod []byte

//go:embed fabric.sum
var goSum []byte

const linkFlags = "-s -w" +
	" -X github.com/hyperledger/fabric/common/metadata.Version=" + fabricVersion +
	" -X github.com/hyperledger/fabric-ca/lib/metadata.Version=" + caVersion

// build makes all programs aside and moves them into place when they are complete.
func (f Finder) build(ctx context.Context, dir string) error {
	work, err := os.MkdirTemp(f.Cache, ".build-*")
	if err != nil {
		return fmt.Errorf("build folder: %w", err)
	}
	defer os.RemoveAll(work)
	for name, content := range map[string][]byte{"go.mod": goMod, "go.sum": goSum} {
		if err := os.WriteFile(filepath.Join(work, name), content, 0o600); err != nil {
			return fmt.Errorf("build folder: %w", err)
		}
	}
	finished := filepath.Join(work, "bin")
	for i, p := range programs {
		if f.Building != nil {
			f.Building(p.name, i+1, len(programs))
		}
		printed, err := f.Machine.Build(ctx, work, "build", "-trimpath", "-ldflags", linkFlags,
			"-o", filepath.Join(finished, p.name), p.source)
		if err != nil {
			return failure(ctx, p.name, printed, err)
		}
	}
	return replace(finished, dir)
}

// failure tells a network that does not answer from source that does not compile.
func failure(ctx context.Context, program string, printed []byte, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	line := lastLine(printed)
	cause := fmt.Errorf("go build %s: %w: %s", program, err, tail(printed, 2000))
	for _, sign := range []string{"dial tcp", "i/o timeout", "no such host", "TLS handshake", "module lookup disabled", "reading http", "Get \"http"} {
		if bytes.Contains(printed, []byte(sign)) {
			return fault.New(Modules, "line", line).Certain(fault.NotSent).Later().Because(cause)
		}
	}
	return fault.New(BuildFailed, "program", program, "line", line).Certain(fault.NotSent).Because(cause)
}

func lastLine(b []byte) string {
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

func tail(b []byte, n int) []byte { return b[max(0, len(b)-n):] }

// goTool builds for this computer whatever the user's settings say, and ends with everything it started.
func goTool(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOWORK=off", "GOFLAGS=-mod=readonly", "GO111MODULE=on",
		"GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) {
			return err
		}
		return os.ErrProcessDone
	}
	cmd.WaitDelay = 5 * time.Second
	return cmd.CombinedOutput()
}
