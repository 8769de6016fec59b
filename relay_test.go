package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"
)

// slowRelay stands between a wizard and the practice regions' own relay. While it is slow, requests pass at
// once and answers take so long that a wizard can be killed in between.
type slowRelay struct {
	listener net.Listener
	next     string // the practice regions' relay
	delay    atomic.Int64
}

// answerDelay is much longer than the far side works, and shorter than Farol's own patience.
const answerDelay = 1500 * time.Millisecond

func newSlowRelay(t *testing.T, proxy string) *slowRelay {
	t.Helper()
	u, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &slowRelay{listener: l, next: u.Host}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(c)
		}
	}()
	return r
}

func (r *slowRelay) url() string { return "http://operator@" + r.listener.Addr().String() }
func (r *slowRelay) slow()       { r.delay.Store(int64(answerDelay)) }
func (r *slowRelay) quick()      { r.delay.Store(0) }

func (r *slowRelay) serve(down net.Conn) {
	defer down.Close()
	up, err := net.Dial("tcp", r.next)
	if err != nil {
		return
	}
	defer up.Close()
	from := bufio.NewReader(down)
	req, err := http.ReadRequest(from)
	if err != nil || req.WriteProxy(up) != nil {
		return
	}
	go func() {
		_, _ = io.Copy(up, from)
		up.(*net.TCPConn).CloseWrite()
	}()
	type chunk struct {
		data []byte
		due  time.Time
	}
	chunks := make(chan chunk, 4096)
	go func() {
		defer close(chunks)
		for {
			buf := make([]byte, 16<<10)
			n, err := up.Read(buf)
			if n > 0 {
				chunks <- chunk{buf[:n], time.Now().Add(time.Duration(r.delay.Load()))}
			}
			if err != nil {
				return
			}
		}
	}()
	for c := range chunks {
		if wait := time.Until(c.due); wait > 0 {
			timer := time.NewTimer(wait)
			<-timer.C
		}
		if _, err := down.Write(c.data); err != nil {
			return
		}
	}
}

// until polls a condition of the far side.
func until(ctx context.Context, limit time.Duration, ok func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}
