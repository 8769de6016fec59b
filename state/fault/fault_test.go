package fault_test

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"testing"

	"farol/state/fault"
)

var (
	codeRefused = fault.Define("test.refused")
	codeLost    = fault.Define("test.lost")
)

func TestIsUnsureUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	if f := fault.New(codeLost); f.Certainty != fault.Unsure || f.Transient {
		t.Errorf("a new fault says %v, transient %v", f.Certainty, f.Transient)
	}
	if (&fault.Fault{}).Certainty != fault.Unsure {
		t.Error("a forgotten field claims to know what the far side did")
	}
}

func TestSaysCodeFactsInOrderAndCause(t *testing.T) {
	t.Parallel()
	f := fault.New(codeRefused, "status", "403", "host", "peer.example").With("attempt", "2").
		Certain(fault.Refused).Later().Because(io.ErrUnexpectedEOF)
	if got, want := f.Error(), "test.refused attempt=2 host=peer.example status=403: unexpected EOF"; got != want {
		t.Errorf("says %q, want %q", got, want)
	}
	if got := fault.New(codeLost).Error(); got != "test.lost" {
		t.Errorf("without facts says %q", got)
	}
	if f.Certainty != fault.Refused || !f.Transient || !errors.Is(f, io.ErrUnexpectedEOF) {
		t.Errorf("lost what it was told: %+v", f)
	}
}

func TestAnOddFactIsLeftOut(t *testing.T) {
	t.Parallel()
	if f := fault.New(codeLost, "a", "1", "b"); !reflect.DeepEqual(f.Facts, map[string]string{"a": "1"}) {
		t.Errorf("facts %v", f.Facts)
	}
}

func TestIsFoundInAChainByItsCode(t *testing.T) {
	t.Parallel()
	inner := fault.New(codeLost)
	outer := fmt.Errorf("saving: %w", fault.New(codeRefused).Because(fmt.Errorf("then: %w", inner)))
	for code, want := range map[fault.Code]bool{codeRefused: true, codeLost: true, "test.other": false} {
		if got := fault.Is(outer, code); got != want {
			t.Errorf("%s in the chain: %v", code, got)
		}
	}
	if f, ok := fault.Of(outer); !ok || f.Code != codeRefused {
		t.Errorf("the outermost is %v", f)
	}
	if f, ok := fault.Of(errors.Join(io.EOF, inner)); !ok || f != inner {
		t.Errorf("in a join it is %v", f)
	}
	if _, ok := fault.Of(io.EOF); ok || fault.Is(nil, codeLost) {
		t.Error("found a fault where none is")
	}
}

func TestACodeIsDefinedOnce(t *testing.T) {
	t.Parallel()
	codes := fault.Codes()
	if !slices.Contains(codes, codeLost) || !slices.IsSorted(codes) {
		t.Errorf("codes %v", codes)
	}
	defer func() {
		if recover() == nil {
			t.Error("a code was defined twice")
		}
	}()
	fault.Define(codeLost)
}
