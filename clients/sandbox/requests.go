package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// Request is one call that reached a practice console, in the order in which they ended. It is the truth about
// calls and durations, also where a client sees something else.
type Request struct {
	Began  time.Time     `json:"began"`
	Took   time.Duration `json:"took"` // nanoseconds in the file; without the way there and back
	Region string        `json:"region"`
	Method string        `json:"method"`
	Path   string        `json:"path"` // without the query
	Agent  string        `json:"agent,omitempty"`
	Status int           `json:"status"` // what the console answered; 0: it was not asked
	Sent   int           `json:"sent"`   // what left for the client; 0: nothing did
	Fault  Fault         `json:"fault,omitempty"`
}

// RequestLog is the file with the requests of a world, one JSON object a line. It outlives the world.
func (w *World) RequestLog() string { return folder(w.Dir).requests() }

// Requests reads the log.
func (w *World) Requests() ([]Request, error) {
	b, err := os.ReadFile(w.RequestLog())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("request log: %w", err)
	}
	var out []Request
	for line := range bytes.Lines(b) {
		if !bytes.HasSuffix(line, []byte("\n")) {
			break // is being written, or was when the daemon was killed
		}
		var r Request
		if err := json.Unmarshal(line, &r); err != nil {
			return out, fmt.Errorf("request log: %w", err)
		}
		out = append(out, r)
	}
	return out, nil
}

// requestLog is the writing side.
type requestLog struct {
	file *os.File
	log  *slog.Logger
}

// newRequestLog begins the log of a new world.
func newRequestLog(path string, log *slog.Logger) (*requestLog, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("request log: %w", err)
	}
	return &requestLog{f, log}, nil
}

// add writes a line at once, so that lines of several consoles do not mix.
func (l *requestLog) add(r Request) {
	b, err := json.Marshal(r)
	if err == nil {
		_, err = l.file.Write(append(b, '\n'))
	}
	if err != nil {
		l.log.Error("request log", "error", err)
	}
}
