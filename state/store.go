// Package state keeps what a set-up was told and what became of it: the answers, the checkpoints, the
// vault. It survives a crash at any instant, and tells damage from edits and from a newer Farol.
package state

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"farol/state/fault"

	"gopkg.in/yaml.v3"
)

// Options say who works on a set-up, and how.
type Options struct {
	Tool         string           // version of this Farol
	Command      string           // what the person runs: "farol run"; shown to whom the lock keeps out
	AcceptEdited bool             // take a file that was edited by hand as it is, and seal it again
	Now          func() time.Time // nil: time.Now
	disk         disk
}

func (o Options) now() time.Time {
	if o.Now == nil {
		o.Now = time.Now
	}
	return o.Now().UTC().Truncate(time.Second)
}

// Store is an open set-up. Whoever has it, has the lock.
type Store struct {
	dir  string
	opts Options

	mu     sync.Mutex
	lock   *lock  // nil once closed
	saved  []byte // farol.yaml as the last save left it
	placed []byte // of a save that may or may not be durable: it failed after the new file was in place
	serial int64  // the last one given out, also to a save that failed
}

// Create begins a set-up in a folder, which it makes if needed. Close gives the lock back.
func Create(dir string, setup Setup, o Options) (*Store, error) {
	if err := o.disk.makeDir(dir); err != nil {
		return nil, unwritable(filepath.Join(dir, FileName), err)
	}
	if err := folder(dir); err != nil {
		return nil, err
	}
	l, err := acquire(dir, o)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, opts: o, lock: l}
	if Exists(dir) {
		return nil, errors.Join(trouble(CodeExists, "dir", dir), l.release())
	}
	var lineage [16]byte
	_, _ = rand.Read(lineage[:]) // crypto/rand.Read never fails since Go 1.24
	err = s.save(File{Lineage: hex.EncodeToString(lineage[:]), Setup: setup})
	if err != nil {
		return nil, errors.Join(err, l.release())
	}
	return s, nil
}

// Open takes the lock of a set-up, reads it, and keeps one copy of it as this session's backup.
func Open(dir string, o Options) (*Store, error) {
	if err := folder(dir); err != nil {
		return nil, err
	}
	if !Exists(dir) { // before the lock leaves a file in a folder that is none of ours
		return nil, trouble(CodeAbsent, "dir", dir)
	}
	l, err := acquire(dir, o)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, opts: o, lock: l}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, l.release())
	}
	return s, nil
}

func (s *Store) open() error {
	f, data, err := load(s.path())
	edited := fault.Is(err, CodeEdited)
	if err != nil && !(edited && s.opts.AcceptEdited) {
		return withRescue(s.dir, err)
	}
	if err := ours(s.path()); err != nil {
		return unwritable(s.path(), err)
	}
	s.saved, s.serial = data, f.Serial
	kind := "session"
	if edited {
		kind = "edited"
	}
	if err := backup(s.dir, s.opts.disk, f.Serial, kind, data); err != nil || !edited {
		return err
	}
	// Evidence of other answers proves nothing: everything that was done is looked at again.
	for i := range f.Steps {
		if f.Steps[i].Status == Done {
			f.Steps[i].Status = Drifted
		}
	}
	return s.save(f)
}

// File gives a copy of what is saved.
func (s *Store) File() File {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.copy()
}

// copy reads the saved bytes again: nobody else can hold a part of what comes out.
func (s *Store) copy() File {
	var f File
	body, _, _ := unseal(s.saved)
	if err := yaml.Unmarshal(body, &f); err != nil {
		panic(fmt.Sprintf("state: what was saved cannot be read: %v", err))
	}
	return f
}

// Dir is the set-up's folder.
func (s *Store) Dir() string { return s.dir }

// Update changes the set-up durably. When it returns an error, File still gives what was there before.
// It may be called from any goroutine; change must not call the store.
func (s *Store) Update(change func(*File)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return trouble(CodeClosed, "dir", s.dir)
	}
	next := s.copy()
	lineage := next.Lineage
	change(&next)
	next.Lineage = lineage
	return s.save(next)
}

// save writes a file with the next serial. A serial is never given out twice, so that of two files the
// one with the greater serial is always the newer one.
func (s *Store) save(f File) error {
	s.serial++
	f.Schema, f.MinReader, f.Tool = Schema, Schema, s.opts.Tool
	f.Serial, f.Updated, f.By = s.serial, s.opts.now(), author()
	data, err := encode(f)
	if err != nil {
		return trouble(CodeUnfit, "dir", s.dir).Because(err)
	}
	if err := s.fence(); err != nil {
		return err
	}
	prev := ""
	if s.saved != nil {
		prev = s.path() + ".prev"
	}
	placed, err := s.opts.disk.replace(s.path(), data, 0o600, prev)
	if placed {
		s.placed = data
	}
	if err != nil {
		return unwritable(s.path(), err)
	}
	s.saved = data
	return nil
}

// fence refuses to write over a file that is not the one we left, whatever let the other one pass the lock.
func (s *Store) fence() error {
	now, err := slurp(s.path(), maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && s.saved == nil:
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case err == nil && s.saved != nil && (bytes.Equal(now, s.saved) || bytes.Equal(now, s.placed)):
		return nil
	}
	return trouble(CodeOvertaken, "dir", s.dir)
}

// Close gives the lock back. Closing twice does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return nil
	}
	err := s.lock.release()
	s.lock = nil
	return err
}

func (s *Store) path() string { return filepath.Join(s.dir, FileName) }
