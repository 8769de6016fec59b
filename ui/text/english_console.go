package text

import "farol/state/fault"

var englishConsoleProblems = map[fault.Code]Problem{}
