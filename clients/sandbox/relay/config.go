package relay

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Operator is the place that Farol itself dials from.
const Operator = "operator"

// Config is the relay's map of the world, kept in one file.
type Config struct {
	Control string            `json:"control"` // loopback address of the control port
	Token   string            `json:"token"`   // what a caller of the control port must know
	Listen  map[string]string `json:"listen"`  // place to loopback address of its proxy; one of them is Operator
	Routes  map[string]Route  `json:"routes"`  // name:port, as dialed, to where it really is
	Links   []Link            `json:"links"`   // pairs that are not listed have no distance
}

// Route says where a name really listens.
type Route struct {
	Region string `json:"region"`
	Addr   string `json:"addr"` // loopback address
}

// Link is the distance between two places; both may be the same one.
type Link struct {
	A   string        `json:"a"`
	B   string        `json:"b"`
	RTT time.Duration `json:"rtt"` // one round trip, nanoseconds in the file
}

// Save writes the file so that a reader sees the old or the new content, never a part. It holds the token: 0600.
func (c Config) Save(file string) error {
	b, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".relay-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(b); err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("relay config: %w", err)
	}
	return os.Rename(f.Name(), file)
}

// rtt is the round trip between two places.
func (c Config) rtt(a, b string) time.Duration {
	for _, l := range c.Links {
		if l.A == a && l.B == b || l.A == b && l.B == a {
			return l.RTT
		}
	}
	return 0
}

// source reads the file again whenever it was replaced, so that a node is known from its first connection on.
type source struct {
	file string
	seen os.FileInfo
	conf Config
}

// load gives the newest config that can be read. Callers serialise.
func (s *source) load() (Config, error) {
	info, err := os.Stat(s.file)
	if err != nil {
		return s.conf, fmt.Errorf("relay config: %w", err)
	}
	if s.seen != nil && os.SameFile(info, s.seen) && info.ModTime().Equal(s.seen.ModTime()) {
		return s.conf, nil
	}
	b, err := os.ReadFile(s.file)
	if err != nil {
		return s.conf, fmt.Errorf("relay config: %w", err)
	}
	var c Config
	if err := json.Unmarshal(b, &c); err != nil {
		return s.conf, fmt.Errorf("relay config: %w", err)
	}
	s.conf, s.seen = c, info
	return c, nil
}
