package state

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"farol/state/secret"
)

// identity makes an identity file in a new folder.
func identity(t *testing.T) Identity {
	t.Helper()
	id, err := NewIdentityFile(filepath.Join(t.TempDir(), "identity"))
	must(t, err)
	return id
}

func vault(t *testing.T) *Vault {
	t.Helper()
	v, err := CreateVault(filepath.Join(t.TempDir(), VaultName), identity(t))
	must(t, err)
	return v
}

func wantSecret(t *testing.T, v *Vault, name, want string) {
	t.Helper()
	if s, ok := v.Get(name); !ok || s.Expose() != want {
		t.Errorf("%s: there %v, as it was %v", name, ok, s.Expose() == want)
	}
}

func TestAVaultKeepsWhatWasPut(t *testing.T) {
	t.Parallel()
	v := vault(t)
	binary := "\x00\xff\n" + strings.Repeat("k", 100<<10)
	must(t, v.Put("console/us-east/secret", secret.FromString("s3cret")))
	must(t, v.PutAll(map[string]secret.Secret{"admin/key": secret.FromString(binary), "empty": {}}))
	must(t, v.Put("console/us-east/secret", secret.FromString("newer")))
	again, err := OpenVault(v.path, v.id)
	must(t, err)
	for _, v := range []*Vault{v, again} {
		wantSecret(t, v, "console/us-east/secret", "newer")
		wantSecret(t, v, "admin/key", binary)
		wantSecret(t, v, "empty", "")
		if got := v.Names(); !reflect.DeepEqual(got, []string{"admin/key", "console/us-east/secret", "empty"}) {
			t.Errorf("names %v", got)
		}
		if _, ok := v.Get("none"); ok {
			t.Error("has what was never put")
		}
	}
}

func TestManyMayPutAtOnce(t *testing.T) {
	t.Parallel()
	v := vault(t)
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			if err := v.Put(strconv.Itoa(n), secret.FromString("x")); err != nil {
				t.Error(err)
			}
			v.Names()
		})
	}
	all.Wait()
	again, err := OpenVault(v.path, v.id)
	must(t, err)
	if got := len(again.Names()); got != 20 {
		t.Errorf("%d of 20 are there", got)
	}
}

func TestNothingOfAVaultIsInClear(t *testing.T) {
	t.Parallel()
	v := vault(t)
	must(t, v.Put("a-name", secret.FromString("a-secret-of-some-length")))
	data := string(bytesOf(t, v.path))
	for _, clear := range []string{"a-secret", "a-name", "YS1zZWNyZX"} {
		if strings.Contains(data, clear) {
			t.Errorf("the file holds %q", clear)
		}
	}
	info, err := os.Stat(v.path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	wantNames(t, filepath.Dir(v.path), VaultName)
}

func TestAVaultOpensForItsOwnIdentityOnly(t *testing.T) {
	t.Parallel()
	v := vault(t)
	for _, other := range []Identity{identity(t), {}} {
		f := wantCode(t, second(OpenVault(v.path, other)), CodeWrongKey)
		if f.Facts["path"] != v.path && !other.IsZero() {
			t.Errorf("facts %v", f.Facts)
		}
	}
}

func TestADamagedVaultIsRefused(t *testing.T) {
	t.Parallel()
	v := vault(t)
	must(t, v.Put("a", secret.FromString("b")))
	whole := bytesOf(t, v.path)
	path := filepath.Join(t.TempDir(), VaultName)
	for n := range whole {
		must(t, os.WriteFile(path, whole[:n], 0o600))
		wantCode(t, second(OpenVault(path, v.id)), CodeVaultDamaged)
	}
	for i := range whole {
		spoilt := slices.Clone(whole)
		spoilt[i] ^= 1
		must(t, os.WriteFile(path, spoilt, 0o600))
		if _, err := OpenVault(path, v.id); err == nil {
			t.Fatalf("byte %d may change", i)
		}
	}
	other, err := Seal(v.id, []byte(`{"version": 2, "secrets": {}}`))
	must(t, err)
	must(t, os.WriteFile(path, other, 0o600))
	wantCode(t, second(OpenVault(path, v.id)), CodeVaultDamaged)
}

func TestAVaultIsNeitherReplacedNorInvented(t *testing.T) {
	t.Parallel()
	v := vault(t)
	must(t, v.Put("a", secret.FromString("b")))
	wantCode(t, second(CreateVault(v.path, v.id)), CodeVaultExists)
	again, err := OpenVault(v.path, v.id)
	must(t, err)
	wantSecret(t, again, "a", "b")
	wantCode(t, second(OpenVault(v.path+".none", v.id)), CodeVaultAbsent)
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(v.path, link))
	wantCode(t, second(OpenVault(link, v.id)), CodeNotPlain)
}

func TestAFailedPutKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	for n := range 6 { // create, write, sync, close, rename, syncdir
		t.Run(strconv.Itoa(n+1), func(t *testing.T) {
			t.Parallel()
			v := vault(t)
			must(t, v.Put("a", secret.FromString("old")))
			first := ""
			v.disk.before = failing(n+1, syscall.ENOSPC, &first)
			f := wantCode(t, v.Put("a", secret.FromString("new")), CodeUnwritable)
			if f.Facts["reason"] != "full" || first == "" {
				t.Errorf("fault %v after a failed %q", f, first)
			}
			wantSecret(t, v, "a", "old")
			again, err := OpenVault(v.path, v.id)
			must(t, err)
			want := map[bool]string{false: "old", true: "new"}[first == "syncdir"]
			wantSecret(t, again, "a", want)
			v.disk.before = nil
			must(t, v.Put("b", secret.FromString("x")))
		})
	}
}

