// Package browser stands in for the person at a console's UI: it reads the files that the UI reads, takes what
// the UI takes, and refuses what the UI refuses, in the UI's own words. It follows the UI's program (apollo, of the
// Fabric Operations Console 1.0 to 2.5) and shares no code with Farol's client, so that a file which passes here
// passes there. As the UI does, it does not look whether a key fits its certificate.
package browser

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"farol/state/secret"
)

// Identity is one entry of a wallet, as the UI keeps it.
type Identity struct {
	Cert       string        // base64 of PEM
	PrivateKey secret.Secret // base64 of PEM
	// The nodes that the identity is used for: ids, and for ordering services <cluster id>.<MSP id>.
	Peers, Orderers, CAs, TLSCAs []string
}

// Wallet is what one browser profile holds for one console. The zero value is an empty one.
type Wallet struct{ identities map[string]Identity }

// Names lists the identities in order.
func (w *Wallet) Names() []string { return slices.Sorted(maps.Keys(w.identities)) }

// Identity finds one by its name.
func (w *Wallet) Identity(name string) (Identity, bool) {
	id, ok := w.identities[name]
	return id, ok
}

// named is an identity on its way into the wallet.
type named struct {
	name string
	Identity
}

// create keeps all identities or, when the name of one is taken, none. Of two new ones with one name the last
// counts; the UI does not compare them with each other.
func (w *Wallet) create(ids []named) error {
	var taken []string
	for _, id := range ids {
		if _, there := w.identities[id.name]; there {
			taken = append(taken, id.name)
		}
	}
	if taken != nil {
		return refuse(Taken, saysExists, "names", join(taken))
	}
	if w.identities == nil {
		w.identities = map[string]Identity{}
	}
	for _, id := range ids {
		w.identities[id.name] = id.Identity
	}
	return nil
}

// kept is an identity in the file of a profile.
type kept struct {
	Cert       string   `json:"cert"`
	PrivateKey string   `json:"private_key"`
	Peers      []string `json:"peers,omitempty"`
	Orderers   []string `json:"orderer,omitempty"`
	CAs        []string `json:"cas,omitempty"`
	TLSCAs     []string `json:"tls_cas,omitempty"`
}

// Load opens the profile in a file. Where there is none yet, the wallet is empty.
func Load(path string) (*Wallet, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Wallet{}, nil
	}
	if err != nil {
		return nil, err
	}
	var all map[string]kept
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	w := &Wallet{identities: map[string]Identity{}}
	for name, k := range all {
		w.identities[name] = Identity{k.Cert, secret.FromString(k.PrivateKey), k.Peers, k.Orderers, k.CAs, k.TLSCAs}
	}
	return w, nil
}

// Save keeps the profile in a file for its owner alone: as in a real browser's storage, the keys are in it.
func (w *Wallet) Save(path string) error {
	all := map[string]kept{}
	for name, id := range w.identities {
		all[name] = kept{id.Cert, id.PrivateKey.Expose(), id.Peers, id.Orderers, id.CAs, id.TLSCAs}
	}
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
