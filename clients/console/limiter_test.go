package console

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"farol/clients/wire"
	"farol/state/fault"
)

// budget is a console that counts calls by the minute of the clock, as real ones do, and refuses what is too much.
type budget struct {
	mu            sync.Mutex
	reads, writes int
	told          bool // tells in headers what is left
	minute        int64
	counts        map[bool]int
	refused       int
	arrived       map[bool][]time.Time
}

func (b *budget) answer(_ int, c call) (int, http.Header, string, error) {
	time.Sleep(20 * time.Millisecond)
	b.mu.Lock()
	defer b.mu.Unlock()
	now, read, limit := time.Now(), c.method == http.MethodGet, b.writes
	if read {
		limit = b.reads
	}
	if m := now.Unix() / 60; m != b.minute {
		b.minute, b.counts = m, map[bool]int{}
	}
	b.counts[read]++
	b.arrived[read] = append(b.arrived[read], now)
	h := http.Header{}
	if b.told {
		h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
		h.Set("X-RateLimit-Remaining", strconv.Itoa(max(limit-b.counts[read], 0)))
		h.Set("X-RateLimit-Reset", strconv.FormatInt((b.minute+1)*60, 10))
	}
	if b.counts[read] > limit {
		b.refused++
		h.Set("Retry-After", "60")
		return 429, h, `{"error":"[AK Requests] exceeded the low volume rate limit - too many requests, try again later"}`, nil
	}
	if c.path == "/ak/api/v3/settings" {
		return 200, h, fmt.Sprintf(`{"AUTH_SCHEME":"couchdb","MAX_REQ_PER_MIN_AK":%d}`, b.writes), nil
	}
	return 200, h, `{"components":[],"id":"east1ca"}`, nil
}

// within fails when more than limit calls of one kind arrived in any minute, wherever it begins.
func (b *budget) within(t *testing.T, read bool, limit int) {
	t.Helper()
	at := b.arrived[read]
	for i := limit; i < len(at); i++ {
		if d := at[i].Sub(at[i-limit]); d < time.Minute {
			t.Fatalf("calls %d to %d arrived within %s, the limit is %d a minute", i-limit, i, d, limit)
		}
	}
}

func TestTheClientKeepsBelowTheLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reads, writes, calls int
		told                 bool
	}{
		"published in the documents only": {reads: 100, writes: 25, calls: 110},
		"told with every answer":          {reads: 100, writes: 25, calls: 110, told: true},
		"a small budget that is told":     {reads: 10, writes: 3, calls: 35, told: true},
		"a large budget that is told":     {reads: 500, writes: 200, calls: 500, told: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := &budget{reads: c.reads, writes: c.writes, told: c.told, arrived: map[bool][]time.Time{}}
				client := (&script{answer: b.answer}).client(t)
				if _, err := client.Components(t.Context()); err != nil { // tells the limit
					t.Fatal(err)
				}
				if _, err := client.CreateCA(t.Context(), newCA()); err != nil {
					t.Fatal(err)
				}
				rng := rand.New(rand.NewPCG(1, 2))
				var all sync.WaitGroup
				for range c.calls {
					wait := time.Duration(rng.IntN(5000)) * time.Millisecond
					all.Go(func() {
						time.Sleep(wait)
						if _, err := client.Components(t.Context()); err != nil {
							t.Error(err)
						}
						if _, err := client.CreateCA(t.Context(), newCA()); err != nil {
							t.Error(err)
						}
					})
				}
				began := time.Now()
				all.Wait()
				b.within(t, true, c.reads)
				b.within(t, false, c.writes)
				if b.refused != 0 {
					t.Errorf("the console refused %d calls", b.refused)
				}
				// And not slower than the limit makes it, give or take a minute at each end.
				if took, most := time.Since(began), time.Duration(c.calls/c.writes+3)*time.Minute; took > most {
					t.Errorf("it took %s, want at most %s", took, most)
				}
			})
		})
	}
}

func TestTheSettingsTellTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &budget{reads: 100, writes: 4, arrived: map[bool][]time.Time{}}
		client := (&script{answer: b.answer}).client(t)
		if _, err := client.Settings(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 13 {
			if _, err := client.CreateCA(t.Context(), newCA()); err != nil {
				t.Fatal(err)
			}
		}
		b.within(t, false, 4)
		if b.refused != 0 {
			t.Errorf("the console refused %d calls", b.refused)
		}
	})
}

// Other programs may use up the same budget.
func TestASharedBudgetIsWaitedForWithoutBeingRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reset := time.Now().Add(40 * time.Second)
		s := &script{answer: func(n int, _ call) (int, http.Header, string, error) {
			return 200, http.Header{"X-Ratelimit-Limit": {"25"}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {strconv.FormatInt(reset.Unix(), 10)}},
				`{"id":"east1ca","components":[]}`, nil
		}}
		c := s.client(t)
		began := time.Now()
		for range 2 {
			if _, err := c.CreateCA(t.Context(), newCA()); err != nil {
				t.Fatal(err)
			}
		}
		if waited := time.Since(began); waited != 40*time.Second {
			t.Errorf("the second call left after %s", waited)
		}
		began = time.Now()
		if _, err := c.Components(t.Context()); err != nil || time.Since(began) != 0 {
			t.Errorf("reads have a budget of their own, but waited %s (%v)", time.Since(began), err)
		}
	})
}

func TestATooEarlyCallGoesAgainWhenTheConsoleSaysSo(t *testing.T) {
	t.Parallel()
	for after, want := range map[string]time.Duration{
		"60": time.Minute, "5": 5 * time.Second, "0": time.Second, "-3": time.Minute, "": time.Minute, "soon": time.Minute,
		"86400": 5 * time.Minute, "99999999999999999999": time.Minute, "9223372036854775807": 5 * time.Minute,
	} {
		t.Run(after, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{answer: func(n int, _ call) (int, http.Header, string, error) {
					if n == 1 {
						return 429, http.Header{"Retry-After": {after}}, `{"error":"too many requests"}`, nil
					}
					return 200, nil, `{"id":"east1ca"}`, nil
				}}
				began := time.Now()
				_, err := s.client(t).CreateCA(t.Context(), newCA())
				if waited := time.Since(began); err != nil || waited != want || len(s.asked()) != 2 {
					t.Errorf("%v after %s and %d calls, want %s", err, waited, len(s.asked()), want)
				}
			})
		})
	}
}

func TestRetryAfterMayBeADate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := http.Header{"Retry-After": {time.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat)}}
		if d := retryAfter(h); d != 20*time.Second {
			t.Errorf("waits %s", d)
		}
	})
}

func TestAConsoleThatAlwaysSaysTooManyIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answer: func(int, call) (int, http.Header, string, error) {
			return 429, http.Header{"Retry-After": {"60"}}, `{"error":"too many requests"}`, nil
		}}
		c := s.client(t)
		for i, do := range []func() error{
			func() error { _, err := c.CreateCA(t.Context(), newCA()); return err },
			func() error { _, err := c.Components(t.Context()); return err },
		} {
			began := time.Now()
			if f := wantFault(t, do(), CodeRateLimited, fault.Refused, true); f.Facts["wait"] != "1m0s" {
				t.Errorf("facts %v", f.Facts)
			}
			if took := time.Since(began); took != (limitTries-1)*time.Minute || len(s.asked()) != limitTries*(i+1) {
				t.Errorf("given up after %s and %d calls", took, len(s.asked()))
			}
		}
	})
}

func TestAWaitForTheLimitEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := always(200, `{"id":"east1ca"}`)
		c := s.client(t)
		for range defaultWrites {
			if _, err := c.CreateCA(t.Context(), newCA()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := c.CreateCA(ctx, newCA())
		wantFault(t, err, wire.CodeTimeout, fault.NotSent, true)
		if n := len(s.asked()); n != defaultWrites {
			t.Errorf("%d calls left", n)
		}
	})
}