func TestSealsForItsOwnIdentity(t *testing.T) {
	t.Parallel()
	id := identity(t)
	sealed, err := Seal(id, []byte("private_key"))
	must(t, err)
	if !strings.HasPrefix(string(sealed), "age-encryption.org/v1\n") || strings.Contains(string(sealed), "private_key") {
		t.Errorf("sealed: %q", sealed)
	}
	data, err := Unseal(id, sealed)
	if err != nil || string(data) != "private_key" {
		t.Errorf("unsealed %q, %v", data, err)
	}
	wantCode(t, second(Unseal(identity(t), sealed)), CodeWrongKey)
	wantCode(t, second(Unseal(id, sealed[:len(sealed)-1])), CodeDamagedSeal)
	wantCode(t, second(Seal(Identity{}, nil)), CodeWrongKey)
}

func TestReadsTheIdentityFileThatItWrote(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "identity")
	id, err := NewIdentityFile(path)
	must(t, err)
	again, err := ReadIdentityFile(path)
	must(t, err)
	if id.IsZero() || again.key.Expose() != id.key.Expose() {
		t.Error("another identity came back")
	}
	wantCode(t, second(NewIdentityFile(path)), CodeKeyExists)
	must(t, os.WriteFile(path, append([]byte("# created: today\n\n"), bytesOf(t, path)...), 0o600))
	must(t, second(ReadIdentityFile(path))) // as age-keygen writes it
}

func TestRefusesIdentityFiles(t *testing.T) {
	t.Parallel()
	key := identity(t).key.Expose()
	write := func(text string, mode os.FileMode) string {
		path := filepath.Join(t.TempDir(), "identity")
		must(t, os.WriteFile(path, []byte(text), 0o600))
		must(t, os.Chmod(path, mode))
		return path
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o601} {
		f := wantCode(t, second(ReadIdentityFile(write(key, mode))), CodeKeyOpen)
		if want := fmt.Sprintf("0%o", mode); f.Facts["mode"] != want {
			t.Errorf("mode %q, want %q", f.Facts["mode"], want)
		}
	}
	for name, text := range map[string]string{"empty": "", "cut": key[:40], "two": key + "\n" + key, "other": "hello"} {
		f := wantCode(t, second(ReadIdentityFile(write(text, 0o600))), CodeKeyDamaged)
		if strings.Contains(f.Error(), key[15:40]) {
			t.Errorf("%s: the fault quotes the key: %v", name, f)
		}
	}
	wantCode(t, second(ReadIdentityFile(filepath.Join(t.TempDir(), "none"))), CodeKeyAbsent)
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(write(key, 0o600), link))
	wantCode(t, second(ReadIdentityFile(link)), CodeNotPlain)
}

func TestAPassphraseUnlocksTheIdentity(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), SealedIdentityName)
	pass := secret.FromString("correct horse battery")
	id, err := newPassphraseIdentity(path, pass, 10)
	must(t, err)
	again, err := UnlockIdentity(path, pass)
	must(t, err)
	if again.key.Expose() != id.key.Expose() || id.IsZero() {
		t.Error("another identity came back")
	}
	if strings.Contains(string(bytesOf(t, path)), "AGE-SECRET-KEY") {
		t.Error("the key lies in clear")
	}
	for _, wrong := range []string{"correct horse batterz", "", "x"} {
		wantCode(t, second(UnlockIdentity(path, secret.FromString(wrong))), CodePassphrase)
	}
	wantCode(t, second(newPassphraseIdentity(path, pass, 10)), CodeKeyExists)
	wantCode(t, second(UnlockIdentity(path+".none", pass)), CodeKeyAbsent)
	must(t, os.Truncate(path, 60))
	wantCode(t, second(UnlockIdentity(path, pass)), CodeKeyDamaged)
}

func TestAGuessCostsAboutASecond(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("scrypt takes a second")
	}
	path := filepath.Join(t.TempDir(), SealedIdentityName)
	must(t, second(NewPassphraseIdentity(path, secret.FromString("correct horse battery"))))
	if head := strings.SplitN(string(bytesOf(t, path)), "\n", 3); !strings.HasPrefix(head[1], "-> scrypt ") || !strings.HasSuffix(head[1], " 18") {
		t.Errorf("sealed with %q", head[1])
	}
}

func TestRefusesAShortPassphrase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), SealedIdentityName)
	for _, short := range []string{"", "eleven char", "ééééééééééé"} {
		f := wantCode(t, second(newPassphraseIdentity(path, secret.FromString(short), 10)), CodePassphraseShort)
		if f.Facts["minimum"] != "12" {
			t.Errorf("facts %v", f.Facts)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a refused passphrase left a file")
	}
}

func TestAnIdentityDoesNotPrintItself(t *testing.T) {
	t.Parallel()
	id := identity(t)
	key := id.key.Expose()
	for _, v := range []any{id, &id, struct{ id Identity }{id}, map[string]Identity{"k": id}, vault(t)} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, key) || strings.Contains(got, fmt.Sprintf("%x", key)) {
				t.Errorf("%s of %T prints the key", verb, v)
			}
		}
	}
	if got := fmt.Sprint(id); got != secret.Mask {
		t.Errorf("prints %q", got)
	}
}
