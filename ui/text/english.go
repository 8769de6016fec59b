package text

import (
	"maps"

	"golang.org/x/text/language"

	"farol/state/fault"
)

// English is the catalogue in English. Nobody changes it.
var English = Catalogue{
	Tag:      language.English,
	Statuses: englishStatuses,
	Stages:   englishStages,
	Ops:      englishOps,
	Gates:    englishGates,
	Actors:   englishActors,
	Risks:    englishRisks,
	Problems: join(englishStepProblems, englishStateProblems, englishWireProblems, englishConsoleProblems,
		englishCAProblems, englishFabricProblems, englishSandboxProblems),
	Reasons:   englishReasons,
	Unworded:  englishUnworded,
	Line:      englishLine,
	Summary:   englishSummary,
	Report:    englishReport,
	Screens:   englishScreens,
	Questions: englishQuestions,
	HandOver:  englishHandOver,
	Commands:  englishCommands,
}

var englishStatuses = Statuses{
	Todo:      Mark{"·", ".", "todo"},
	Doing:     Mark{"▸", ">", "doing"},
	Done:      Mark{"✓", "+", "done"},
	Failed:    Mark{"✗", "x", "failed"},
	Unknown:   Mark{"!", "!", "unknown"},
	Drifted:   Mark{"≠", "~", "drifted"},
	Skipped:   Mark{"–", "-", "skipped"},
	Waiting:   Mark{"?", "?", "waiting"},
	Confirmed: Mark{"√", "=", "confirmed"},
}

var englishStages = map[string]Stage{
	"prepare":  {"prepare", "Every console answers, is a different one, and lets your key do what is needed."},
	"home":     {"home region", "The certificate authority, the identities and the organization."},
	"hand-off": {"hand-off", "Another company admits your organization to its channel."},
	"export":   {"export", "What the other regions need, as files."},
	"import":   {"import", "The certificate authority, the organization and the ordering service in every console."},
	"peers":    {"peers", "One peer in each region, joined to the channel, each an anchor."},
	"contract": {"contract", "The same package on every peer, approved and committed once."},
	"mirror":   {"mirrors", "Every peer can be seen from the other consoles."},
	"proof":    {"proof", "What the peers themselves say."},
}

var englishUnworded = Problem{
	What: "Something failed that this version of Farol has no words for ({fault}).",
	Why:  "Farol kept its code and stopped this step. Nothing else was changed because of it.",
	Do:   "Run farol again: it looks first and goes on from what is there. If it fails again, report the code {fault} with the log.",
}

// join puts the parts of a table together. A code that stands twice is a mistake of whoever writes the table.
func join(parts ...map[fault.Code]Problem) map[fault.Code]Problem {
	all := map[fault.Code]Problem{}
	size := 0
	for _, p := range parts {
		maps.Copy(all, p)
		size += len(p)
	}
	if len(all) != size {
		panic("text: a fault code is worded twice")
	}
	return all
}
