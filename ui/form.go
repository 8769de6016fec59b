package ui

import (
	"reflect"
	"strings"

	"farol/steps"
	"farol/ui/guide"
	"farol/ui/text"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
)

// form is one page of questions: one huh form with one group, built anew each time it is entered.
type form struct {
	gen    int // counts the forms, so that late messages of one never reach the next (terminal-ui.md 0.2)
	fields []field
	parts  []huh.Field
	huh    *huh.Form
}

// field holds what is typed for one question until the page is left.
type field struct {
	q    steps.Question
	text *string
	many *[]string
}

func (f field) value() string {
	if f.many != nil {
		return strings.Join(*f.many, ",")
	}
	return *f.text
}

// formMsg is a message of one form.
type formMsg struct {
	gen int
	msg tea.Msg
}

func newForm(gen int, qs []steps.Question, d *steps.Draft, c *text.Catalogue) *form {
	f := &form{gen: gen}
	for _, q := range qs {
		v := q.Get(d)
		one := field{q: q, text: &v}
		if q.Kind == steps.MultiField {
			list := strings.FieldsFunc(v, func(r rune) bool { return r == ',' })
			one = field{q: q, many: &list}
		}
		f.fields = append(f.fields, one)
		f.parts = append(f.parts, build(one, d, c))
	}
	keys := huh.NewDefaultKeyMap()
	keys.Quit = key.NewBinding(key.WithDisabled())
	keys.Select.Filter = keys.Quit
	f.huh = huh.NewForm(huh.NewGroup(f.parts...)).WithShowHelp(false).WithKeyMap(keys).WithTheme(huh.ThemeBase16())
	return f
}

// build makes the field of one question. Only what is typed is in it: checks look at the draft, and the draft
// is written when the page is left.
func build(f field, d *steps.Draft, c *text.Catalogue) huh.Field {
	w := c.Questions[f.q.Key]
	check := func(v string) error {
		if fault := f.q.Check(d, strings.TrimSpace(v)); fault != nil {
			return errorText(guide.Wrong(c, fault))
		}
		return nil
	}
	var options []huh.Option[string]
	for _, o := range f.q.Options {
		options = append(options, huh.NewOption(guide.Option(c, f.q, o), o))
	}
	switch f.q.Kind {
	case steps.MultiField:
		return huh.NewMultiSelect[string]().Filterable(false).Title(w.Title).Description(guide.About(c, f.q, d)).Options(options...).Value(f.many).
			Validate(func(v []string) error { return check(strings.Join(v, ",")) })
	case steps.ChoiceField:
		return huh.NewSelect[string]().Title(w.Title).Description(guide.About(c, f.q, d)).Options(options...).Value(f.text).Validate(check)
	}
	in := huh.NewInput().Title(w.Title).Description(guide.About(c, f.q, d)).Placeholder(guide.Example(c, f.q)).Value(f.text).Validate(check)
	if f.q.Kind == steps.SecretField {
		in.EchoMode(huh.EchoModePassword)
	}
	return in
}

type errorText string

func (e errorText) Error() string { return string(e) }

func (f *form) init() tea.Cmd { return scope(f.gen, f.huh.Init()) }

// update hands a message on and tells whether the page is complete.
func (f *form) update(msg tea.Msg) (tea.Cmd, bool) {
	next, cmd := f.huh.Update(msg)
	if h, ok := next.(*huh.Form); ok {
		f.huh = h
	}
	if f.huh.State == huh.StateCompleted {
		return nil, true
	}
	return scope(f.gen, cmd), false
}

// resize gives the form its space. Lists forget their height first: huh makes them smaller, never larger.
func (f *form) resize(w, h int) tea.Cmd {
	for _, p := range f.parts {
		p.WithHeight(0)
	}
	cmd, _ := f.update(tea.WindowSizeMsg{Width: w, Height: h})
	return cmd
}

// store writes everything into the draft, right or wrong: nothing typed is lost.
func (f *form) store(d *steps.Draft) {
	for _, one := range f.fields {
		one.q.Set(d, one.value())
	}
}

// wrong is the first question whose answer does not pass, by the draft as it is now.
func (f *form) wrong(d *steps.Draft) error {
	for _, one := range f.fields {
		if fault := one.q.Check(d, one.q.Get(d)); fault != nil {
			return fault
		}
	}
	return nil
}

// scope marks what a form's command brings with the form's number. Bubbletea's own messages pass unmarked.
func scope(gen int, cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		msg := cmd()
		if msg == nil {
			return nil
		}
		if cmds, ok := several(msg); ok {
			for i, c := range cmds {
				cmds[i] = scope(gen, c)
			}
			if _, batch := msg.(tea.BatchMsg); batch {
				return tea.BatchMsg(cmds)
			}
			return tea.Sequence(cmds...)()
		}
		if reflect.TypeOf(msg).PkgPath() == "github.com/charmbracelet/bubbletea" {
			return msg
		}
		return formMsg{gen, msg}
	}
}

// several opens batches and sequences; the type of the latter is not exported.
func several(msg tea.Msg) ([]tea.Cmd, bool) {
	v := reflect.ValueOf(msg)
	if v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return nil, false
	}
	cmds := make([]tea.Cmd, v.Len())
	for i := range cmds {
		cmds[i], _ = v.Index(i).Interface().(tea.Cmd)
	}
	return cmds, true
}
