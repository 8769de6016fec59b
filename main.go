// Farol takes an operator of Hyperledger Fabric from consoles in several regions to peers that go on when
// any one region fails. This file is the command tree: it reads flags, picks the mode, and hands over.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	_ "farol/ui/earlyinit"

	"farol/clients/sandbox"
	"farol/ui/text"

	"github.com/spf13/cobra"
)

// version is set by the linker.
var version = "dev"

func main() {
	// A sandbox's background processes are copies of this program that play other parts.
	if handled, code := sandbox.Command(os.Args); handled {
		os.Exit(code)
	}
	os.Exit(run(os.Args[1:], &app{}))
}

// run is main without the exit. Tests bring an app that looks in.
func run(args []string, a *app) int {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var ended atomic.Value // the signal that ended the program
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	go func() {
		ended.Store(<-signals)
		signal.Stop(signals) // the second one ends the program at once
		stop()
	}()
	a.ctx = ctx
	a.words = text.For(os.Getenv("LC_ALL"), os.Getenv("LANG"))
	root := commands(a)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	sig, _ := ended.Load().(os.Signal)
	return complain(os.Stderr, a.words, err, sig)
}

func commands(a *app) *cobra.Command {
	c := a.words.Commands
	root := &cobra.Command{
		Use: "farol", Short: c.Farol.Short, Long: c.Farol.Long, Example: c.Farol.Example,
		SilenceUsage: true, SilenceErrors: true, Args: a.noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.wizard(cmd.Context()) },
	}
	root.PersistentFlags().StringVar(&a.dir, "dir", "", c.Flags.Dir)
	root.PersistentFlags().StringVar(&a.identity, "vault-identity", os.Getenv("FAROL_VAULT_IDENTITY"), c.Flags.VaultIdentity)
	root.PersistentFlags().BoolVar(&a.acceptEdited, "accept-edited", false, c.Flags.AcceptEdited)
	root.AddCommand(
		sandboxCommand(a),
		&cobra.Command{Use: "version", Short: c.Version, Args: a.noArguments, RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "farol", version)
			return err
		}},
		runCommand(a), statusCommand(a),
	)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	return root
}

func runCommand(a *app) *cobra.Command {
	c := a.words.Commands
	var answers string
	cmd := &cobra.Command{Use: "run", Short: c.Run.Short, Long: c.Run.Long, Example: c.Run.Example, Args: a.noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !a.yes {
				return usageError{errors.New(c.SayYes)}
			}
			return a.headless(cmd.Context(), answers)
		}}
	cmd.Flags().StringVar(&answers, "answers", "", c.Flags.Answers)
	cmd.Flags().BoolVar(&a.yes, "yes", false, c.Flags.Yes)
	cmd.Flags().StringVar(&a.output, "output", "", c.Flags.Output)
	return cmd
}

func statusCommand(a *app) *cobra.Command {
	c := a.words.Commands
	format := ""
	cmd := &cobra.Command{Use: "status", Short: c.Status.Short, Long: c.Status.Long, Example: c.Status.Example, Args: a.noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.status(cmd.OutOrStdout(), format) }}
	cmd.Flags().StringVar(&format, "output", "table", c.Flags.Output)
	return cmd
}

func sandboxCommand(a *app) *cobra.Command {
	c := a.words.Commands
	p := &practice{app: a}
	cmd := &cobra.Command{Use: "sandbox", Short: c.Sandbox.Short, Long: c.Sandbox.Long, Example: c.Sandbox.Example, Args: a.noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.all(cmd.Context()) }}
	cmd.PersistentFlags().StringSliceVar(&p.regions, "regions", nil, c.Flags.Regions)
	cmd.PersistentFlags().StringVar(&p.like, "like", "", c.Flags.Like)
	cmd.PersistentFlags().StringVar(&p.orderers, "orderers", "", c.Flags.Orderers)
	cmd.PersistentFlags().StringVar(&p.consoles, "consoles", "", c.Flags.Consoles)
	cmd.PersistentFlags().BoolVar(&p.thin, "thin", false, c.Flags.Thin)
	cmd.PersistentFlags().StringVar(&p.latency, "latency", "on", c.Flags.Latency)
	cmd.PersistentFlags().DurationVar(&p.slow, "slow", 0, c.Flags.Slow)
	cmd.PersistentFlags().StringVar(&p.bin, "bin", os.Getenv("FAROL_FABRIC_BIN"), c.Flags.Bin)
	cmd.PersistentFlags().StringVar(&a.output, "output", "", c.Flags.Output)
	cmd.Flags().BoolVar(&a.yes, "yes", false, c.Flags.Yes)
	cmd.Flags().BoolVar(&p.keep, "keep", false, c.Flags.Keep)
	cmd.AddCommand(
		&cobra.Command{Use: "up", Short: c.SandboxUp, Args: a.noArguments, RunE: func(cmd *cobra.Command, _ []string) error { return p.up(cmd.Context()) }},
		&cobra.Command{Use: "status", Short: c.SandboxStatus, Args: a.noArguments, RunE: func(cmd *cobra.Command, _ []string) error { return p.status(cmd.Context()) }},
		&cobra.Command{Use: "down", Short: c.SandboxDown, Args: a.noArguments, RunE: func(cmd *cobra.Command, _ []string) error { return p.down(cmd.Context()) }},
		faultCommand(p),
	)
	return cmd
}
