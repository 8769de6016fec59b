package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"farol/clients/sandbox"
	"farol/ui/text"

	"github.com/spf13/cobra"
)

// faults is farol sandbox fault: troubles of practice regions, and who is connected to whom.
type faults struct {
	*practice
	region string
	watch  bool
}

// everyFault is the word for all faults at once.
const everyFault = "all"

func faultCommand(p *practice) *cobra.Command {
	c := p.app.words.Commands
	f := &faults{practice: p}
	cmd := &cobra.Command{Use: "fault", Short: c.Fault.Short, Long: c.Fault.Long, Example: c.Fault.Example, Args: noWord,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.table(cmd.Context(), cmd.OutOrStdout()) }}
	cmd.Flags().BoolVar(&f.watch, "watch", false, c.Flags.Watch)
	cmd.PersistentFlags().StringVar(&f.region, "region", "", c.Flags.Region)
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: c.FaultList, Args: noWord,
			RunE: func(cmd *cobra.Command, _ []string) error { return f.list(cmd.Context(), cmd.OutOrStdout()) }},
		&cobra.Command{Use: "on NAME", Short: c.FaultOn, Args: oneWord,
			RunE: func(cmd *cobra.Command, args []string) error { return f.on(cmd.Context(), args[0]) }},
		&cobra.Command{Use: "off NAME", Short: c.FaultOff, Args: oneWord,
			RunE: func(cmd *cobra.Command, args []string) error { return f.off(cmd.Context(), args[0]) }},
		&cobra.Command{Use: "back", Short: c.FaultBack, Args: noWord,
			RunE: func(cmd *cobra.Command, _ []string) error { return f.back(cmd.Context()) }},
	)
	return cmd
}

// noWord and oneWord make a wrong number of words a mistake of use.
func noWord(cmd *cobra.Command, args []string) error  { return misuse(cobra.NoArgs(cmd, args)) }
func oneWord(cmd *cobra.Command, args []string) error { return misuse(cobra.ExactArgs(1)(cmd, args)) }

func misuse(err error) error {
	if err != nil {
		return usageError{err}
	}
	return nil
}

func (f *faults) world() (*sandbox.World, error) {
	dir, err := f.worldFolder()
	if err != nil {
		return nil, err
	}
	return sandbox.Open(dir)
}

func (f *faults) on(ctx context.Context, name string) error {
	w, err := f.world()
	if err != nil {
		return err
	}
	if err := w.Fault(ctx, sandbox.Fault(name), f.region); err != nil {
		return err
	}
	where := f.region
	if where == "" {
		where = w.Regions[0].ID
	}
	f.say(f.app.words.Commands.FaultBegun, map[string]string{"fault": name, "region": where})
	return nil
}

func (f *faults) off(ctx context.Context, name string) error {
	return f.end(func(w *sandbox.World) error {
		if name == everyFault {
			return w.EndFaults(ctx, f.region)
		}
		return w.EndFault(ctx, sandbox.Fault(name), f.region)
	})
}

func (f *faults) back(ctx context.Context) error {
	return f.end(func(w *sandbox.World) error { return w.Back(ctx, f.region) })
}

func (f *faults) end(do func(*sandbox.World) error) error {
	w, err := f.world()
	if err != nil {
		return err
	}
	if err := do(w); err != nil {
		return err
	}
	f.say(f.app.words.Commands.FaultEnded, nil)
	return nil
}

// list prints the menu, and where each fault is on. Without practice regions it is nowhere.
func (f *faults) list(ctx context.Context, out io.Writer) error {
	where := map[sandbox.Fault][]string{}
	if w, err := f.world(); err == nil {
		s, err := w.Status(ctx)
		if err != nil {
			return err
		}
		for _, r := range s.Regions {
			for _, name := range r.Faults {
				where[name] = append(where[name], r.ID)
			}
		}
	}
	words := f.app.words.Commands
	if f.app.output == "json" {
		type item struct {
			Fault   sandbox.Fault `json:"fault"`
			Words   string        `json:"words"`
			Regions []string      `json:"regions"`
		}
		var all []item
		for _, name := range sandbox.Faults() {
			all = append(all, item{name, words.Faults[string(name)], append([]string{}, where[name]...)})
		}
		return json.NewEncoder(out).Encode(all)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, name := range sandbox.Faults() {
		regions := strings.Join(where[name], ",")
		if regions == "" {
			regions = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", name, regions, words.Faults[string(name)])
	}
	return t.Flush()
}

// table prints who is connected to whom: once, or every second.
func (f *faults) table(ctx context.Context, out io.Writer) error {
	w, err := f.world()
	if err != nil {
		return err
	}
	for {
		all, err := w.Connections(ctx)
		if err != nil {
			return err
		}
		if err := f.print(out, all); err != nil || !f.watch {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
}

// lineOfTable is the connections of one kind between the same two.
type lineOfTable struct {
	connection     sandbox.Connection // the oldest
	count          int
	sent, received int64
}

func (f *faults) print(out io.Writer, all []sandbox.Connection) error {
	if f.app.output == "json" {
		return json.NewEncoder(out).Encode(all)
	}
	var lines []*lineOfTable
	for _, c := range all { // in order, so equal ones stand together
		last := len(lines) - 1
		if last < 0 || lines[last].connection.Who != c.Who || lines[last].connection.From != c.From ||
			lines[last].connection.To != c.To || lines[last].connection.State != c.State {
			lines, last = append(lines, &lineOfTable{connection: c}), last+1
		}
		lines[last].count++
		lines[last].sent += c.Sent
		lines[last].received += c.Received
	}
	words := f.app.words.Commands
	if f.watch {
		fmt.Fprintln(out, time.Now().Format(time.TimeOnly))
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, words.FaultTable)
	for _, l := range lines {
		c := l.connection
		fmt.Fprintln(t, strings.Join([]string{text.Inert(c.Who), c.From, text.Inert(c.To), string(c.Purpose), string(c.State),
			strconv.Itoa(l.count), strconv.FormatInt(l.sent, 10), strconv.FormatInt(l.received, 10),
			time.Since(c.Since).Round(time.Second).String()}, "\t"))
	}
	return t.Flush()
}
