package sandbox

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"text/template"
)

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"q":    strconv.Quote,                                                                    // what Go quotes, YAML reads
	"json": func(v any) (string, error) { b, err := json.Marshal(v); return string(b), err }, // and JSON is YAML
	"host": func(addr string) string { h, _, _ := net.SplitHostPort(addr); return h },
	"port": func(addr string) string { _, p, _ := net.SplitHostPort(addr); return p },
}).Option("missingkey=error").ParseFS(templateFiles, "templates/*"))

// settings writes a node's configuration file from its template.
func settings(path, name string, values any) error {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, values); err != nil {
		return fmt.Errorf("settings %s: %w", name, err)
	}
	return write(path, b.Bytes())
}
