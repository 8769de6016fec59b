// Package binaries finds Fabric's programs for the practice world, or builds them once from pinned modules into
// the user's cache. They are for loopback only; they are no production images.
package binaries

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"

	"farol/state/fault"
)

// Missing means that the given folder lacks a program; facts: dir, missing.
var Missing = fault.Define("sandbox.bin")

// The programs.
const (
	Peer     = "peer"
	Orderer  = "orderer"
	CAServer = "fabric-ca-server"
)

// programs lists each program and where its source is, in the order of building.
var programs = []struct{ name, source string }{
	{Orderer, "github.com/hyperledger/fabric/cmd/orderer"},
	{Peer, "github.com/hyperledger/fabric/cmd/peer"},
	{CAServer, "github.com/hyperledger/fabric-ca/cmd/fabric-ca-server"},
}

// release names the folder in the cache, so that another pin never meets old programs.
const release = "fabric-" + fabricVersion + "-ca-" + caVersion + "-" + runtime.GOOS + "-" + runtime.GOARCH

// Finder says where to look.
type Finder struct {
	Bin      string                              // folder with the programs; empty: the cache
	Cache    string                              // Farol's folder in the user's cache
	Machine  Machine                             // this computer
	Building func(program string, index, of int) // called before each program is built; nil: not
}

// Cache is Farol's folder in the user's cache, made when it is not there.
func Cache() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("user's cache: %w", err)
	}
	dir := filepath.Join(base, "farol")
	return dir, os.MkdirAll(dir, 0o755)
}

// Find gives the folder with all programs. It builds them when they are not in the cache; two callers at once
// build once.
func (f Finder) Find(ctx context.Context) (string, error) {
	if err := f.Machine.CanRun(); err != nil {
		return "", err
	}
	if f.Bin != "" {
		if missing := lacks(f.Bin); missing != "" {
			return "", fault.New(Missing, "dir", f.Bin, "missing", missing).Certain(fault.NotSent)
		}
		return filepath.Abs(f.Bin)
	}
	dir := filepath.Join(f.Cache, release)
	if lacks(dir) == "" {
		return dir, nil
	}
	if err := f.Machine.CanBuild(f.Cache); err != nil {
		return "", err
	}
	lock := flock.New(dir + ".lock")
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("lock of the build: %w", err)
	}
	defer lock.Unlock()
	if lacks(dir) == "" {
		return dir, nil // somebody else has built meanwhile
	}
	return dir, f.build(ctx, dir)
}

// lacks names the first program that a folder does not have.
func lacks(dir string) string {
	for _, p := range programs {
		info, err := os.Stat(filepath.Join(dir, p.name))
		if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
			return p.name
		}
	}
	return ""
}

// replace puts a finished folder in the place of whatever is there.
func replace(finished, dir string) error {
	return errors.Join(os.RemoveAll(dir), os.Rename(finished, dir))
}
