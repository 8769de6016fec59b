package relay

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"time"
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

// deliver hands chunks on in order, each when it is due and the link is up, and counts their bytes.
func (r *relay) deliver(ctx context.Context, dst net.Conn, q <-chan chunk, from, to string, count *atomic.Int64) error {
	for c := range q {
		time.Sleep(time.Until(c.due))
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
