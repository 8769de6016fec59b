package relay

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

const (
	chunkSize = 16 << 10
	inFlight  = 512 // chunks under way in one direction: 8 MiB, so that distance does not limit bandwidth
)

// chunk is what was read at once; due is when it reaches the other side. A nil chunk is the end.
type chunk struct {
	data []byte
	due  time.Time
}

// receive reads one side at once, whatever the link does, so that the sender's view stays that of a network
// which has taken its bytes. gone is called when the side has ended.
func receive(ctx context.Context, src io.Reader, oneWay func() time.Duration, heard func(), gone func()) <-chan chunk {
	q := make(chan chunk, inFlight)
	go func() {
		defer close(q)
		for {
			buf := make([]byte, chunkSize)
			n, err := src.Read(buf)
			if n > 0 {
				heard()
				select {
				case q <- chunk{buf[:n], time.Now().Add(oneWay())}:
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				gone()
				select {
				case q <- chunk{nil, time.Now().Add(oneWay())}:
				case <-ctx.Done():
				}
				return
			}
		}
	}()
	return q
}

// timerSlack is by how much the runtime's timers may be late. Two of them would be a tenth of a short round trip.
const timerSlack = 2 * time.Millisecond

// waitUntil returns at a moment, a few microseconds late at most when the machine is quiet: the kernel's own timer
// waits for the end of it.
func waitUntil(due time.Time) {
	time.Sleep(time.Until(due) - timerSlack)
	for left := time.Until(due); left > 0; left = time.Until(due) {
		tv := unix.NsecToTimeval(int64(left))
		_, _ = unix.Select(0, nil, nil, nil, &tv) // may be interrupted
	}
}

// deliver hands chunks on in order, each when it is due and the link is up, and counts their bytes.
func (r *relay) deliver(ctx context.Context, dst net.Conn, q <-chan chunk, from, to string, count *atomic.Int64) error {
	for c := range q {
		waitUntil(c.due)
		if err := r.wan.await(ctx, from, to); err != nil {
			return err
		}
		if c.data == nil {
			break
		}
		if _, err := dst.Write(c.data); err != nil {
			return err
		}
		count.Add(int64(len(c.data)))
	}
	if t, ok := dst.(*net.TCPConn); ok {
		return t.CloseWrite()
	}
	return nil
}
