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

// data is everything that a console remembers.
type data struct {
	Documents     map[string]document `json:"documents"` // by id
	Keys          map[string]apiKey   `json:"keys"`
	Notifications []map[string]any    `json:"notifications"`
}

type apiKey struct {
	Secret string   `json:"secret"`
	Roles  []string `json:"roles"`
}

// store keeps the data in a file that is replaced as a whole, so that a crash leaves the old or the new one.
type store struct {
	path string
	mu   sync.RWMutex
	data data
}

func open(path string) (*store, error) {
	s := &store{path: path, data: data{Documents: map[string]document{}, Keys: map[string]apiKey{}}}
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

// read gives the data as it is now. Documents are replaced, never changed, so they may be kept.
func (s *store) read() data {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return data{maps.Clone(s.data.Documents), maps.Clone(s.data.Keys), slices.Clone(s.data.Notifications)}
}

func (s *store) update(change func(*data)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.data)
	b, err := json.Marshal(s.data)
	if err != nil {
		return err
	}
	tmp := s.path + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, s.path)
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

// plain turns a document into what reading it back from the file would give: bytes become base64, and keys
// without a value go.
func plain(d document) document {
	b, _ := json.Marshal(d) // maps, strings and bytes only
	out := document{}
	_ = json.Unmarshal(b, &out)
	maps.DeleteFunc(out, func(_ string, v any) bool { return v == nil })
	return out
}
