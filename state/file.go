package state

import "time"

// File is the whole content of farol.yaml.
type File struct {
	Schema    int          `yaml:"schema" json:"schema"`
	MinReader int          `yaml:"min_reader" json:"min_reader"` // oldest schema whose readers understand it
	Tool      string       `yaml:"tool" json:"tool"`             // version of Farol that wrote it
	Lineage   string       `yaml:"lineage" json:"lineage"`       // random, fixed for the life of the set-up
	Serial    int64        `yaml:"serial" json:"serial"`         // grows by one with every save
	Updated   time.Time    `yaml:"updated" json:"updated"`
	By        Author       `yaml:"by" json:"by"` // who saved it
	Setup     Setup        `yaml:"setup" json:"setup"`
	Steps     []Checkpoint `yaml:"steps" json:"steps"`
}

// Author is a person at a machine.
type Author struct {
	User string `yaml:"user" json:"user"`
	Host string `yaml:"host" json:"host"`
}

// Owner is who holds the lock of a set-up.
type Owner struct {
	Author  `yaml:",inline"`
	PID     int       `yaml:"pid" json:"pid"`
	Command string    `yaml:"command" json:"command"`
	Since   time.Time `yaml:"since" json:"since"`
}
