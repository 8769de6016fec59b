package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"farol/clients/fabric"
	"farol/clients/sandbox"
	"farol/clients/wire"
	"farol/steps/engine"
)

// childApp is Farol that asks its parent, on descriptors 3 and 4, before each mutation leaves.
func childApp() *app {
	a := &app{}
	if os.Getenv(roleEnv) != "asking" {
		return a
	}
	ask, answers := os.NewFile(3, "ask"), bufio.NewReader(os.NewFile(4, "answer"))
	var mu sync.Mutex
	ops := map[string]string{}
	a.engine.BeforeAct = func(_ context.Context, s engine.Step) error {
		mu.Lock()
		defer mu.Unlock()
		ops[s.ID] = s.Op
		return nil
	}
	a.network.Tap = func(c wire.Call) error {
		d, ok := engine.DoingFrom(c.Ctx)
		if !ok || d.Verb != engine.Acting || !mutates(c) {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(ask, "%s %s %s%s\n", ops[d.Step], d.Step, c.Method, c.Path)
		_, err := answers.ReadString('\n')
		return err
	}
	return a
}

// mutates tells the one call of a step's act that changes something from those that only look.
func mutates(c wire.Call) bool {
	switch c.Method {
	case "POST", "PUT", "DELETE":
		return !strings.HasSuffix(c.Path, "/status") && !strings.HasSuffix(c.Path, "/cainfo")
	case "/protos.Endorser/ProcessProposal", "/orderer.AtomicBroadcast/Broadcast", "/gateway.Gateway/Submit":
		return true
	}
	return false
}

// The kinds of mutation of the procedure.
var kinds = []string{"ca.create", "ca.enroll-registrar", "ca.register-admin", "ca.register-peer", "organization.enroll-admin",
	"organization.create", "ordering.import", "ca.import", "organization.import", "peer.create", "channel.join", "channel.anchor",
	"contract.install", "contract.approve", "contract.commit", "peer.import"}

func TestAWizardKilledAtEachKindOfMutationResumesToTheSameEnd(t *testing.T) {
	for _, edge := range []string{"before the request leaves", "before the answer arrives"} {
		t.Run(edge, func(t *testing.T) {
			t.Parallel()
			w, dir := world(t)
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
			defer cancel()
			relay := newSlowRelay(t, w.Proxy)
			setup := filepath.Join(dir, "setup")
			answers := writeAnswers(t, dir, w, relay.url())
			k := &killer{t: t, world: w, oracle: newOracle(t, w), relay: relay, after: edge == "before the answer arrives", left: slices.Clone(kinds),
				args: []string{"run", "--yes", "--dir", setup, "--answers", answers, "--vault-identity", filepath.Join(setup, identityFile)}}
			for len(k.left) > 0 {
				if k.once(ctx, setup) {
					break // it ran to the end
				}
			}
			if len(k.left) > 0 {
				t.Errorf("never reached: %v", k.left)
			}
			t.Logf("killed %s at %d kinds of mutation: %v", edge, len(k.killed), k.killed)
			code, out := farol(t, k.args...)
			if code != 0 {
				t.Fatalf("the resume ends with exit %d\n%s", code, out)
			}
			k.oracle.once(ctx, setup)
		})
	}
}

// killer starts wizards and kills them, each at a kind of mutation that was not tried yet.
type killer struct {
	t      *testing.T
	world  *sandbox.World
	oracle *oracle
	peers  map[string]fabric.Node
	relay  *slowRelay
	after  bool
	left   []string
	killed []string
	args   []string
}

// once runs one wizard until it is killed. It tells whether the wizard came to its end instead.
func (k *killer) once(ctx context.Context, dir string) (ended bool) {
	t := k.t
	t.Helper()
	askR, askW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	answerR, answerW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := command(t, k.args...)
	cmd.Env = append(cmd.Env, roleEnv+"=asking")
	cmd.ExtraFiles = []*os.File{askW, answerR}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	askW.Close()
	answerR.Close()
	defer askR.Close()
	defer answerW.Close()
	stop := make(chan struct{})
	defer close(stop)
	go admit(ctx, k.world, dir, stop)
	questions := bufio.NewScanner(askR)
	for questions.Scan() {
		op, rest, _ := strings.Cut(questions.Text(), " ")
		i := slices.Index(k.left, op)
		if i < 0 {
			_, _ = io.WriteString(answerW, "go\n")
			continue
		}
		if k.after {
			step, _, _ := strings.Cut(rest, " ")
			k.letWork(ctx, dir, op, step, answerW)
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		k.relay.quick()
		k.left = slices.Delete(k.left, i, i+1)
		k.killed = append(k.killed, op)
		t.Logf("killed at %s: %s", op, rest)
		return false
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("a wizard ended by itself: %v\n%s", err, out.String())
	}
	return true
}

// letWork lets the request go through a relay that holds its answer back, until the far side has worked.
func (k *killer) letWork(ctx context.Context, dir, op, step string, answer io.Writer) {
	k.t.Helper()
	region, _, _ := strings.Cut(step, "/")
	before := k.work(ctx, dir, op, region)
	k.relay.slow()
	_, _ = io.WriteString(answer, "go\n")
	if !until(ctx, 40*time.Second, func() bool { return k.work(ctx, dir, op, region) > before }) {
		k.t.Fatalf("%s (%s): the far side did not work", op, step)
	}
}

// work measures what the far side has done of a kind of mutation: it grows with each.
func (k *killer) work(ctx context.Context, dir, op, region string) int {
	home := k.world.Regions[0].ID
	switch op {
	case "ca.enroll-registrar", "organization.enroll-admin":
		log, _ := os.ReadFile(filepath.Join(k.world.Dir, "log", "org1ca."+home+".log"))
		return strings.Count(string(log), "signed certificate")
	case "ca.register-admin", "ca.register-peer":
		return len(k.oracle.identities(ctx, dir))
	case "channel.join", "channel.anchor", "contract.install", "contract.approve", "contract.commit":
		return k.ledgerWork(ctx, dir, op, region)
	}
	var store struct{ Documents map[string]any }
	data, _ := os.ReadFile(filepath.Join(k.world.Dir, "consoles", region+".json"))
	_ = json.Unmarshal(data, &store)
	return len(store.Documents)
}

func (k *killer) ledgerWork(ctx context.Context, dir, op, region string) int {
	ledger, channel := k.oracle.ledger(dir), k.world.Channel
	if op == "channel.anchor" {
		cfg, err := ledger.Config(ctx, k.oracle.orderers(), channel)
		if err != nil {
			return 0
		}
		return int(cfg.Sequence)
	}
	if region == "all" {
		region = k.world.Regions[0].ID
	}
	peer := k.peer(ctx, region)
	switch op {
	case "channel.join":
		channels, _ := ledger.Channels(ctx, peer)
		return len(channels)
	case "contract.install":
		installed, _ := ledger.Installed(ctx, peer)
		return len(installed)
	}
	chain, _ := ledger.Chain(ctx, peer, channel)
	return int(chain.Height)
}

// peer remembers addresses, so that looking costs the consoles' limits little.
func (k *killer) peer(ctx context.Context, region string) fabric.Node {
	if _, ok := k.peers[region]; !ok {
		k.peers = k.oracle.peers(ctx)
	}
	return k.peers[region]
}

// admit plays the ordering administrator as soon as there is a pack, once.
func admit(ctx context.Context, w *sandbox.World, dir string, stop <-chan struct{}) {
	pack := filepath.Join(dir, "handoff", "org1-trade.zip")
	for {
		if _, err := os.Stat(pack); err == nil {
			_ = w.Admit(ctx, pack) // again is refused, which is what we want
			return
		}
		select {
		case <-stop:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}
