package sandbox

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/gofrs/flock"

	"farol/state/fault"
)

// NoPorts means that no ports are free below the ones that the system gives to outgoing connections.
var NoPorts = fault.Define("sandbox.no-ports")

// Ports are taken below 32768, where Linux begins to give them to outgoing connections, in blocks, so that
// several worlds on one machine keep out of each other's way.
const (
	firstPort = 20000
	lastPort  = 32768
	blockSize = 200
)

// ports hands out free loopback ports of one block.
type ports struct {
	lock  *flock.Flock // on the block, for as long as the process lives
	mu    sync.Mutex
	first int
	next  int
}

// claimPorts takes a block that no other world of this user has.
func claimPorts(cache string) (*ports, error) {
	dir := filepath.Join(cache, "ports")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("locks of ports: %w", err)
	}
	for first := firstPort; first+blockSize <= lastPort; first += blockSize {
		lock := flock.New(filepath.Join(dir, strconv.Itoa(first)+".lock"))
		got, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("locks of ports: %w", err)
		}
		if got {
			return &ports{lock: lock, first: first}, nil
		}
	}
	return nil, fault.New(NoPorts).Certain(fault.NotSent)
}

// take gives a loopback address that nobody listens on.
func (p *ports) take() (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range blockSize {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(p.first+p.next%blockSize))
		p.next++
		if l, err := net.Listen("tcp", addr); err == nil {
			return addr, l.Close()
		}
	}
	return "", fault.New(NoPorts).Certain(fault.NotSent)
}

// takeAll gives several.
func (p *ports) takeAll(into ...*string) error {
	for _, addr := range into {
		var err error
		if *addr, err = p.take(); err != nil {
			return err
		}
	}
	return nil
}

func (p *ports) release() { _ = p.lock.Close() }
