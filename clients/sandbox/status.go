package sandbox

import (
	"context"
	"time"

	"farol/clients/sandbox/process"
	"farol/clients/sandbox/relay"
)

// Status is how a world is.
type Status struct {
	Ready     bool           `json:"ready"`
	Since     time.Time      `json:"since"`
	Idle      time.Duration  `json:"idle"` // since the last request
	Started   []string       `json:"started"`
	Regions   []RegionStatus `json:"regions"`
	Processes []Process      `json:"processes"` // in the order of starting
}

// RegionStatus is how one region is.
type RegionStatus struct {
	ID      string     `json:"id"`
	Console string     `json:"console"` // URL
	Stopped bool       `json:"stopped"`
	Mode    relay.Mode `json:"mode"` // of its links
	Faults  []Fault    `json:"faults,omitempty"`
}

// Process is one process of the world.
type Process struct {
	Name   string       `json:"name"`
	Region string       `json:"region,omitempty"`
	Kind   process.Kind `json:"kind"`
	PID    int          `json:"pid"`
	Addr   string       `json:"addr"` // loopback address
	Alive  bool         `json:"alive"`
	RSS    int64        `json:"rss"` // bytes
}

func (d *daemon) status(ctx context.Context) Status {
	d.mu.Lock()
	s := Status{Ready: d.ready, Since: d.began, Idle: time.Since(d.touched), Started: append([]string{}, d.started...)}
	d.mu.Unlock()
	records, err := d.dir.run().Records()
	if err != nil {
		d.log.Error("records", "error", err)
	}
	for _, r := range records {
		s.Processes = append(s.Processes, Process{r.Name, r.Region, r.Kind, r.PID, r.Addr, r.Alive(), r.RSS()})
	}
	if !s.Ready {
		return s
	}
	links, err := d.network.client.Status(ctx)
	if err != nil {
		d.log.Error("relay", "error", err)
	}
	s.Idle = min(s.Idle, links.Quiet)
	for _, r := range d.regions {
		mode := links.Modes[r.id]
		if mode == "" {
			mode = relay.Normal
		}
		s.Regions = append(s.Regions, RegionStatus{r.id, r.url(), d.crew.isDown(r.id), mode, d.faults.of(r.id, mode)})
	}
	return s
}
