package line

import (
	"bytes"
	"encoding/json"
	"io"

	"farol/steps/engine"
	"farol/ui/text"
)

// JSON makes a reporter that prints every event as one line of JSON, with the keys of engine.Event.
func JSON(w io.Writer) engine.Reporter {
	return engine.ReporterFunc(func(e engine.Event) {
		var out bytes.Buffer
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			return // an event is made of strings and numbers: it can always be written
		}
		_, _ = w.Write(text.InertJSON(out.Bytes())) // a closed pipe ends the program by itself
	})
}
