package consoles

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// exchange is one call to a real console and its answer, as console-transcripts.md has them.
type exchange struct {
	title, method, path, auth, request string
	status                             int
	header                             map[string]string
	answer                             string
}

var (
	requestLine = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) (\S+)   \(auth: (.*)\)$`)
	statusLine  = regexp.MustCompile(`^--- (\d{3}) `)
	headerLine  = regexp.MustCompile(`^([A-Z][A-Za-z-]+): (.*)$`)
	shortened   = regexp.MustCompile(`LS0tLS1CRUdJTiBDRVJUSUZJ\.\.\.<(\d+) chars>`)
	shortenedX  = regexp.MustCompile(`x{24}\.\.\.<(\d+) chars>`)
)

// exchanges reads every recorded exchange that stands there in full.
func exchanges(t *testing.T) []exchange {
	t.Helper()
	b, err := os.ReadFile("testdata/exchanges.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []exchange
	for part := range strings.SplitSeq(string(b), "\n### ") {
		title, text, _ := strings.Cut(part, "\n")
		_, text, fenced := strings.Cut(text, "```\n")
		text, _, _ = strings.Cut(text, "\n```")
		lines := strings.Split(lengthen(t, text), "\n")
		first := requestLine.FindStringSubmatch(lines[0])
		if !fenced || first == nil {
			continue
		}
		e := exchange{title: strings.TrimPrefix(title, "### "), method: first[1], path: first[2], auth: first[3], header: map[string]string{}}
		i := 1
		for ; statusLine.FindStringSubmatch(lines[i]) == nil; i++ {
			e.request += lines[i] + "\n"
		}
		e.status, _ = strconv.Atoi(statusLine.FindStringSubmatch(lines[i])[1])
		for i++; i < len(lines) && headerLine.MatchString(lines[i]); i++ {
			h := headerLine.FindStringSubmatch(lines[i])
			e.header[h[1]] = h[2]
		}
		e.answer = strings.TrimSpace(strings.Join(lines[i:], "\n"))
		out = append(out, e)
	}
	return out
}

// lengthen puts test certificates and real texts where the record shortens them.
func lengthen(t *testing.T, text string) string {
	text = shortened.ReplaceAllStringFunc(text, func(s string) string {
		return encoded(certOf(t, shortened.FindStringSubmatch(s)[1]))
	})
	return shortenedX.ReplaceAllStringFunc(text, func(s string) string {
		n, _ := strconv.Atoi(shortenedX.FindStringSubmatch(s)[1])
		return strings.Repeat("x", n)
	})
}

// changing are the keys whose values differ from run to run: only their types are compared.
var changing = map[string]bool{
	"timestamp": true, "edited_timestamp": true, "lastHeartbeatTime": true, "ts_created": true, "api_key": true, "api_secret": true,
	"by": true, "censoredEmail": true, "elapsed_ms": true, "local_date": true, "tx_id": true, "user_agent": true, "log": true, "total": true,
	"serial_number_hex": true, "not_before_ts": true, "not_after_ts": true, "time_left": true, "time": true, "email": true, "uuid": true,
	// What the recorded machine was called, and what could not be reached from it.
	"instance_id": true, "crn_string": true,
}

// settle makes two answers comparable.
func settle(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, one := range v {
			if changing[k] {
				v[k] = "<" + typeName(one) + ">"
			} else {
				v[k] = settle(one)
			}
		}
	case []any:
		for i, one := range v {
			v[i] = settle(one)
		}
	}
	return v
}

func typeName(v any) string { return fmt.Sprintf("%T", v) }

// parsed is an answer as a client sees it: JSON, or a text.
func parsed(s string) any {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	return settle(v)
}

func TestTheRecordIsReadInFull(t *testing.T) {
	t.Parallel()
	all := exchanges(t)
	if len(all) < 100 {
		t.Errorf("%d exchanges were read, the record has more than 100", len(all))
	}
	for _, e := range all {
		if e.status == 0 || strings.Contains(e.request, "...<") && !strings.Contains(e.request, "ekey") {
			t.Errorf("%s was not understood", e.title)
		}
	}
}
