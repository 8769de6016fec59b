package text

var englishScreens = Screens{
	TooSmall: "The terminal is too small: Farol needs 60 x 16, this one is {width} x {height}. Nothing is lost; make it larger.",
	New:      "new set-up",
	Names: ScreenNames{Welcome: "Welcome", Resume: "Welcome back", Review: "Every step", Regions: "Regions", Consoles: "Consoles",
		Organization: "Organization", Channel: "Channel and contract", Plan: "Plan", Run: "Run", Gate: "Gate", Failure: "Failure", Summary: "Summary"},
	Keys: Keys{Next: "↵ next", Start: "↵ start", End: "↵ leave", Back: "esc back", Choose: "↑↓ choose", Other: "←→ others",
		Quit: "ctrl+c quit", Stop: "ctrl+c stop safely", Log: "l log", Board: "l board", Gate: "o open gate", Failure: "f failure", Scroll: "↑↓ scroll"},
	Phases: map[string]string{
		"build":  "building {item}, {index} of {total}, {elapsed}",
		"start":  "starting the practice regions, {elapsed}",
		"ready":  "practice regions are up",
		"failed": "practice regions could not be started",
		"":       "preparing the practice regions, {elapsed}",
	},
	Sources: map[string]string{"flag": "from a flag", "environment": "from the environment", "answers": "from the answers file", "detected": "found by Farol"},
	Welcome: Welcome{
		Title: "From consoles in several regions to peers that go on when any one region fails.",
		Body: "Farol asks about ten questions, shows what it will do, and does it: one certificate authority in the home region, " +
			"one peer in each region, all on one channel, each an anchor, all with the same contract. Then the peers themselves prove it.\n\n" +
			"Stop at any moment, also by a crash: Farol looks at the world first, and goes on.",
		Practice: "This is practice: the regions are on this machine, with real Fabric processes. They are built and started in the " +
			"background while you answer; the line above the keys says how far. Nothing outside this machine is touched.",
		Real: "On real consoles it creates one certificate authority and one peer a region, and imports what the others need. " +
			"Nothing is changed before you have seen the plan.\n\nTo practise first, without any console: farol sandbox",
		Enter: "Press Enter to begin. What has a sane answer is prefilled.",
	},
	Resume: Resume{
		Begun:    "{name}, regions {regions}. Last saved {updated}[ by {user}].",
		Far:      "{done} of {all} steps are done.",
		Open:     "Under way, failed or waiting for people: {count}. Farol looks at each before it does anything.",
		Held:     "Somebody works on it right now: {user} on {host}, process {pid}, since {since}.",
		Go:       "Go on from here",
		Review:   "Review every step first",
		Over:     "Start over",
		OverSure: "Start over? The present set-up is kept in {folder}. Nothing in any console is removed.",
		OverNo:   "No, go back",
		OverYes:  "Yes, start over",
		Opening:  "Opening the set-up…",
	},
	Ask: Ask{
		Why: map[string]string{
			"regions": "Where should your peers live? Each region gets one peer and has one console. Near regions answer faster; " +
				"far ones share fewer disasters. The ledger is copied whole to each.",
			"consoles": "How does Farol reach the console of this region? It needs an API key with the role manager. " +
				"The secret goes into the vault, sealed. It is tried once: consoles lock out after five wrong tries.",
			"organization": "Your own organization: one certificate authority serves all regions, so that every peer belongs to it.",
			"channel": "The channel belongs to another company's ordering service, which admits your organization. " +
				"The contract is packed once, because every peer must have the same package.",
		},
		Example:   "for example {example}",
		Permanent: "cannot be changed later",
		Practice:  "Practice regions are chosen with --regions. Addresses, keys and files of their consoles fill in by themselves.",
		Pair:      "{a} – {b}  {rtt}[, {estimated}]",
		Estimate:  "estimated",
		Worst:     "Worst pair: {a} – {b}, {rtt}",
		Stops: map[string]string{
			"region.unknown":     "One of them is not in Farol's catalogue: nothing is known about it.",
			"region.twice":       "A region stands twice.",
			"region.same-metro":  "Two of them are so near that one disaster takes both.",
			"region.not-allowed": "One of them is outside the countries where your ledger may be.",
			"region.too-far":     "The worst pair is beyond 500 ms: Raft and gossip become unreliable.",
		},
		Score:     "Score {total} of 100: latency {latency}/50, distance {distance}/25, zones {zones}/15, residency {residency}/10",
		Published: "Round trips are published averages, {from} to {to}.",
		Testing:   "Asking the console of {region}…",
		Answers:   "{region} answers in {rtt}, console {version}, role {role}",
		Waiting:   "The practice regions are not up yet. Farol goes on as soon as they are.",
		Saving:    "Saving your answers…",
	},
	Plan: Plan{
		Nothing:    "Nothing has been changed yet. This is what will happen:",
		Subject:    "{organization} ({msp}) on channel {channel}, contract {contract} from {package}",
		Everywhere: "all", Check: "· look", Change: "+ do", Gate: "? people",
		Totals: "{steps} steps, {changes} of them change something. The channel's history and the package id stay for ever.",
		People: "Two things need people: another company admits you to the channel, and a browser takes the wallet files.",
		Enter:  "Press Enter to start.",
	},
	Run: Run{
		Total: "{done} of {all} steps · {elapsed}", Home: "home", Everywhere: "all regions", Now: "Now", Recent: "Done last", Failed: "needs a decision",
		Waits: "waits for people", Nothing: "nothing is under way",
	},
	Gate: GateScreen{
		Play: "Let Farol play the ordering administrator (practice)", Wait: "Wait; Farol notices by itself",
		Done: "I have uploaded it", Later: "Later", Playing: "Playing the ordering administrator…",
		Look: "Look now", Looking: "Looking whether it is done…",
		Confirmed: "{region}: confirmed; the file with the private key is removed.",
	},
	Failure: FailureScreen{
		TryAgain: "Try again (looks first)", Adopt: "Adopt what is there as ours", Leave: "Leave it, go on elsewhere", Later: "Back to the board",
		Others: "The other regions go on.",
	},
	Summary: SummaryScreen{
		Practice: "The practice regions keep running until farol sandbox down.",
	},
	Stopping: "Stopping after the calls under way. Press ctrl+c again to leave at once.",
	Stopped:  "Stopped. Start the same command again to go on from here.",
}

