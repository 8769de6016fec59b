package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"farol/clients/sandbox/contract"
	"farol/clients/sandbox/relay"
)

// Role is the first argument of the parts of the practice world that this program plays itself. They are no
// commands for people.
const Role = "sandbox-role"

const (
	roleDaemon   = "daemon"   // DIR PLAN
	roleRelay    = "relay"    // FILE
	roleContract = "contract" // PACKAGE-ID ADDRESS
	roleBuilder  = "builder"  // STEP ARGUMENT...
)

// exitTaken is how a daemon ends when another one runs its world.
const exitTaken = 75

// Command plays a part of the practice world when the arguments (os.Args) say so.
func Command(args []string) (handled bool, exit int) {
	if len(args) < 2 || args[1] != Role {
		return false, 0
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	err := play(ctx, args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "farol:", err)
	}
	switch {
	case errors.Is(err, errTaken):
		return true, exitTaken
	case err != nil:
		return true, 1
	}
	return true, 0
}

func play(ctx context.Context, args []string) error {
	is := func(role string, count int) bool { return len(args) == count+1 && args[0] == role }
	switch {
	case is(roleDaemon, 2):
		var p plan
		if err := json.Unmarshal([]byte(args[2]), &p); err != nil {
			return err
		}
		return runDaemon(ctx, folder(args[1]), p, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	case is(roleRelay, 1):
		return relay.Run(ctx, args[1], os.Stdout)
	case is(roleContract, 2):
		return serveContract(ctx, args[1], args[2])
	case len(args) > 1 && args[0] == roleBuilder:
		return contract.Builder(ctx, args[1], args[2:], contract.Addresses(os.Getenv(contract.BuilderEnv)))
	}
	return fmt.Errorf("no such part: %q", args)
}

// serveContract runs the sample contract until the process is told to end.
func serveContract(ctx context.Context, id, addr string) error {
	served := make(chan error, 1)
	go func() { served <- contract.Serve(id, addr) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
		return nil
	}
}
