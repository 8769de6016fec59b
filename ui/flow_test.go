package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"farol/state"
	"farol/ui/text"
)

func TestEnterAloneLeadsFromTheWelcomeToTheSummaryOfPractice(t *testing.T) {
	t.Parallel()
	d, w := practiceDeps()
	with(t, d, func(r *robot) {
		r.wait(tickEvery)
		r.sees("Welcome", "building peer, 2 of 3, 0:00")
		r.through("Summary")
		r.sees("Org1 on trade lives in 3 regions", "The proof holds")
		cps := (*w).Checkpoints()
		for _, s := range (*w).graph {
			want := state.Done
			if s.Confirmable {
				want = state.Waiting
			}
			if got := cps[s.ID].Status; got != want {
				t.Errorf("%s is %s, want %s", s.ID, got, want)
			}
		}
		r.wait(time.Second)
		r.press("enter")
		if !r.gone {
			t.Error("Enter on the summary does not end the program")
		}
	})
}

func TestAStormOfEnterSkipsNoQuestionAndDecidesNothing(t *testing.T) {
	t.Parallel()
	d, w := practiceDeps()
	with(t, d, func(r *robot) {
		for range 300 { // faster than anything can answer
			r.handle(keys["enter"])
		}
		r.settle()
		r.wait(time.Minute)
		if r.gone {
			t.Fatal("the storm has ended the program")
		}
		if *w != nil && len((*w).decided) > 0 {
			t.Errorf("the storm has decided: %v", (*w).decided)
		}
		if got := r.m.deps.Draft.Setup.Organization.MSPID; got != "Org1MSP" {
			t.Errorf("the storm has changed the MSP id to %q", got)
		}
	})
}

func TestBackKeepsWhatWasTypedRightOrWrong(t *testing.T) {
	t.Parallel()
	d, _ := practiceDeps()
	with(t, d, func(r *robot) {
		r.through("Organization")
		r.clear()
		r.press("Harbour", "enter")
		r.clear()
		r.press("not an id!")
		r.press("esc")
		r.sees("Regions")
		r.press("enter")
		r.sees("Harbour", "not an id!")
		r.press("enter", "enter")
		r.sees("not an id!", "Organization")
	})
}

func TestAWrongAnswerIsExplainedWhereItWasTyped(t *testing.T) {
	t.Parallel()
	d, _ := practiceDeps()
	with(t, d, func(r *robot) {
		r.through("MSP id")
		r.press("enter")
		r.clear()
		r.press("9 lives", "enter")
		r.sees("9 lives", "Allowed are A-Z a-z 0-9")
	})
}

func TestNothingIsSavedBeforeThePlanIsAccepted(t *testing.T) {
	t.Parallel()
	d, w := practiceDeps()
	with(t, d, func(r *robot) {
		r.through("Nothing has been changed yet")
		if *w != nil {
			t.Fatal("the set-up has begun already")
		}
		r.wait(time.Second)
		r.press("esc")
		r.sees("Channel and contract")
		r.through("Nothing has been changed yet")
		r.wait(time.Second)
		r.press("enter")
		if *w == nil {
			t.Error("Enter on the plan does not begin")
		}
	})
}

func TestAConsoleIsTestedBeforeTheNextQuestionAndItsSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	d, _ := realDeps()
	with(t, d, func(r *robot) {
		r.press("enter")
		r.through("Console address")
		secret := func(s string) {
			r.press("https://console.us-south.example.com", "enter", "kABC", "enter", s, "enter", "enter", "enter")
		}
		secret("wrong-" + planted)
		r.sees("wrong secret", "us-south")
		r.press("enter", "enter")
		r.clear()
		r.press(planted)
		if strings.Contains(r.screen(), planted) {
			t.Errorf("the secret is on the screen:\n%s", r.screen())
		}
		r.press("enter", "enter", "enter")
		r.sees("us-east · Washington", "us-south answers in 41 ms", "manager")
		if strings.Contains(r.screen(), planted) {
			t.Errorf("the secret is on the screen:\n%s", r.screen())
		}
	})
}

func TestAGateOfTheOtherCompanyShowsItselfInPracticeAndCanBePlayedOnce(t *testing.T) {
	t.Parallel()
	d, w := practiceDeps()
	with(t, d, func(r *robot) {
		r.through("Press Enter to start")
		r.wait(time.Second)
		r.press("enter")
		r.wait(time.Minute)
		r.sees("Gate", "/srv/org1/handoff/org1-trade.zip", "▸ Let Farol play the ordering administrator")
		r.press("enter", "enter", "enter")
		r.wait(time.Minute)
		if got := d.Practice.(*training).played; got != 1 {
			t.Errorf("played %d times", got)
		}
		if got := (*w).decided; len(got) != 1 || got[0] != "nudge" {
			t.Errorf("%v, but Farol should only look again at once", got)
		}
		r.sees("Summary")
	})
}

func TestAWalletIsConfirmedOnlyByChoosingIt(t *testing.T) {
	t.Parallel()
	d, w := practiceDeps()
	with(t, d, func(r *robot) {
		r.through("Summary")
		r.press("o")
		r.sees("Gate", "▸ Later", "I have uploaded it", "/wallet/us-south/")
		r.press("enter")
		r.sees("Summary")
		if slices.ContainsFunc((*w).decided, func(s string) bool { return strings.HasPrefix(s, "confirm") }) {
			t.Fatalf("Enter confirmed a wallet: %v", (*w).decided)
		}
		for range 3 {
			if strings.Contains(r.screen(), "Summary") {
				r.press("o")
			}
			r.press("down", "enter")
			r.wait(time.Second)
		}
		r.sees("Summary", "✓ done", "3 confirmed")
	})
}

func TestPracticeThatCannotStartSaysWhyAndKeepsTheAnswers(t *testing.T) {
	t.Parallel()
	d, _ := practiceDeps()
	d.Practice.(*training).fails = errors.New("there is no gcc")
	with(t, d, func(r *robot) {
		r.wait(time.Second)
		r.sees("practice regions could not be started")
		r.through("there is no gcc")
		r.sees("Channel and contract")
	})
}

func TestCtrlCStopsSafelyFirstAndAtOnceTheSecondTime(t *testing.T) {
	t.Parallel()
	d, w := practiceDeps()
	with(t, d, func(r *robot) {
		r.through("Press Enter to start")
		r.wait(time.Second)
		r.press("enter")
		r.wait(3 * time.Second)
		r.press("ctrl+c")
		r.wait(time.Second)
		if !r.gone {
			t.Error("the run was stopped, and the program goes on")
		}
		if r.m.run.active {
			t.Error("the run is still active")
		}
		if out := r.m.outcome(); !out.Stopped || !strings.Contains(out.Transcript, text.English.Screens.Stopped) {
			t.Errorf("outcome %+v", out)
		}
		_ = w
	})
}

func TestEveryMoveOfTheTableLeadsToAScreenThatIsThere(t *testing.T) {
	t.Parallel()
	d, _ := practiceDeps()
	d.Now = time.Now
	m := newModel(t.Context(), d, &text.English)
	reached := map[place]bool{welcome: true, resume: true}
	for from, to := range moves {
		if m.screens[from] == nil {
			t.Errorf("there is no screen %d", from)
		}
		for _, p := range to {
			reached[p] = true
		}
	}
	for p := range m.screens {
		if !reached[p] {
			t.Errorf("nothing leads to screen %d", p)
		}
		if len(moves[p]) == 0 {
			t.Errorf("screen %d is a dead end", p)
		}
	}
}
