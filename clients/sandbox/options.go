package sandbox

import (
	"cmp"
	"time"
)

// idleLimit is how long a practice world stays up when nobody asks it for anything.
const idleLimit = 2 * time.Hour

// Operator is the place that Farol dials from, in the table of round trips.
const Operator = "operator"

// Options say what practice world to run.
type Options struct {
	Dir        string                      // the world's folder
	Regions    []string                    // their ids; the first is home
	RTT        map[[2]string]time.Duration // round trips between two regions, or Operator and a region; not listed: 0
	Slow       time.Duration               // how much longer the start of a node takes
	Bin        string                      // folder with Fabric's programs; empty: the user's cache, built when it is not there
	Executable string                      // the program that is copied for the background; empty: this one
	Idle       time.Duration               // without a request for so long, the world stops; 0: two hours

	// What follows may be empty: then it is as usual, or as in the world that runs.
	Channel  string      // that the ordering service has; usually trade
	Orderers Layout      // how its nodes are spread; usually one in each of three regions
	Consoles ConsoleKind // of the regions other than home; usually whole ones

	Thin bool // more regions than usual may be had, and little is to run in those beyond the third
}

// The phases of bringing the world up.
const (
	Building = "build"
	Starting = "start"
	Ready    = "ready"
)

// Progress is what Up tells while it works.
type Progress struct {
	Phase   string
	Item    string // a program that is built, or a process that has started
	Index   int    // from 1
	Total   int
	Elapsed time.Duration // since Up began
}

// plan is what the background process is told. It holds no secret, for it travels as an argument.
type plan struct {
	Regions  []string      `json:"regions"`
	Links    []link        `json:"links,omitempty"`
	Slow     time.Duration `json:"slow,omitempty"`
	Bin      string        `json:"bin"`
	Idle     time.Duration `json:"idle"`
	Channel  string        `json:"channel"`
	Orderers Layout        `json:"orderers"`
	Consoles ConsoleKind   `json:"consoles"`
}

type link struct {
	A   string        `json:"a"`
	B   string        `json:"b"`
	RTT time.Duration `json:"rtt"`
}

func (o Options) plan(bin string) plan {
	p := plan{Regions: o.Regions, Slow: o.Slow, Bin: bin, Idle: cmp.Or(o.Idle, idleLimit), Channel: cmp.Or(o.Channel, channelName),
		Orderers: cmp.Or(o.Orderers, EachOne), Consoles: cmp.Or(o.Consoles, Full)}
	for pair, rtt := range o.RTT {
		p.Links = append(p.Links, link{pair[0], pair[1], rtt})
	}
	return p
}
