package state

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
)

// Most prefixes of a YAML document are valid YAML, so the document alone cannot tell that it was cut. The
// footer does: a checksum and the length of the exact bytes before it (reliability.md finding 3).

// end is the YAML mark "end of document", with which the footer begins.
const end = "...\n"

// footerLike matches a last line that is a footer or was one before somebody edited the file.
var footerLike = regexp.MustCompile(`^# integrity: sha256:\S+  bytes: \d+\s*$`)

// seal puts the footer behind a document.
func seal(body []byte) []byte {
	return fmt.Appendf(bytes.Clone(body), "%s# integrity: sha256:%x  bytes: %d\n", end, sha256.Sum256(body), len(body))
}

// unseal splits a file into its document and its footer. whole says that the footer is right; signed that
// there is one at all, which a truncated file never has.
func unseal(data []byte) (body []byte, whole, signed bool) {
	i := bytes.LastIndex(data, []byte("\n"+end))
	if i < 0 {
		return nil, false, false
	}
	body, last := data[:i+1], data[i+1+len(end):]
	return body, bytes.Equal(seal(body), data), footerLike.Match(last)
}
