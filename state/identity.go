package state

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"unicode/utf8"

	"farol/state/fault"
	"farol/state/secret"

	"filippo.io/age"
)

// SealedIdentityName is the vault's identity under a passphrase, beside the vault.
const SealedIdentityName = "farol.key.age"

// MinPassphrase is how many characters a passphrase must have (reliability.md 2.8).
const MinPassphrase = 12

// Work factors of scrypt, as powers of two. 18 is age's own choice, about a second for each guess; a file
// that asks for more than 20 would keep us busy for its sake.
const (
	work    = 18
	maxWork = 20
)

// maxKey is far more than an identity file has, with its comments.
const maxKey = 16 << 10

// Codes of the identity.
var (
	CodeKeyAbsent       = fault.Define("state.key-absent")       // path
	CodeKeyExists       = fault.Define("state.key-exists")       // path
	CodeKeyOpen         = fault.Define("state.key-open")         // path, mode: others can read it
	CodeKeyDamaged      = fault.Define("state.key-damaged")      // path
	CodePassphraseShort = fault.Define("state.passphrase-short") // minimum: characters
	CodePassphraseTypo  = fault.Define("state.passphrase-typo")  // a new one was not typed the same twice
	CodePassphrase      = fault.Define("state.passphrase-wrong") // path
)

// Identity opens the vault. It is an age X25519 identity, and cannot print itself.
type Identity struct {
	key secret.Secret // AGE-SECRET-KEY-1…
}

// IsZero tells whether there is no identity.
func (id Identity) IsZero() bool { return id.key.IsZero() }

// Format implements fmt.Formatter for every verb.
func (Identity) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, secret.Mask) }

// NewIdentityFile makes an identity and writes it into a new file that only we can read. The file is in
// clear: it is meant for machines without a person, who would type a passphrase.
func NewIdentityFile(path string) (Identity, error) {
	id, err := newIdentity()
	if err != nil {
		return Identity{}, err
	}
	id.key.Reveal(func(key []byte) { err = publishKey(path, append(key, '\n')) })
	return id, err
}

// ReadIdentityFile reads an identity that nobody else can read. Lines that begin with # are comments, so
// files of age-keygen fit.
func ReadIdentityFile(path string) (Identity, error) {
	data, err := slurpKey(path)
	if err != nil {
		return Identity{}, err
	}
	defer clear(data)
	info, err := os.Lstat(path)
	if err != nil {
		return Identity{}, trouble(CodeUnreadable, "path", path, "reason", reason(err)).Because(err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return Identity{}, trouble(CodeKeyOpen, "path", path, "mode", "0"+strconv.FormatUint(uint64(mode), 8))
	}
	return parseIdentity(path, data)
}

// NewPassphraseIdentity makes an identity and writes it into a new file, sealed by a passphrase.
func NewPassphraseIdentity(path string, pass secret.Secret) (Identity, error) {
	return newPassphraseIdentity(path, pass, work)
}

func newPassphraseIdentity(path string, pass secret.Secret, work int) (Identity, error) {
	if utf8.RuneCountInString(pass.Expose()) < MinPassphrase {
		return Identity{}, trouble(CodePassphraseShort, "minimum", strconv.Itoa(MinPassphrase))
	}
	to, err := age.NewScryptRecipient(pass.Expose())
	if err != nil {
		return Identity{}, trouble(CodePassphraseShort, "minimum", strconv.Itoa(MinPassphrase)).Because(err)
	}
	to.SetWorkFactor(work)
	id, err := newIdentity()
	if err != nil {
		return Identity{}, err
	}
	id.key.Reveal(func(key []byte) {
		var sealed []byte
		if sealed, err = encrypt(to, key); err == nil {
			err = publishKey(path, sealed)
		}
	})
	return id, err
}

// UnlockIdentity opens an identity that is sealed by a passphrase. It takes about a second.
func UnlockIdentity(path string, pass secret.Secret) (Identity, error) {
	data, err := slurpKey(path)
	if err != nil {
		return Identity{}, err
	}
	by, err := age.NewScryptIdentity(pass.Expose())
	if err != nil { // it is empty
		return Identity{}, trouble(CodePassphrase, "path", path).Because(err)
	}
	by.SetMaxWorkFactor(maxWork)
	key, err := decrypt(by, data)
	var mismatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &mismatch):
		return Identity{}, trouble(CodePassphrase, "path", path).Because(err)
	case err != nil:
		return Identity{}, trouble(CodeKeyDamaged, "path", path).Because(err)
	}
	defer clear(key)
	return parseIdentity(path, key)
}

func newIdentity() (Identity, error) {
	x, err := age.GenerateX25519Identity()
	if err != nil {
		return Identity{}, fmt.Errorf("making an identity: %w", err)
	}
	return Identity{secret.FromString(x.String())}, nil
}

// parseIdentity finds the one key in the text of an identity file. The cause never goes into the fault,
// because age quotes what it cannot parse.
func parseIdentity(path string, text []byte) (Identity, error) {
	var found []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			found = append(found, line)
		}
	}
	if len(found) == 1 {
		if _, err := age.ParseX25519Identity(found[0]); err == nil {
			return Identity{secret.FromString(found[0])}, nil
		}
	}
	return Identity{}, trouble(CodeKeyDamaged, "path", path)
}

// open gives age's own form of the identity.
func (id Identity) open() (*age.X25519Identity, error) {
	x, err := age.ParseX25519Identity(id.key.Expose())
	if err != nil { // the zero identity; never with the cause, which may quote the key
		return nil, trouble(CodeWrongKey)
	}
	return x, nil
}

func publishKey(path string, data []byte) error {
	d := disk{}
	err := d.makeDir(filepath.Dir(path))
	if err == nil {
		err = d.publish(path, data)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return trouble(CodeKeyExists, "path", path).Because(err)
	case err != nil:
		return unwritable(path, err)
	}
	return nil
}

func slurpKey(path string) ([]byte, error) {
	data, err := slurp(path, maxKey)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, trouble(CodeKeyAbsent, "path", path).Because(err)
	}
	return data, err
}

func encrypt(to age.Recipient, data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to)
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	_, err = w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	return b.Bytes(), nil
}

func decrypt(by age.Identity, data []byte) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(data), by)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
