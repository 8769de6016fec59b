package console

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// The limits that consoles have when they publish none: calls a minute (console-api.md 0.8).
const (
	defaultWrites = 25
	defaultReads  = 100
	minute        = time.Minute
)

// limiter keeps one console's calls of one kind below its published limit: never more than limit in any
// minute, whatever minute the console counts. Other programs may share the budget, so what the console says
// in its answers counts too.
type limiter struct {
	mu    sync.Mutex
	limit int
	sent  []time.Time // within the last minute
	until time.Time   // the console said: nothing before
}

// wait returns when a call may leave.
func (l *limiter) wait(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err // a call that leaves no more needs no place
		}
		pause := l.take()
		if pause == 0 {
			return nil
		}
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-t.C:
		}
	}
}

// take books a call, or says how long to wait for the next look.
func (l *limiter) take() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for len(l.sent) > 0 && now.Sub(l.sent[0]) >= minute {
		l.sent = l.sent[1:]
	}
	if now.Before(l.until) {
		return l.until.Sub(now)
	}
	if len(l.sent) >= l.limit {
		return minute - now.Sub(l.sent[0])
	}
	l.sent = append(l.sent, now)
	return 0
}

func (l *limiter) set(limit int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if limit > 0 {
		l.limit = limit
	}
}

// learn reads what an answer says about the budget (X-RateLimit headers; epoch seconds, one fixed minute).
func (l *limiter) learn(resp *http.Response) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n, err := strconv.Atoi(resp.Header.Get("X-RateLimit-Limit")); err == nil && n > 0 {
		l.limit = n
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		l.until = time.Now().Add(retryAfter(resp.Header))
		return
	}
	left, err := strconv.Atoi(resp.Header.Get("X-RateLimit-Remaining"))
	reset, err2 := strconv.ParseInt(resp.Header.Get("X-RateLimit-Reset"), 10, 64)
	if err == nil && err2 == nil && left <= 0 {
		l.until = time.Now().Add(clamp(time.Until(time.Unix(reset, 0))))
	}
}

// retryAfter reads Retry-After: seconds or a date; missing and absurd values become a minute.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.Atoi(v); err == nil && s >= 0 {
		return clamp(time.Duration(min(s, 3600)) * time.Second) // more would overflow
	}
	if t, err := http.ParseTime(v); err == nil {
		return clamp(time.Until(t))
	}
	return minute
}

func clamp(d time.Duration) time.Duration { return min(max(d, time.Second), 5*time.Minute) }
