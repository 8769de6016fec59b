package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Addresses is the file of one peer that says on which loopback address each package's contract listens.
// The sandbox adds an entry once the contract answers; the builder waits for it.
type Addresses string

// Load reads all entries: package id to address. A file that is not there has none.
func (a Addresses) Load() (map[string]string, error) {
	all := map[string]string{}
	b, err := os.ReadFile(string(a))
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, fmt.Errorf("contract addresses: %w", err)
	}
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("contract addresses: %w", err)
	}
	return all, nil
}

// Add makes one entry known. Only one program writes.
func (a Addresses) Add(packageID, addr string) error {
	all, err := a.Load()
	if err != nil {
		return err
	}
	all[packageID] = addr
	b, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return err
	}
	tmp := string(a) + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return fmt.Errorf("contract addresses: %w", err)
	}
	return os.Rename(tmp, string(a))
}

// Await waits for the entry of a package.
func (a Addresses) Await(ctx context.Context, packageID string) (string, error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		all, err := a.Load()
		if err != nil {
			return "", err
		}
		if addr, ok := all[packageID]; ok {
			return addr, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return "", fmt.Errorf("no contract of %s is running: %w", packageID, ctx.Err())
		}
	}
}
