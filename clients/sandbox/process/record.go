// Package process starts, remembers and stops the processes of the practice world. Each has one record on disk
// from which it can be recognised later, also by another program: a pid alone may have passed on to a stranger.
package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Kind is what a process is. It decides the order in which a world goes up and down.
type Kind string

// The kinds, in the order in which they are started.
const (
	Daemon   Kind = "daemon"
	Relay    Kind = "relay"
	CA       Kind = "ca"
	Orderer  Kind = "orderer"
	Contract Kind = "contract" // before its peer, which dials it at once
	Peer     Kind = "peer"
)

var startOrder = []Kind{Daemon, Relay, CA, Orderer, Contract, Peer}

// stopOrder ends contracts first, so that no peer starts work it cannot finish; the network goes last.
var stopOrder = []Kind{Contract, Peer, Orderer, CA, Relay, Daemon}

// Record is what is kept about one process while it is meant to run.
type Record struct {
	Name    string   `json:"name"` // unique in a world; also the name of its log
	Region  string   `json:"region,omitempty"`
	Kind    Kind     `json:"kind"`
	Addr    string   `json:"addr,omitempty"` // loopback address it serves on
	Exe     string   `json:"exe"`            // path of the program, links resolved
	Args    []string `json:"args"`
	PID     int      `json:"pid"`
	Started string   `json:"started"` // the kernel's start mark of the pid; differs when the pid passed on
}

// Alive tells whether the very process of the record still runs.
func (r Record) Alive() bool {
	s, err := look(r.PID)
	return err == nil && !s.dead && s.started == r.Started && (s.exe == "" || s.exe == r.Exe)
}

// RSS is the resident memory of the process in bytes, 0 when it is not known.
func (r Record) RSS() int64 {
	if !r.Alive() {
		return 0
	}
	return resident(r.PID)
}

// Signal sends a signal to the very process of the record; os.ErrProcessDone when it is gone.
func (r Record) Signal(sig syscall.Signal) error {
	if !r.Alive() {
		return os.ErrProcessDone
	}
	if err := syscall.Kill(r.PID, sig); err != nil {
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return fmt.Errorf("signal %s to %s: %w", sig, r.Name, err)
	}
	return nil
}

// Folder is where the records of one world are.
type Folder string

func (f Folder) file(name string) string { return filepath.Join(string(f), name+".json") }

// Save writes a record whole or not at all.
func (f Folder) Save(r Record) error {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	tmp := f.file(r.Name) + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return fmt.Errorf("process record: %w", err)
	}
	return os.Rename(tmp, f.file(r.Name))
}

// Forget removes a record.
func (f Folder) Forget(name string) error {
	if err := os.Remove(f.file(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("process record: %w", err)
	}
	return nil
}

// Records lists all records in the order of starting. A folder that is not there holds none.
func (f Folder) Records() ([]Record, error) {
	files, err := filepath.Glob(f.file("*"))
	if err != nil {
		return nil, err
	}
	var out []Record
	for _, file := range files {
		b, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it ended meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("process record: %w", err)
		}
		var r Record
		if err := json.Unmarshal(b, &r); err != nil {
			return nil, fmt.Errorf("process record %s: %w", file, err)
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Record) int {
		if d := slices.Index(startOrder, a.Kind) - slices.Index(startOrder, b.Kind); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, nil
}
