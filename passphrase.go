package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"farol/state"
	"farol/state/fault"
	"farol/state/secret"
	"farol/ui/text"

	"golang.org/x/term"
)

// identityFile is the vault's identity when no other is named: beside the set-up, sealed by a passphrase for
// real regions, plain for practice ones.
const identityFile = "farol.identity"

// unlock gives the identity that opens the vault: from the named file, from the practice set-up's own file,
// or from the passphrase that a person types.
func (a *app) unlock(dir string, create bool) (state.Identity, error) {
	if !a.vaultID.IsZero() {
		return a.vaultID, nil
	}
	path := a.identity
	sealed := filepath.Join(dir, state.SealedIdentityName)
	if path == "" {
		path = filepath.Join(dir, identityFile)
	}
	var err error
	switch _, statErr := os.Stat(path); {
	case statErr == nil:
		a.vaultID, err = state.ReadIdentityFile(path)
	case a.identity != "" && create, a.draft != nil && a.draft.Setup.Practice:
		if err = os.MkdirAll(dir, 0o700); err == nil {
			a.vaultID, err = state.NewIdentityFile(path)
		}
	default:
		a.vaultID, err = a.passphrase(sealed, create)
	}
	return a.vaultID, err
}

// tries is how often a passphrase may be typed wrong before the command ends. Nobody is locked out by it.
const tries = 3

// passphrase asks for the vault's passphrase on the terminal, or for a new one, which is typed twice.
func (a *app) passphrase(sealed string, create bool) (id state.Identity, err error) {
	if a.ask == nil {
		if !term.IsTerminal(int(os.Stdin.Fd())) {
			return id, fault.New(state.CodeKeyAbsent, "path", sealed)
		}
		a.ask = a.typed
	}
	words := a.words.Commands
	_, absent := os.Stat(sealed)
	fresh := absent != nil && create
	if fresh {
		if err := os.MkdirAll(filepath.Dir(sealed), 0o700); err != nil {
			return id, err
		}
		a.tell(text.Fill(words.NewPassphrase, map[string]string{"minimum": strconv.Itoa(state.MinPassphrase)}))
	}
	for range tries {
		if fresh {
			id, err = a.choose(sealed)
		} else {
			var pass secret.Secret
			if pass, err = a.ask(words.Passphrase); err == nil {
				id, err = state.UnlockIdentity(sealed, pass)
			}
		}
		if f, ok := fault.Of(err); !ok || f.Code != state.CodePassphrase && f.Code != state.CodePassphraseShort && f.Code != state.CodePassphraseTypo {
			return id, err
		}
		a.tell(a.words.Problem(err).What)
	}
	return id, err
}

func (a *app) choose(sealed string) (state.Identity, error) {
	pass, err := a.ask(a.words.Commands.Passphrase)
	if err != nil {
		return state.Identity{}, err
	}
	if len([]rune(pass.Expose())) < state.MinPassphrase {
		return state.Identity{}, fault.New(state.CodePassphraseShort, "minimum", strconv.Itoa(state.MinPassphrase))
	}
	again, err := a.ask(a.words.Commands.Again)
	if err == nil && again.Expose() != pass.Expose() {
		err = fault.New(state.CodePassphraseTypo)
	}
	if err != nil {
		return state.Identity{}, err
	}
	return state.NewPassphraseIdentity(sealed, pass)
}

// typed reads a line from the terminal without showing it. A signal ends the wait, and the terminal shows again
// what is typed.
func (a *app) typed(prompt string) (secret.Secret, error) {
	fd := int(os.Stdin.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return secret.Secret{}, err
	}
	fmt.Fprint(os.Stderr, prompt)
	defer fmt.Fprintln(os.Stderr)
	type answer struct {
		line []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		answers <- answer{line, err}
	}()
	select {
	case <-a.ctx.Done():
		return secret.Secret{}, errors.Join(a.ctx.Err(), term.Restore(fd, before))
	case got := <-answers:
		defer clear(got.line)
		return secret.New(got.line), got.err
	}
}

func (a *app) tell(line string) { fmt.Fprintln(os.Stderr, line) }
