package sandbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"farol/clients/sandbox/relay"
	"farol/state/fault"
)

// Fault is a trouble of the real world that a practice region can have. It stays until it is ended.
type Fault string

// The faults of a region's console. "After" is after the work was done, and concerns only calls that change something.
const (
	SlowConsole        Fault = "slow-console"
	ErrorBefore        Fault = "error-before"
	ErrorAfter         Fault = "error-after"
	AnswerLost         Fault = "answer-lost"
	TruncatedJSON      Fault = "truncated-json"
	WrongCertificate   Fault = "wrong-certificate"
	CertificateRenewed Fault = "certificate-renewed"
	TokenExpired       Fault = "token-expired"
)

// The faults of a region's nodes. But for CALocks they also hold for nodes that are made meanwhile.
const (
	CADown       Fault = "ca-down"
	CALocks      Fault = "ca-locks"
	DiskFull     Fault = "disk-full"
	DiesYoung    Fault = "dies-young"
	NeverHealthy Fault = "never-healthy"
)

// The faults of a whole region. The last three are its links', which have one of them at a time.
const (
	Stop        Fault = "stop"
	Unreachable Fault = "unreachable"
	BlackHole   Fault = "black-hole"
	SlowLinks   Fault = "slow"
)

// Faults is the menu.
func Faults() []Fault {
	return []Fault{SlowConsole, ErrorBefore, ErrorAfter, AnswerLost, TruncatedJSON, WrongCertificate, CertificateRenewed, TokenExpired,
		CADown, CALocks, DiskFull, DiesYoung, NeverHealthy, Stop, Unreachable, BlackHole, SlowLinks}
}

// regionFaults are those that Back ends.
var regionFaults = []Fault{Stop, Unreachable, BlackHole, SlowLinks}

// The faults about faults.
var (
	NoFault      = fault.Define("sandbox.no-fault")      // fault, options: the menu has none of that name
	NothingThere = fault.Define("sandbox.nothing-there") // fault, region: nothing that could have it
)

// linkModes are the faults that the relay makes.
var linkModes = map[Fault]relay.Mode{Unreachable: relay.Unreachable, BlackHole: relay.BlackHole, SlowLinks: relay.Slow}

// Fault begins a fault in a region; without one, at home. It is there when this returns. A fault that is there
// already stays.
func (w *World) Fault(ctx context.Context, f Fault, region string) error {
	return w.control.call(ctx, "POST", "/fault", faultRequest{Faults: []Fault{f}, Region: region, On: true}, nil)
}

// EndFault ends a fault in a region; without one, everywhere. When this returns everything serves again.
func (w *World) EndFault(ctx context.Context, f Fault, region string) error {
	return w.control.call(ctx, "POST", "/fault", faultRequest{Faults: []Fault{f}, Region: region}, nil)
}

// EndFaults ends all faults in a region; without one, everywhere.
func (w *World) EndFaults(ctx context.Context, region string) error {
	return w.control.call(ctx, "POST", "/fault", faultRequest{Faults: Faults(), Region: region}, nil)
}

// Back brings a lost region back, whatever way it was lost; without one, every region.
func (w *World) Back(ctx context.Context, region string) error {
	return w.control.call(ctx, "POST", "/fault", faultRequest{Faults: regionFaults, Region: region}, nil)
}

type faultRequest struct {
	Faults []Fault `json:"faults"`
	Region string  `json:"region,omitempty"`
	On     bool    `json:"on,omitempty"`
}

// faults knows which faults are on, and makes them.
type faults struct {
	d      *daemon
	serial sync.Mutex // one change at a time

	mu   sync.Mutex
	on   map[Fault]map[string]bool // by region
	sick map[string]string         // addresses of bad health checks, by region
}

func newFaults(d *daemon) *faults { return &faults{d: d, on: map[Fault]map[string]bool{}} }

// has tells whether a region has a fault. What the relay and the crew know is not kept twice.
func (x *faults) has(f Fault, region string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.on[f][region]
}

func (x *faults) mark(f Fault, region string, on bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.on[f] == nil {
		x.on[f] = map[string]bool{}
	}
	x.on[f][region] = on
}

// of lists the faults that a region has, in the order of the menu.
func (x *faults) of(region string, mode relay.Mode) []Fault {
	return slices.DeleteFunc(Faults(), func(f Fault) bool {
		if m, ok := linkModes[f]; ok {
			return m != mode
		}
		if f == Stop {
			return !x.d.crew.isDown(region)
		}
		return !x.has(f, region)
	})
}

// changeLimit bounds one change. A caller that goes away does not leave it half done.
const changeLimit = 3 * time.Minute

// change begins or ends faults.
func (x *faults) change(ctx context.Context, q faultRequest) error {
	for _, f := range q.Faults {
		if !slices.Contains(Faults(), f) {
			return fault.New(NoFault, "fault", string(f), "options", menu()).Certain(fault.Refused)
		}
	}
	regions := x.d.plan.Regions
	switch {
	case q.Region != "" && !slices.Contains(regions, q.Region):
		return fault.New(NoRegion, "region", q.Region).Certain(fault.Refused)
	case q.Region != "":
		regions = []string{q.Region}
	case q.On:
		regions = regions[:1]
	}
	x.serial.Lock()
	defer x.serial.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), changeLimit)
	defer cancel()
	var errs []error
	for _, region := range regions {
		links, err := x.d.network.client.Status(ctx)
		if err != nil {
			return err
		}
		there := x.of(region, links.Modes[region])
		for _, f := range q.Faults {
			if slices.Contains(there, f) == q.On {
				continue
			}
			x.mark(f, region, q.On)
			if err := x.apply(ctx, f, region, q.On); err != nil {
				errs = append(errs, err)
				x.mark(f, region, !q.On) // so that it can be tried again
			}
		}
	}
	return errors.Join(errs...)
}

func menu() string {
	var names []string
	for _, f := range Faults() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// apply does what a fault needs beyond being marked.
func (x *faults) apply(ctx context.Context, f Fault, region string, on bool) error {
	d := x.d
	if mode, ok := linkModes[f]; ok {
		if !on {
			mode = relay.Normal
		}
		return d.network.client.SetMode(ctx, region, mode)
	}
	switch f {
	case Stop:
		if on {
			return d.stopRegion(ctx, regionRequest{Region: region})
		}
		return d.startRegion(ctx, regionRequest{Region: region})
	case TokenExpired:
		d.region(region).tokens.expire()
		return nil
	case WrongCertificate, CertificateRenewed:
		d.region(region).lines.end()
		return nil
	}
	return x.applyToNodes(ctx, f, region, on)
}
