// Package secret holds text that must not be printed. A Secret keeps its bytes in a closure, because
// formatting reaches into fields, also unexported ones, but not into functions (reliability.md finding 10).
package secret

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
)

// Mask is what a secret prints as.
const Mask = "••••••••"

// ErrMarshal is returned when a secret is about to be written in clear.
var ErrMarshal = errors.New("a secret cannot be marshalled")

// Secret is a value that cannot print itself. The zero value is empty.
type Secret struct{ reveal func() []byte }

// New copies b into a secret.
func New(b []byte) Secret {
	c := bytes.Clone(b)
	return Secret{reveal: func() []byte { return c }}
}

// FromString makes a secret from text.
func FromString(s string) Secret { return New([]byte(s)) }

// Random makes a secret of n characters out of letters and digits, fit for the console's and the CA's rules.
func Random(n int) Secret {
	const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand.Read never fails since Go 1.24
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return New(b)
}

// Reveal lends a copy of the bytes and wipes it afterwards.
func (s Secret) Reveal(use func([]byte)) {
	if s.reveal == nil {
		use(nil)
		return
	}
	c := bytes.Clone(s.reveal())
	defer clear(c)
	use(c)
}

// Expose gives the secret as a string, for the libraries that take nothing else. Keep it in a local variable.
func (s Secret) Expose() string {
	if s.reveal == nil {
		return ""
	}
	return string(s.reveal())
}

// IsZero tells whether the secret is empty.
func (s Secret) IsZero() bool { return s.reveal == nil || len(s.reveal()) == 0 }

// Format implements fmt.Formatter for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(Mask)) }

// String implements fmt.Stringer.
func (s Secret) String() string { return Mask }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(Mask) }

// MarshalText refuses, which covers JSON and most other encoders.
func (s Secret) MarshalText() ([]byte, error) { return nil, ErrMarshal }

// MarshalYAML refuses.
func (s Secret) MarshalYAML() (any, error) { return nil, ErrMarshal }

// GobEncode refuses.
func (s Secret) GobEncode() ([]byte, error) { return nil, ErrMarshal }
