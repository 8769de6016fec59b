package text

var englishCommands = Commands{
	Farol: Command{
		Short: "Peers in several regions that go on when one region fails, with proof",
		Long: `Farol takes an operator of Hyperledger Fabric from consoles in several regions to peers that
go on transacting when any one region fails, and proves it.

Without a command it opens the wizard for the set-up in this folder. It can be stopped at any
moment, also by a crash: it looks at the world first and goes on from there.

Try it safely first: farol sandbox builds practice regions on this machine.`,
		Example: "  farol sandbox          practise on this machine\n  farol                  the wizard for the set-up in this folder\n  farol status           the summary of checkpoints",
	},
	Sandbox: Command{
		Short: "The wizard on practice regions of this machine",
		Long: `Builds and starts practice regions in the background (real Fabric processes, no Docker) and opens
the wizard on them. Without a terminal, or with --yes, it runs the default answers to the end,
prints the summary and stops the regions.

With --like it rehearses a set-up of yours before the real one. Practice peers keep their state in LevelDB,
and run the sample contract under your contract's name.

The first time it builds Fabric from source, which takes about two minutes.`,
		Example: "  farol sandbox --yes              everything, without a question\n  farol sandbox up --regions us-south,eu-de,jp-tok\n  farol sandbox --like answers.yaml  rehearse your own set-up\n  farol sandbox down",
	},
	Run: Command{
		Short:   "The same procedure without a screen",
		Long:    "Runs the procedure from an answers file, or goes on with the set-up in the folder, and asks nothing.",
		Example: "  farol run --answers answers.yaml --yes --vault-identity ~/farol.identity",
	},
	Status: Command{
		Short:   "The summary of checkpoints, with evidence",
		Long:    "Prints where every step of the set-up in the folder stands, with its evidence. It reads the state file only and changes nothing.",
		Example: "  farol status | grep failed\n  farol status --output json",
	},
	SandboxUp:     "Build and start the practice regions",
	SandboxStatus: "Show the practice regions and their processes",
	SandboxDown:   "Stop the practice regions and everything in them",
	Fault: Command{
		Short: "Troubles to practise, and who is connected to whom",
		Long: `Without a word it prints who is connected to whom through the practice network, and what went through.
With one it brings a trouble over a practice region, or ends it. A trouble stays until it is ended.`,
		Example: "  farol sandbox fault --watch\n  farol sandbox fault list\n  farol sandbox fault on black-hole --region us-east\n  farol sandbox fault off all",
	},
	FaultList:  "Show the troubles there are, and where each one is on",
	FaultOn:    "Bring a trouble over a region",
	FaultOff:   "End a trouble, or all of them",
	FaultBack:  "Bring a region back that was stopped, cut off or slow",
	FaultTable: "WHO\tIN\tTO\tFOR\tSTATE\tCOUNT\tSENT\tRECEIVED\tAGE",
	FaultBegun: "{fault} is on in {region}. farol sandbox fault off {fault} ends it.",
	FaultEnded: "ended; everything serves again",
	Faults: map[string]string{
		"slow-console":        "the console thinks for three seconds before it begins",
		"error-before":        "the console answers 503, and did nothing",
		"error-after":         "the console does the work, then answers 504",
		"answer-lost":         "the console does the work, and the connection ends without an answer",
		"truncated-json":      "the console's answers end in the middle",
		"wrong-certificate":   "the console shows a certificate that is not its own",
		"certificate-renewed": "the console shows a new certificate, from an authority that nobody knows yet",
		"token-expired":       "bearer tokens that the console gave out before do not hold any more",
		"ca-down":             "certificate authorities do not run",
		"ca-locks":            "certificate authorities have locked their administrators after wrong secrets of a stranger",
		"disk-full":           "peers cannot write any more, and do not start",
		"dies-young":          "peers die one second after they started",
		"never-healthy":       "peers serve, but their health check says no",
		"stop":                "the region's console and nodes do not run; their data stays",
		"unreachable":         "connections to and from the region are refused after a second",
		"black-hole":          "nothing to or from the region is ever answered",
		"slow":                "a round trip to or from the region takes a second longer",
	},
	Version: "Print the version",
	Flags: Flags{
		Dir:           "the set-up's folder (default: this one; for sandbox: farol/sandbox in your state directory)",
		VaultIdentity: "file with the age identity that opens the vault [FAROL_VAULT_IDENTITY]",
		AcceptEdited:  "take a state file that was edited by hand as it is",
		Answers:       "YAML file with the answers",
		Yes:           "ask nothing; questions without an answer are listed and the exit code is 2",
		Output:        "table, json, yaml or markdown; json prints one event a line while running",
		Like:          "rehearse your own set-up: the names, regions and contract of this answers file; its addresses, keys and ordering file are not used",
		Orderers:      "ordering nodes in the first three regions: 1-1-1, 3-1-1 or one (default 1-1-1)",
		Consoles:      "consoles of the regions other than home: full or import-only (default full)",
		Thin:          "allow up to ten regions; those beyond the third have no ordering node",
		Regions:       "practice regions, two to five; the first one is the home region (default us-south,us-east,ca-tor)",
		Latency:       "on: published round trips between the regions; off: none",
		Slow:          "stretch the creation of every node by this long, as on a busy cluster",
		Bin:           "folder with peer, orderer and fabric-ca-server (default: built once into your cache) [FAROL_FABRIC_BIN]",
		Region:        "the practice region that has the trouble (on: default the home region; off, back: default all)",
		Watch:         "print it again every second, until interrupted",
		Keep:          "leave the regions running at the end",
	},
	Building:   "building {item}, {index} of {total}, {elapsed}",
	Starting:   "starting the practice regions, {elapsed}",
	Attached:   "practice regions are up in {dir}",
	Left:       "The practice regions are still running. farol sandbox status shows them, farol sandbox down stops them.",
	Gone:       "practice regions stopped, nothing is left running",
	Regions:    "{region}  {url}  {processes} processes, {memory} MiB",
	Aside:      "an earlier practice set-up was moved to {path}",
	NoAnswers:  "There is no set-up in this folder. Name the answers: farol run --answers FILE --yes",
	Unexpected: "farol does not know {argument}. farol help lists the commands.",
	Options:    "{flag} does not know {value}. It takes: {options}.",
	Apart:      "{flag} names the regions already. Leave {other} out.",
	OtherRehearsal: "The practice set-up in {dir} was made with other answers than {file}. Leave --like out to go on with it, " +
		"or begin anew: farol sandbox down.",
	StandIn: "Practice peers cannot run {path}: they take a contract as a service whose address is left open. " +
		"The sample contract runs under your contract's name.",
	SayYes:       "farol run asks nothing and changes consoles. Say so with --yes, or run farol for the wizard, which shows a plan first.",
	OtherAnswers: "The set-up in {dir} has other answers than {file}. Leave --answers out to go on with it, or name another folder with --dir.",
	NoIdentity: "Nobody can type a passphrase for the vault here. Name a file for its key: --vault-identity FILE. It is made if it is " +
		"not there; keep it apart from the set-up.",
	Whole:      "{elapsed} from start to summary.",
	Passphrase: "Passphrase of the vault: ",
	Again:      "The same once more: ",
	NewPassphrase: "Farol keeps secrets and private keys sealed in a vault in this set-up's folder. Choose its passphrase, at least " +
		"{minimum} characters.\nWithout it nobody can open the vault, and nobody can give it back.",
}
