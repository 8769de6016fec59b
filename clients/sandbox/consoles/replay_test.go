package consoles

import (
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
	note                               string // instead of one call: what was seen of several
}

// recorded is how many exchanges the record has, counted by their headings.
const recorded = 131

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
		if !fenced {
			continue // the heading of the record itself
		}
		lines := strings.Split(lengthen(t, text), "\n")
		first := requestLine.FindStringSubmatch(lines[0])
		if first == nil {
			out = append(out, exchange{title: title, note: text})
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

func TestTheRecordIsReadInFull(t *testing.T) {
	t.Parallel()
	all := exchanges(t)
	if len(all) != recorded {
		t.Errorf("%d exchanges were read, the record has %d", len(all), recorded)
	}
	for _, e := range all {
		if e.status == 0 && e.note == "" || strings.Contains(e.request, "...<") && !strings.Contains(e.request, "ekey") {
			t.Errorf("%s was not understood", e.title)
		}
	}
}
