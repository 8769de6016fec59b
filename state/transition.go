package state

import "slices"

// moves lists where a step may go from each status. Most moves follow an observation, which may find
// anything; what is never allowed is to act again on a step that is done without having seen it drift, and
// to call something done, drifted or confirmed that was not looked at or asked for.
var moves = map[Status][]Status{
	Todo:      {Doing, Done, Failed, Unknown, Waiting}, // done: somebody did it by hand
	Doing:     {Done, Failed, Unknown, Todo},
	Unknown:   {Done, Todo, Failed, Doing, Waiting},
	Failed:    {Todo, Done, Doing, Unknown, Waiting},
	Done:      {Drifted},
	Drifted:   {Todo, Done, Doing, Failed, Unknown, Waiting},
	Waiting:   {Done, Confirmed, Todo, Failed, Unknown},
	Confirmed: {Done, Drifted}, // done: it could be observed after all
	Skipped:   {Todo, Done},    // todo: a person wants it after all
}

// Transition tells whether a step may go from one status to another (reliability.md 2.2). A step may
// always stay where it is, and a person may always skip it.
func Transition(from, to Status) bool {
	allowed, known := moves[from]
	return known && (to == from || to == Skipped || slices.Contains(allowed, to))
}
