package sandbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"farol/clients/sandbox/process"
)

// folder knows where everything of one practice world is.
type folder string

func (f folder) in(parts ...string) string {
	return filepath.Join(append([]string{string(f)}, parts...)...)
}

func (f folder) lock() string            { return f.in("daemon.lock") }
func (f folder) world() string           { return f.in("world.json") }
func (f folder) failure() string         { return f.in("failure.json") }
func (f folder) relay() string           { return f.in("relay.json") }
func (f folder) consoleCA() string       { return f.in("console-ca.pem") }
func (f folder) renewedCA() string       { return f.in("console-ca-renewed.pem") }
func (f folder) requests() string        { return f.log("requests") }
func (f folder) ordering() string        { return f.in("ordering-service.json") }
func (f folder) program() string         { return f.in("bin", "farol") }
func (f folder) builder() string         { return f.in("bin", "ccaas") }
func (f folder) log(name string) string  { return f.in("log", name+".log") }
func (f folder) node(name string) string { return f.in("nodes", name) }
func (f folder) store(region string) string {
	return f.in("consoles", region+".json")
}
func (f folder) run() process.Folder { return process.Folder(f.in("run")) }

// forget removes what a former world left, but for the program that is running and the logs.
func (f folder) forget() error {
	var errs []error
	for _, path := range []string{f.world(), f.failure(), f.relay(), f.consoleCA(), f.renewedCA(), f.ordering(), f.in("nodes"), f.in("consoles"), f.in("run")} {
		errs = append(errs, os.RemoveAll(path))
	}
	return errors.Join(errs...)
}

// write makes a file with its folder; secret files are for the user alone, and so are all others.
func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// replace writes a file so that a reader sees the old or the new content, never a part.
func replace(path string, content []byte) error {
	if err := write(path+".new", content); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// copyProgram puts a copy of an executable into place, because the original may vanish (go run, an upgrade).
func copyProgram(from, to string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("copy of the program: %w", err)
		}
	}()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	// A child that is forked while the copy is open for writing would hold it open, and it could not be executed.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	dst, err := os.CreateTemp(filepath.Dir(to), ".farol-*")
	if err != nil {
		return err
	}
	defer os.Remove(dst.Name())
	_, err = io.Copy(dst, src)
	if err = errors.Join(err, dst.Chmod(0o700), dst.Close()); err != nil {
		return err
	}
	return os.Rename(dst.Name(), to)
}
