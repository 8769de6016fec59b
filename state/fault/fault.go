// Package fault is the one error type that everything below the screens returns: a code that the
// catalogue (ui/text) words, the facts that belong into the sentence, and whether the far side may
// have done the work. It holds no sentence for people.
package fault

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Code names one kind of trouble, as in "console.unauthorized". The part before the dot is the package.
type Code string

// Certainty says what is known about the far side after a failed call.
type Certainty int

const (
	// Unsure means that the far side may or may not have done the work. It must be observed.
	Unsure Certainty = iota
	// Refused means that the far side did not do the work, and would refuse it again.
	Refused
	// NotSent means that nothing reached the far side.
	NotSent
)

// Fault is an error with a code and facts. The zero certainty is Unsure, so that a forgotten field is safe.
type Fault struct {
	Code      Code
	Facts     map[string]string // what the sentence needs: hosts, names, limits; never a secret
	Certainty Certainty
	Transient bool  // looking again later may help
	Err       error // the cause, for the log
}

// New makes a fault from a code and pairs of fact names and values.
func New(code Code, facts ...string) *Fault {
	f := &Fault{Code: code, Facts: map[string]string{}}
	return f.With(facts...)
}

// With adds pairs of fact names and values.
func (f *Fault) With(facts ...string) *Fault {
	for i := 0; i+1 < len(facts); i += 2 {
		f.Facts[facts[i]] = facts[i+1]
	}
	return f
}

// Because records the cause.
func (f *Fault) Because(err error) *Fault { f.Err = err; return f }

// Certain sets what is known about the far side.
func (f *Fault) Certain(c Certainty) *Fault { f.Certainty = c; return f }

// Later marks the fault as one that may pass by itself.
func (f *Fault) Later() *Fault { f.Transient = true; return f }

// Error is for logs: the code, the facts in order, the cause.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(string(f.Code))
	for _, k := range slices.Sorted(maps.Keys(f.Facts)) {
		b.WriteString(" " + k + "=" + f.Facts[k])
	}
	if f.Err != nil {
		b.WriteString(": " + f.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Is makes errors.Is compare codes.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code
}

// Of finds the outermost fault in an error chain.
func Of(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}

// Is tells whether the error chain holds a fault with this code.
func Is(err error, code Code) bool { return errors.Is(err, &Fault{Code: code}) }

var registry = struct {
	sync.Mutex
	codes map[Code]bool
}{codes: map[Code]bool{}}

// Define registers a code, so that a test can prove that every code has its words.
func Define(code Code) Code {
	registry.Lock()
	defer registry.Unlock()
	if registry.codes[code] {
		panic("fault: code defined twice: " + string(code))
	}
	registry.codes[code] = true
	return code
}

// Codes lists every defined code in order.
func Codes() []Code {
	registry.Lock()
	defer registry.Unlock()
	return slices.Sorted(maps.Keys(registry.codes))
}
