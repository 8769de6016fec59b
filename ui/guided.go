// Package ui is everything a person reads on a full screen: the wizard. It is the only place that knows
// bubbletea. What it needs from below is declared by package guide; main hands it over.
package ui

import "farol/ui/guide"

// What both wizards share.
type (
	Deps             = guide.Deps
	Existing         = guide.Existing
	Runner           = guide.Runner
	Practice         = guide.Practice
	PracticeProgress = guide.PracticeProgress
	Outcome          = guide.Outcome
)
