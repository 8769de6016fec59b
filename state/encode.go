package state

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// FileName is the name of the state in a set-up's folder.
const FileName = "farol.yaml"

// Schema is the version of the format that this Farol writes, and the newest that it reads.
const Schema = 1

// Limits of what is read, so that a hostile or broken file ends in an error and not in an empty memory.
const (
	maxFile   = 4 << 20
	maxString = 64 << 10
	maxDepth  = 32
)

// encode gives the bytes of farol.yaml. It reads them back, so that nothing is written that Farol would refuse.
func encode(f File) ([]byte, error) {
	f.Steps = tidy(f.Steps)
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := errors.Join(e.Encode(f), e.Close()); err != nil {
		return nil, err
	}
	data := seal(b.Bytes())
	if len(data) > maxFile {
		return nil, fmt.Errorf("%d bytes are more than %d", len(data), maxFile)
	}
	_, err := decode(FileName, data)
	return data, err
}

// tidy gives the checkpoints with facts that are fit to be saved: a strange answer of a far side must not
// stop the run.
func tidy(steps []Checkpoint) []Checkpoint {
	steps = slices.Clone(steps)
	for i := range steps {
		steps[i].Evidence = tidyFacts(steps[i].Evidence)
		if e := steps[i].Error; e != nil {
			steps[i].Error = &Failure{Code: e.Code, Facts: tidyFacts(e.Facts), At: e.At}
		}
	}
	return steps
}

// tidyFacts makes each fact one line of text of a bounded length.
func tidyFacts(facts map[string]string) map[string]string {
	const more = "…"
	out := make(map[string]string, len(facts))
	for k, v := range facts {
		if len(v) > maxString {
			v = v[:maxString-len(more)] + more
		}
		out[k] = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
				return ' '
			}
			return r
		}, strings.ToValidUTF8(v, "?"))
	}
	return out
}

// decode reads the bytes of farol.yaml. With the fault CodeEdited the file comes with it.
func decode(path string, data []byte) (File, error) {
	damaged := func(err error) (File, error) {
		return File{}, trouble(CodeDamaged, "path", path).Because(err)
	}
	if len(data) > maxFile {
		return damaged(fmt.Errorf("more than %d bytes", maxFile))
	}
	body, whole, signed := unseal(data)
	if !whole && !signed {
		return damaged(errors.New("no footer: the file is not complete"))
	}
	doc, err := document(body)
	if err != nil {
		return damaged(err)
	}
	var head struct {
		Schema int    `yaml:"schema"`
		Tool   string `yaml:"tool"`
	}
	if err := doc.Decode(&head); err != nil {
		return damaged(err)
	}
	if head.Schema > Schema {
		return File{}, trouble(CodeNewer, "path", path, "schema", strconv.Itoa(head.Schema), "tool", head.Tool)
	}
	var f File
	d := yaml.NewDecoder(bytes.NewReader(body))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil {
		return damaged(err)
	}
	if f.Schema < 1 || f.Lineage == "" || f.Serial < 1 {
		return damaged(errors.New("schema, lineage or serial is missing"))
	}
	if !whole {
		return f, trouble(CodeEdited, "path", path, "serial", strconv.FormatInt(f.Serial, 10))
	}
	return f, nil
}

// document reads a text that is exactly one plain YAML document within the limits.
func document(body []byte) (*yaml.Node, error) {
	d := yaml.NewDecoder(bytes.NewReader(body))
	var n yaml.Node
	if err := d.Decode(&n); err != nil {
		return nil, err
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document")
	}
	return &n, plain(&n, 0)
}

// plain refuses what can make a small text large or surprising: anchors, aliases, merges, tags, depth.
// Block texts are refused because yaml.v3 does not always read back the ones that it writes.
func plain(n *yaml.Node, depth int) error {
	switch {
	case depth > maxDepth:
		return fmt.Errorf("line %d: deeper than %d", n.Line, maxDepth)
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return fmt.Errorf("line %d: anchors and aliases are not allowed", n.Line)
	case n.Style&yaml.TaggedStyle != 0:
		return fmt.Errorf("line %d: tags are not allowed", n.Line)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return fmt.Errorf("line %d: texts of several lines are not allowed", n.Line)
	case len(n.Value) > maxString:
		return fmt.Errorf("line %d: a text of more than %d bytes", n.Line, maxString)
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && c.Value == "<<" {
			return fmt.Errorf("line %d: merges are not allowed", c.Line)
		}
		if err := plain(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}
