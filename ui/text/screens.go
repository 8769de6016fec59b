package text

// Screens are the sentences of the wizard's screens.
type Screens struct {
	TooSmall string // facts: width, height
	New      string // the name of a set-up that has none yet
	Names    ScreenNames
	Keys     Keys
	Phases   map[string]string // progress of practice regions: build, start, ready, failed; facts: item, index, total, elapsed
	Sources  map[string]string // by steps.Source
	Welcome  Welcome
	Resume   Resume
	Ask      Ask
	Plan     Plan
	Run      Run
	Gate     GateScreen
	Failure  FailureScreen
	Summary  SummaryScreen
	Stopping string // after the first ctrl+c
	Stopped  string // after the wizard has ended with work left
}

// ScreenNames stand in the header.
type ScreenNames struct {
	Welcome, Resume, Review, Regions, Consoles, Organization, Channel, Plan, Run, Gate, Failure, Summary string
}

// Keys name what keys do, for the footer.
type Keys struct {
	Next, Start, End, Back, Choose, Other, Quit, Stop, Log, Board, Gate, Failure, Scroll string
}

// Welcome is the first screen of a new set-up.
type Welcome struct {
	Title          string
	Body           string
	Practice, Real string // what the regions are
	Enter          string
}

// Resume is the first screen where a set-up is there already.
type Resume struct {
	Begun    string // facts: name, regions, user, updated
	Far      string // facts: done, all
	Open     string // facts: count
	Held     string // facts: user, host, pid, since
	Go       string
	Review   string
	Over     string
	OverSure string // facts: folder
	OverNo   string
	OverYes  string
	Opening  string // while it is opened
}

// Ask are the screens with questions.
type Ask struct {
	Why       map[string]string // by screen: why it asks, before the questions
	Permanent string
	Example   string // what stands in an empty field; facts: example
	Practice  string // in the place of questions that practice regions answer
	Pair      string // facts: a, b, rtt, estimated
	Estimate  string
	Worst     string            // facts: a, b, rtt
	Stops     map[string]string // by region.Stop
	Score     string            // facts: total, latency, distance, zones, residency
	Published string            // facts: from, to
	Testing   string            // facts: region
	Answers   string            // facts: region, rtt, version, role
	Waiting   string            // practice regions are not up yet
	Saving    string
}

// Plan is the last screen before anything changes.
type Plan struct {
	Nothing             string
	Subject             string // facts: organization, msp, channel, contract, package
	Everywhere          string // head of the column of what belongs to no region
	Check, Change, Gate string // what a step is, by its kind
	Totals              string // facts: steps, changes
	People              string
	Enter               string
}

// Run is the board.
type Run struct {
	Total      string // facts: done, all, elapsed
	Home       string // marks the home region
	Everywhere string // head of the lane of what belongs to no region
	Now        string
	Recent     string
	Failed     string
	Waits      string
	Nothing    string // nothing is under way
}

// GateScreen is one gate.
type GateScreen struct {
	Play, Wait, Done, Later string
	Playing                 string
	Look, Looking           string
	Confirmed               string // facts: region
}

// FailureScreen is one failed step.
type FailureScreen struct {
	TryAgain, Adopt, Leave, Later string
	Others                        string
}

// SummaryScreen is the last one.
type SummaryScreen struct {
	Practice string // practice regions keep running
}

// QuestionWords are the words of one question, by its key.
type QuestionWords struct {
	Title, Help, Example string
	Options              map[string]string // words of a choice
}
