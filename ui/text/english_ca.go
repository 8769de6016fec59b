package text

import "farol/state/fault"

var englishCAProblems = map[fault.Code]Problem{}
