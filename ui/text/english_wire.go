package text

import "farol/state/fault"

var englishWireProblems = map[fault.Code]Problem{}
