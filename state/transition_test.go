package state

import "testing"

func TestAllowsTheLegalMovesAndNoOther(t *testing.T) {
	t.Parallel()
	columns := []Status{Todo, Doing, Done, Failed, Unknown, Drifted, Skipped, Waiting, Confirmed}
	rows := map[Status]string{ // x: legal, in the order of the columns; a status may always stay
		Todo:      "xxxxx.xx.",
		Doing:     "xxxxx.x..",
		Done:      "..x..xx..",
		Failed:    "xxxxx.xx.",
		Unknown:   "xxxxx.xx.",
		Drifted:   "xxxxxxxx.",
		Skipped:   "x.x...x..",
		Waiting:   "x.xxx.xxx",
		Confirmed: "..x..xx.x",
	}
	for from, row := range rows {
		for i, to := range columns {
			if got, want := Transition(from, to), row[i] == 'x'; got != want {
				t.Errorf("%s -> %s: %v, want %v", from, to, got, want)
			}
		}
	}
	if len(rows) != len(columns) {
		t.Errorf("%d rows for %d statuses", len(rows), len(columns))
	}
}

func TestKnowsNoMoveOfAnUnknownWord(t *testing.T) {
	t.Parallel()
	for _, odd := range []Status{"", "finished"} {
		if Transition(odd, Done) || Transition(odd, odd) || Transition(Todo, odd) {
			t.Errorf("%q moves", odd)
		}
	}
}
