package text_test

import (
	"slices"
	"strings"
	"testing"

	_ "farol/clients/sandbox" // defines codes, as do the clients that package steps imports
	_ "farol/clients/sandbox/binaries"
	"farol/state"
	"farol/state/fault"
	"farol/steps"
	"farol/ui/text"
)

func TestEveryFaultCodeHasWords(t *testing.T) {
	t.Parallel()
	codes := fault.Codes()
	if len(codes) < 60 {
		t.Fatalf("only %d codes are defined: are all packages imported?", len(codes))
	}
	for _, code := range codes {
		if _, ok := text.English.Problems[code]; !ok {
			t.Errorf("%s has no words", code)
		}
	}
	for code := range text.English.Problems {
		if !slices.Contains(codes, code) && !strings.HasPrefix(string(code), "ui.") {
			t.Errorf("%s has words, but nobody defines it", code)
		}
	}
}

// operations are those of the whole procedure.
func operations(t *testing.T) []string {
	t.Helper()
	d := steps.NewDraft()
	d.Setup.Ordering.File = "../../steps/testdata/ordering-service.json"
	graph, err := steps.Preview(d)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range graph {
		out = append(out, s.Op)
	}
	return out
}

func TestEveryQuestionHasWords(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{}
	for _, q := range steps.Questions(steps.NewDraft()) {
		asked[q.Key] = true
		words, ok := text.English.Questions[q.Key]
		if !ok {
			t.Errorf("the question %s has no words", q.Key)
		}
		for _, o := range q.Options {
			if q.Kind == steps.ChoiceField && words.Options[o] == "" && q.Key != "regions.home" {
				t.Errorf("the option %s of %s has no words", o, q.Key)
			}
		}
		if text.English.Screens.Ask.Why[string(q.Screen)] == "" {
			t.Errorf("nobody says why the screen %s asks", q.Screen)
		}
	}
	for key := range text.English.Questions {
		if !asked[key] {
			t.Errorf("the question %s has words, but nobody asks it", key)
		}
	}
}

func TestEveryOperationHasWords(t *testing.T) {
	t.Parallel()
	ops := operations(t)
	for _, op := range ops {
		if _, ok := text.English.Ops[op]; !ok {
			t.Errorf("the operation %s has no words", op)
		}
	}
	for op := range text.English.Ops {
		if !slices.Contains(ops, op) {
			t.Errorf("the operation %s has words, but nobody does it", op)
		}
	}
	for op := range text.English.Gates {
		if !slices.Contains(ops, op) {
			t.Errorf("the gate %s has words, but there is none", op)
		}
	}
}

func TestEveryStageHasWords(t *testing.T) {
	t.Parallel()
	for _, s := range steps.Stages() {
		if _, ok := text.English.Stages[s]; !ok {
			t.Errorf("the stage %s has no words", s)
		}
	}
}

func TestEveryRiskHasWords(t *testing.T) {
	t.Parallel()
	risks := steps.ProofOf(state.Setup{Practice: true}, nil).Risks
	if len(risks) == 0 {
		t.Fatal("a set-up without risks cannot be")
	}
	for _, r := range risks {
		if words := text.English.Risk(r.Code, r.Facts); words.Means == "" {
			t.Errorf("the risk %s has no words", r.Code)
		}
	}
}

func TestEveryProblemSaysWhatWhyAndWhatToDo(t *testing.T) {
	t.Parallel()
	for _, code := range fault.Codes() {
		p := text.English.Problem(fault.New(code))
		if p.What == "" || p.Why == "" || p.Do == "" {
			t.Errorf("%s is worded as %+v", code, p)
		}
	}
}
