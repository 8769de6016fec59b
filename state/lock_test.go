package state

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

func TestRefusesASecondLockAndNamesItsOwner(t *testing.T) {
	t.Parallel()
	s := begun(t)
	f := wantCode(t, second(Open(s.Dir(), options())), CodeLocked)
	me := author()
	want := map[string]string{"dir": s.Dir(), "user": me.User, "host": me.Host, "pid": strconv.Itoa(os.Getpid()),
		"since": "2026-11-23T12:00:00Z", "command": "farol"}
	for k, v := range want {
		if f.Facts[k] != v {
			t.Errorf("%s is %q, want %q", k, f.Facts[k], v)
		}
	}
	if !f.Transient {
		t.Error("a lock passes by itself")
	}
	wantCode(t, second(MoveAside(s.Dir(), options())), CodeLocked)
	wantCode(t, second(Restore(s.Dir(), s.path(), options())), CodeLocked)
}

func TestTellsWhoHasTheLockOnlyWhileItIsHeld(t *testing.T) {
	t.Parallel()
	if _, held := LockOwner(t.TempDir()); held {
		t.Error("a folder without a lock is locked")
	}
	s := begun(t)
	w, held := LockOwner(s.Dir())
	if !held || w.PID != os.Getpid() || w.Command != "farol" || !w.Since.Equal(noon) || w.User == "" || w.Host == "" {
		t.Errorf("held %v by %+v", held, w)
	}
	must(t, s.Close())
	if w, held := LockOwner(s.Dir()); held {
		t.Errorf("still held by %+v", w)
	}
}

func TestLookingAtTheLockKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	dir := left(t, 0)
	look := flock.New(filepath.Join(dir, lockName)) // as LockOwner does, but for longer
	if free, err := look.TryRLock(); err != nil || !free {
		t.Fatal(free, err)
	}
	time.AfterFunc(patience/5, func() { _ = look.Unlock() })
	s, err := Open(dir, options())
	must(t, err)
	must(t, s.Close())
}

func TestOneOfManyProcessesWinsTheLock(t *testing.T) {
	t.Parallel()
	dir := left(t, 0)
	for range 3 {
		children := make([]*process, 6)
		for i := range children {
			children[i] = start(t, "open", dir)
		}
		for _, c := range children {
			c.enter()
		}
		var winners, losers []string
		for _, c := range children {
			var word, pid string
			_, err := fmt.Sscan(c.line(t), &word, &pid)
			must(t, err)
			if word == "open" {
				winners = append(winners, pid)
			} else if word == string(CodeLocked) {
				losers = append(losers, pid)
			}
		}
		if len(winners) != 1 || len(losers) != len(children)-1 {
			t.Fatalf("%d won, %d were told that it is locked, of %d", len(winners), len(losers), len(children))
		}
		for _, named := range losers {
			if named != winners[0] && named != "0" { // 0: the winner had not written its name yet
				t.Errorf("a loser was told that %s holds the lock, it was %s", named, winners[0])
			}
		}
		for _, c := range children {
			c.enter()
			_ = c.Wait()
		}
	}
}

func TestAKilledProcessHoldsNoLock(t *testing.T) {
	t.Parallel()
	dir := left(t, 0)
	p := start(t, "open", dir)
	p.enter()
	if got := p.line(t); !strings.HasPrefix(got, "open") {
		t.Fatal(got)
	}
	wantCode(t, second(Open(dir, options())), CodeLocked)
	must(t, p.Process.Kill())
	_ = p.Wait()
	if rest := bytesOf(t, filepath.Join(dir, lockName)); len(rest) == 0 {
		t.Error("the sidecar does not tell of the run that ended abruptly")
	}
	s, err := Open(dir, options())
	must(t, err)
	must(t, s.Close())
	if rest := bytesOf(t, filepath.Join(dir, lockName)); len(rest) != 0 {
		t.Errorf("after an orderly end the sidecar says %s", rest)
	}
}

func TestAFreeLockWithForeignContentIsFree(t *testing.T) {
	t.Parallel()
	dir := left(t, 0)
	must(t, os.WriteFile(filepath.Join(dir, lockName), []byte(`{"pid": 1, "host": "elsewhere"}`), 0o600))
	s, err := Open(dir, options())
	must(t, err)
	must(t, s.Close())
}
