package guide

import (
	"strconv"
	"strings"

	"farol/state"
	"farol/ui/text"
)

// Standing tells where an earlier set-up stands, a sentence each, and who works on it right now.
func Standing(c *text.Catalogue, e *Existing) (saved, held []string) {
	words := c.Screens.Resume
	if f := e.File; f != nil {
		done, open := 0, 0
		var regions []string
		for _, r := range f.Setup.Regions {
			regions = append(regions, r.ID)
		}
		for _, s := range f.Steps {
			switch s.Status {
			case state.Done, state.Confirmed, state.Skipped:
				done++
			case state.Todo:
			default:
				open++
			}
		}
		saved = append(saved, text.Fill(words.Begun, map[string]string{"name": f.Setup.Name, "regions": strings.Join(regions, ", "),
			"updated": f.Updated.Format("2006-01-02 15:04 MST"), "user": f.By.User}),
			text.Fill(words.Far, map[string]string{"done": strconv.Itoa(done), "all": strconv.Itoa(len(f.Steps))}))
		if open > 0 {
			saved = append(saved, text.Fill(words.Open, map[string]string{"count": strconv.Itoa(open)}))
		}
	}
	if o := e.Owner; o != nil {
		held = append(held, text.Fill(words.Held, map[string]string{"user": o.User, "host": o.Host, "pid": strconv.Itoa(o.PID), "since": o.Since.Format("15:04:05 MST")}))
	}
	return saved, held
}
