package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// seen is what the kernel tells about a pid.
type seen struct {
	started string // ticks since boot
	exe     string // empty when it may not be known
	dead    bool   // ended, but its parent has not looked yet
}

func look(pid int) (seen, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return seen{}, err
	}
	// The second field is the program's name in parentheses and may hold anything; the rest is regular.
	end := bytes.LastIndexByte(stat, ')')
	fields := strings.Fields(string(stat[end+1:]))
	const state, starttime = 0, 19 // fields 3 and 22 of proc(5), of which the first two are cut off
	if end < 0 || len(fields) <= starttime {
		return seen{}, errors.New("/proc/PID/stat has an unknown form")
	}
	s := seen{started: fields[starttime], dead: fields[state] == "Z" || fields[state] == "X"}
	if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err == nil {
		s.exe = strings.TrimSuffix(exe, " (deleted)")
	}
	return s, nil
}

func resident(pid int) int64 {
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(statm))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