var englishQuestions = map[string]QuestionWords{
	"regions.list":             {Title: "Regions", Help: "Two to ten. Space chooses.", Example: "us-south, us-east, ca-tor"},
	"regions.home":             {Title: "Home region", Help: "Holds the certificate authority; while it is down no identity can be renewed."},
	"consoles.url":             {Title: "Console address", Help: "What you open in the browser, without a path.", Example: "https://console.us-east.example.com"},
	"consoles.api_key":         {Title: "API key", Help: "In the console: Users, Create API key, role manager."},
	"consoles.api_secret":      {Title: "API secret", Help: "Shown once, when the key was made."},
	"consoles.ca_file":         {Title: "Roots of its certificate", Help: "PEM file; empty for the roots of this computer.", Example: "console-ca.pem"},
	"consoles.peer":            {Title: "Name of the peer here", Help: "Component id and enrollment id: a-z and 0-9.", Example: "org1useastpeer1"},
	"organization.name":        {Title: "Organization", Help: "Its display name in the consoles.", Example: "Org1"},
	"organization.msp_id":      {Title: "MSP id", Help: "Names your organization on the ledger, for ever.", Example: "Org1MSP"},
	"organization.ca":          {Title: "Name of the certificate authority", Help: "Component id: a-z and 0-9.", Example: "org1ca"},
	"organization.admin":       {Title: "Administrator", Help: "Enrollment id of the organization's administrator.", Example: "org1admin"},
	"organization.ca_database": {Title: "Users of the certificate authority", Help: "Where it keeps them.", Options: map[string]string{"sqlite": "SQLite: one instance, nothing else to run"}},
	"organization.state_database": {Title: "World state", Help: "The database of every peer.", Options: map[string]string{
		"leveldb": "LevelDB: fast, keys and ranges", "couchdb": "CouchDB: rich queries over JSON"}},
	"channel.name":     {Title: "Channel", Help: "As the ordering service's administrator named it.", Example: "trade"},
	"ordering.file":    {Title: "Ordering service", Help: "The JSON that its administrator exported and sent you.", Example: "acme_orderer.json"},
	"contract.name":    {Title: "Contract", Help: "Its name on the channel.", Example: "basic"},
	"contract.version": {Title: "Version", Help: "Of the contract, for people.", Example: "1.0"},
	"contract.package": {Title: "Package", Help: "A package file, used byte for byte, or the word sample.", Example: "basic_1.0.tar.gz"},
	"mirror": {Title: "Mirrors", Help: "Which consoles show the peers of other regions.", Options: map[string]string{
		"all": "into every console, so that each shows all", "home": "into the home console only", "none": "not at all"}},
}
