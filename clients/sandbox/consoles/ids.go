package consoles

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	notID       = regexp.MustCompile(`[^A-Za-z0-9_-]`)
	notDeployed = regexp.MustCompile(`[^a-z0-9]`)
	trailing    = regexp.MustCompile(`^(.*?)(\d+)$`)
)

// idOf makes an id from a display name (console-api.md 8.1).
func idOf(name string) string {
	id := strings.ToLower(notID.ReplaceAllString(name, ""))
	if id == "" || id[0] < 'a' || id[0] > 'z' {
		id = "c" + id
	}
	return id[:min(len(id), 32)]
}

// free makes an id that no document has: a trailing number counts up, otherwise _0 is added.
func free(id string, taken func(string) bool) string {
	for taken(id) {
		if m := trailing.FindStringSubmatch(id); m != nil {
			if n, err := strconv.Atoi(m[2]); err == nil {
				id = m[1] + strconv.Itoa(n+1)
				continue
			}
		}
		id += "_0"
	}
	return id
}

// deploymentOf is the name of a node in the cluster: letters and digits only.
func deploymentOf(id string) string {
	return notDeployed.ReplaceAllString(strings.ToLower(id), "")
}
