package text

// Line is what progress says, one line at a time.
type Line struct {
	Everywhere string // in the place of a region: the step belongs to all of them
	Step       string // a step and what it is done to; facts: title, target
	Awaited    string // what a step waits for; facts: awaited, target
	Trouble    string // the same while something keeps failing that may pass; facts: awaited, target, what
	What       string // labels of a failure
	Why        string
	Do         string
	Who        string // labels of a gate
	File       string
	Then       string
}

// Summary is what is printed when nothing moves any more.
type Summary struct {
	Proven  string // title when the proof holds; facts: name, count
	Waiting string // title when only gates are left; facts: name, gates

	ProvenWaiting string // the same when the proof holds already; facts: name, count, gates

	Open  string // title when something failed, is unknown or was not begun; facts: name
	Begun string // title when everything is done, but the proof does not hold; facts: name

	Counts string // facts: steps, counts, took
	Gates  string // headings
	Failed string
	Time   string // facts: wall
	Stage  string // labels of the rows of the time table
	Region string
	People string // the time that gates waited for people
	Risks  string
	Next   string

	Proof Proof
	Now   map[string]string // what each next command does, by its name; "" is farol itself
}

// Proof is the table of the proof.
type Proof struct {
	Heading                                                 string // facts: channel, contract
	Region, Height, Hash, Anchor, Package, Endorses, SeenBy string // heads of columns
	Yes, No                                                 string
	NotSeen                                                 string // never "ok": nobody has seen it
	Consoles                                                string // facts: seen, all
	Holds                                                   string // what the whole says; facts: at
	Fails                                                   string
	NotYet                                                  string
}

// Report is the summary of checkpoints.
type Report struct {
	Title                                       string // facts: name, serial, updated
	Status, Region, Stage, Step, Took, Evidence string // heads of columns
	Empty                                       string // no step was begun
	Organization, Channel, Contract             string // labels
	Home                                        string // marks the home region
}
