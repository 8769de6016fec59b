package text

var englishLine = Line{
	Everywhere: "all",
	Step:       "{title}[: {target}]",
	Awaited:    "still waiting for {awaited}[ ({target})]",
	Trouble:    "still waiting for {awaited}[ ({target})]. {what}",
	What:       "What",
	Why:        "Why",
	Do:         "Do",
	Who:        "Who",
	File:       "File",
	Then:       "Then",
}

var englishSummary = Summary{
	Proven:  "{name} lives in {count} regions.",
	Waiting: "{name} waits for people: open gates: {gates}.",

	ProvenWaiting: "{name} lives in {count} regions, and waits for people: open gates: {gates}.",

	Open:   "{name} is not finished.",
	Begun:  "{name} is set up, but the proof does not hold.",
	Counts: "{steps} steps: {counts}.[ This run took {took}.]",
	Gates:  "Open gates: these wait for people",
	Failed: "Not done",
	Time:   "Where the time went ({wall} from first to last; work side by side is counted once)",
	Stage:  "stage",
	Region: "region",
	People: "people",
	Risks:  "Still true",
	Next:   "Next",
	Proof:  englishProof,
	Now: map[string]string{
		"":       "go on from here",
		"status": "this summary again, with the evidence of every step",
		"verify": "prove it again at any time",
		"drill":  "rehearse the loss of a region",

		"sandbox":      "go on with the practice set-up",
		"sandbox down": "stop the practice regions",
	},
}

var englishProof = Proof{
	Heading: "Proof: channel {channel}, contract {contract}",
	Region:  "region", Height: "height", Hash: "block hash", Anchor: "anchor",
	Package: "package", Endorses: "endorses", SeenBy: "seen by",
	Yes: "yes", No: "no", NotSeen: "not seen",
	Consoles: "{seen} of {all} consoles",
	Holds:    "The proof holds: every check passed[, the last one at {at}].",
	Fails:    "The proof does not hold: at least one check has not passed.",
	NotYet:   "Nothing is proven yet: not every check was made.",
}

var englishReport = Report{
	Title:  "{name}, save {serial}[ of {updated}]",
	Status: "status", Region: "region", Stage: "stage", Step: "step", Took: "took", Evidence: "evidence",
	Empty:        "No step was begun.",
	Organization: "organization", Channel: "channel", Contract: "contract",
	Home: "home",
}
