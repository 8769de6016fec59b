package consoles

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"
)

// document is a component as the console keeps it: the v3 shape, which sorts its keys when it is sent.
type document map[string]any

func (d document) text(key string) string { s, _ := d[key].(string); return s }
func (d document) imported() bool         { return d["imported"] == true }

// data is everything that a console remembers.
type data struct {
	Documents     map[string]document    `json:"documents"` // by id
	Keys          map[string]apiKey      `json:"keys"`
	Users         map[string]user        `json:"users"`
	Tokens        map[string]bearerToken `json:"tokens"`
	Notifications []map[string]any       `json:"notifications"`
}

// store keeps the data in a file that is replaced as a whole, so that a crash leaves the old or the new one.
type store struct {
	path string

	mu       sync.RWMutex
	data     data
	reserved map[string]bool // ids of nodes that are being made
}

func open(path string) (*store, error) {
	s := &store{path: path, reserved: map[string]bool{}, data: empty()}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &s.data); err != nil {
		return nil, fmt.Errorf("console store %s: %w", path, err)
	}
	return s, nil
}

func empty() data {
	return data{Documents: map[string]document{}, Keys: map[string]apiKey{}, Users: map[string]user{}, Tokens: map[string]bearerToken{}}
}

func (d data) clone() data {
	return data{maps.Clone(d.Documents), maps.Clone(d.Keys), maps.Clone(d.Users), maps.Clone(d.Tokens), slices.Clone(d.Notifications)}
}

// read gives the data as it is now. Documents are replaced, never changed, so they may be kept.
func (s *store) read() data {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.data.clone()
}

// update changes the data, in memory only once the file has the change.
func (s *store) update(change func(*data)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.change(change)
}

func (s *store) change(change func(*data)) error {
	next := s.data.clone()
	change(&next)
	b, err := json.Marshal(next)
	if err != nil {
		return err
	}
	tmp := s.path + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	if err := os.Rename(tmp, s.path); err != nil {
		return err
	}
	s.data = next
	return nil
}

// reserve chooses an id for a node that will be made, or, with an ending, what the ids of several begin with.
// Nobody else gets it until it is released.
func (s *store) reserve(name, ending string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := deploymentOf(free(idOf(name), func(id string) bool {
		return s.taken(id) || s.taken(deploymentOf(id)) || s.taken(deploymentOf(id)+ending)
	}))
	s.reserved[id] = true
	return id
}

func (s *store) release(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.reserved, id)
}

func (s *store) taken(id string) bool {
	_, there := s.data.Documents[id]
	return there || s.reserved[id]
}

// insert keeps a new document. Its id is chosen here, so that two at once never get one id: an empty id is made
// from the display name, and one that is taken is counted up.
func (s *store) insert(d document) (document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := d.text("id")
	if !d.imported() {
		delete(s.reserved, id) // it is for this one
	}
	if id == "" {
		id = free(idOf(d.text("display_name")), s.taken)
	} else if _, there := s.data.Documents[id]; there {
		id = free(id, s.taken)
	}
	d["id"] = id
	return d, s.change(func(all *data) { all.Documents[id] = d })
}

// insertAs keeps a new document under its own id, or tells that it is taken.
func (s *store) insertAs(d document) (free bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.data.Documents[d.text("id")]; there {
		return false, nil
	}
	return true, s.change(func(all *data) { all.Documents[d.text("id")] = d })
}

// get finds one document.
func (s *store) get(id string) (document, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, ok := s.data.Documents[id]
	return d, ok
}

// list gives the documents that a filter keeps, in the order of their ids.
func (s *store) list(keep func(document) bool) []document {
	docs := s.read().Documents
	out := []document{}
	for _, id := range slices.Sorted(maps.Keys(docs)) {
		if keep(docs[id]) {
			out = append(out, docs[id])
		}
	}
	return out
}
