package state

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"sync"

	"farol/state/fault"
	"farol/state/secret"

	"filippo.io/age"
)

// VaultName is the name of the vault in a set-up's folder.
const VaultName = "farol.vault.age"

// maxVault is far more than a vault of ten regions has.
const maxVault = 16 << 20

// Codes of the vault, and of everything else that an identity seals.
var (
	CodeVaultLocked  = fault.Define("state.vault-locked")  // path: its passphrase is needed, and there is nobody to ask
	CodeVaultAbsent  = fault.Define("state.vault-absent")  // path
	CodeVaultExists  = fault.Define("state.vault-exists")  // path
	CodeVaultDamaged = fault.Define("state.vault-damaged") // path
	CodeWrongKey     = fault.Define("state.wrong-key")     // path: sealed for another identity
	CodeDamagedSeal  = fault.Define("state.seal-damaged")  // what is to be unsealed is damaged, or not sealed at all
)

// Vault keeps secrets by name, sealed on disk. It may be used from any goroutine. The lock of its set-up
// keeps other processes away.
type Vault struct {
	path string
	id   Identity
	disk disk

	mu      sync.Mutex
	secrets map[string]secret.Secret
}

// content is what is sealed. Bytes become base64 in JSON, so that a secret need not be text.
type content struct {
	Version int               `json:"version"`
	Secrets map[string][]byte `json:"secrets"`
}

const vaultVersion = 1

// CreateVault begins an empty vault, where none is yet.
func CreateVault(path string, id Identity) (*Vault, error) {
	v := &Vault{path: path, id: id, secrets: map[string]secret.Secret{}}
	if err := v.disk.makeDir(filepath.Dir(path)); err != nil {
		return nil, unwritable(path, err)
	}
	sealed, err := v.seal(v.secrets)
	if err != nil {
		return nil, err
	}
	err = v.disk.publish(path, sealed)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, trouble(CodeVaultExists, "path", path).Because(err)
	case err != nil:
		return nil, unwritable(path, err)
	}
	return v, nil
}

// OpenVault opens a vault with the identity that it was sealed for.
func OpenVault(path string, id Identity) (*Vault, error) {
	sealed, err := slurp(path, maxVault)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, trouble(CodeVaultAbsent, "path", path).Because(err)
	}
	if err != nil {
		return nil, err
	}
	data, err := Unseal(id, sealed)
	switch {
	case fault.Is(err, CodeWrongKey):
		return nil, trouble(CodeWrongKey, "path", path).Because(err)
	case err != nil:
		return nil, trouble(CodeVaultDamaged, "path", path).Because(err)
	}
	defer clear(data)
	var c content
	if err := json.Unmarshal(data, &c); err != nil || c.Version != vaultVersion {
		return nil, trouble(CodeVaultDamaged, "path", path) // without the cause: it may quote a secret
	}
	v := &Vault{path: path, id: id, secrets: map[string]secret.Secret{}}
	for name, b := range c.Secrets {
		v.secrets[name] = secret.New(b)
		clear(b)
	}
	return v, nil
}

// Get gives the secret of a name, and whether there is one.
func (v *Vault) Get(name string) (secret.Secret, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	s, ok := v.secrets[name]
	return s, ok
}

// Names lists the names of the secrets in order.
func (v *Vault) Names() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Sorted(maps.Keys(v.secrets))
}

// Put keeps one secret. It is durable when Put returns without an error; with one, Get gives what it gave before.
func (v *Vault) Put(name string, s secret.Secret) error {
	return v.PutAll(map[string]secret.Secret{name: s})
}

// PutAll keeps several secrets at once: all or none.
func (v *Vault) PutAll(all map[string]secret.Secret) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	next := maps.Clone(v.secrets)
	maps.Copy(next, all)
	sealed, err := v.seal(next)
	if err != nil {
		return err
	}
	if len(sealed) > maxVault { // it could not be read back
		return trouble(CodeUnfit, "dir", filepath.Dir(v.path))
	}
	if _, err := v.disk.replace(v.path, sealed, 0o600, ""); err != nil {
		return unwritable(v.path, err)
	}
	v.secrets = next
	return nil
}

func (v *Vault) seal(secrets map[string]secret.Secret) ([]byte, error) {
	c := content{Version: vaultVersion, Secrets: map[string][]byte{}}
	for name, s := range secrets {
		s.Reveal(func(b []byte) { c.Secrets[name] = slices.Clone(b) })
	}
	data, err := json.Marshal(c)
	for _, b := range c.Secrets {
		clear(b)
	}
	if err != nil {
		return nil, errors.New("the vault cannot be encoded")
	}
	defer clear(data)
	return Seal(v.id, data)
}

// Seal encrypts data so that only this identity opens it, in the format of age: a person with the
// identity file can also use the age command.
func Seal(id Identity, data []byte) ([]byte, error) {
	x, err := id.open()
	if err != nil {
		return nil, err
	}
	return encrypt(x.Recipient(), data)
}

// Unseal decrypts what Seal made.
func Unseal(id Identity, sealed []byte) ([]byte, error) {
	x, err := id.open()
	if err != nil {
		return nil, err
	}
	data, err := decrypt(x, sealed)
	var mismatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &mismatch):
		return nil, trouble(CodeWrongKey).Because(err)
	case err != nil:
		return nil, trouble(CodeDamagedSeal).Because(err)
	}
	return data, nil
}
