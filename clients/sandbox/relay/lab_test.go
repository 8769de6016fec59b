package relay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

const east, west = "us-east", "us-west"

// lab is a running relay with an echo server behind the name echo:1 in the region west.
type lab struct {
	file    string
	conf    Config
	control Client
	log     *buffer
}

// buffer is a log that can be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) { b.mu.Lock(); defer b.mu.Unlock(); return b.b.Write(p) }
func (b *buffer) String() string              { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); _, _ = io.Copy(c, c) }()
		}
	}()
	return l.Addr().String()
}

func start(t *testing.T, links ...Link) *lab {
	t.Helper()
	for range 5 {
		if x := tryStart(t, links); x != nil {
			return x
		}
	}
	t.Fatal("others take every port that was free a moment ago")
	return nil
}

// tryStart gives nil when another program was faster to take one of the ports.
func tryStart(t *testing.T, links []Link) *lab {
	t.Helper()
	x := &lab{file: filepath.Join(t.TempDir(), "relay.json"), log: &buffer{}}
	x.conf = Config{
		Control: freeAddr(t), Token: "t", Links: links,
		Listen: map[string]string{Operator: freeAddr(t), east: freeAddr(t), west: freeAddr(t)},
		Routes: map[string]Route{"echo:1": {west, echo(t)}},
	}
	x.control = Client{x.conf.Control, "t"}
	if err := x.conf.Save(x.file); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, x.file, x.log) }()
	var early error
	within(t, func() bool {
		select {
		case early = <-ended:
			return true
		default:
			_, err := x.control.Status(ctx)
			return err == nil
		}
	})
	if early != nil {
		cancel()
		if !errors.Is(early, syscall.EADDRINUSE) {
			t.Fatal(early)
		}
		return nil
	}
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(5 * time.Second):
			t.Error("the relay does not end")
		}
	})
	return x
}

func within(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("not within 10 s")
}
