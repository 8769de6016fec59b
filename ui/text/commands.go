package text

// Commands are the words of the command tree: what farol help says.
type Commands struct {
	Farol, Sandbox, Run, Status              Command
	SandboxUp, SandboxStatus, SandboxDown    string
	Fault                                    Command
	FaultList, FaultOn, FaultOff, FaultBack  string
	FaultTable                               string            // headings of who is connected to whom, between tabs
	FaultBegun, FaultEnded                   string            // after on: fault, region; after off and back
	Faults                                   map[string]string // what each fault of practice regions does
	Version                                  string
	Flags                                    Flags
	Building, Starting, Attached, Left, Gone string // progress of the practice regions as lines
	Regions                                  string // a line of sandbox status: region, url, alive, processes
	Aside                                    string // the set-up of earlier practice regions was moved; path
	NoAnswers                                string // farol run without a set-up and without --answers
	Unexpected                               string // a word after a command that takes none; argument
	Options                                  string // a flag's value that it does not know; flag, value, options
	Apart                                    string // two flags that exclude each other; flag, other
	OtherRehearsal                           string // --like beside another set-up; dir, file
	StandIn                                  string // the contract to rehearse with cannot run; path
	SayYes                                   string // farol run without --yes
	OtherAnswers                             string // --answers beside another set-up; dir, file
	NoIdentity                               string // no terminal to ask for a passphrase, and no identity file named
	Whole                                    string // how long everything took; elapsed
	Passphrase, Again                        string // prompts for the vault's passphrase
	NewPassphrase                            string // before a new one is chosen; facts: minimum
}

// Command is one command.
type Command struct{ Short, Long, Example string }

// Flags are the words of all flags.
type Flags struct {
	Dir, VaultIdentity, AcceptEdited, Answers, Yes, Output, Regions, Latency, Slow, Bin, Keep, Region, Watch string
	Like, Orderers, Consoles, Thin                                                                           string
}
