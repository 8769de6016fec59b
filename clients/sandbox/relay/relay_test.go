package relay

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// connect sends a CONNECT and gives the answer's status, how long it took, and the open connection.
func (x *lab) connect(t *testing.T, from, host string) (int, time.Duration, net.Conn) {
	t.Helper()
	began := time.Now()
	c, err := net.Dial("tcp", x.conf.Listen[from])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %[1]s\r\nProxy-Authorization: Basic cGVlcjI6\r\n\r\n", host)
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: http.MethodConnect})
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, time.Since(began), c
}

// ping is the time until one byte comes back.
func ping(t *testing.T, c net.Conn) time.Duration {
	t.Helper()
	began := time.Now()
	if _, err := c.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

func TestAddsTheRoundTripOfThePair(t *testing.T) {
	t.Parallel()
	x := start(t, Link{east, west, 60 * time.Millisecond}, Link{Operator, west, 180 * time.Millisecond})
	took := map[string]time.Duration{}
	for _, from := range []string{west, east, Operator} {
		status, handshake, c := x.connect(t, from, "echo:1")
		if status != 200 {
			t.Fatalf("%s: CONNECT answered %d", from, status)
		}
		took[from] = min(ping(t, c), ping(t, c), ping(t, c))
		if handshake < took[from]/2 {
			t.Errorf("%s: the handshake took %s, less than the distance of %s", from, handshake, took[from])
		}
	}
	if took[east] < 60*time.Millisecond || took[Operator] < 180*time.Millisecond {
		t.Errorf("faster than the distance: %v", took)
	}
	if r := float64(took[Operator]) / float64(took[east]); r < 2 || r > 4 {
		t.Errorf("distances of 3 to 1 gave round trips of %.1f to 1: %v", r, took)
	}
	if took[west]*2 > took[east] {
		t.Errorf("a region is as far from itself as from the next one: %v", took)
	}
}

func TestAShortDistanceIsNotStretched(t *testing.T) {
	t.Parallel()
	const rtt = 10 * time.Millisecond
	x := start(t, Link{east, west, rtt})
	_, _, c := x.connect(t, east, "echo:1")
	least := time.Minute
	for range 50 {
		least = min(least, ping(t, c))
	}
	if least < rtt || least > rtt+rtt/10 {
		t.Errorf("a round trip of %s took %s at least", rtt, least)
	}
}

func TestRefusesAnUnreachableRegionAfterASecond(t *testing.T) {
	t.Parallel()
	x := start(t)
	_, _, before := x.connect(t, east, "echo:1")
	ping(t, before)
	if err := x.control.SetMode(t.Context(), west, Unreachable); err != nil {
		t.Fatal(err)
	}
	status, took, _ := x.connect(t, Operator, "echo:1")
	if status != http.StatusGatewayTimeout || took < 900*time.Millisecond || took > 5*time.Second {
		t.Errorf("CONNECT answered %d after %s, want 504 after about a second", status, took)
	}
	if status, _, c := x.connect(t, west, "echo:1"); status != 200 || ping(t, c) > 2*time.Second {
		t.Error("the cut region is cut off from itself")
	}
	silent(t, before)
	if err := x.control.SetMode(t.Context(), west, Normal); err != nil {
		t.Fatal(err)
	}
	_ = before.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.ReadFull(before, make([]byte, 1)); err != nil {
		t.Errorf("what was held back never came: %v", err)
	}
}

// silent proves that nothing comes back on an open connection.
func silent(t *testing.T, c net.Conn) {
	t.Helper()
	if _, err := c.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(150 * time.Millisecond))
	if n, _ := c.Read(make([]byte, 1)); n > 0 {
		t.Error("a byte came through a cut link")
	}
}

func TestAnswersConnectIntoABlackHoleAtOnce(t *testing.T) {
	t.Parallel()
	x := start(t)
	if err := x.control.SetMode(t.Context(), west, BlackHole); err != nil {
		t.Fatal(err)
	}
	status, took, c := x.connect(t, east, "echo:1")
	if status != 200 || took > 700*time.Millisecond {
		t.Errorf("CONNECT answered %d after %s: grpc-go would freeze", status, took)
	}
	silent(t, c)
	_, _, impatient := x.connect(t, east, "echo:1")
	impatient.Close()
	within(t, func() bool { s, err := x.control.Status(t.Context()); return err == nil && s.Open == 1 })
	if err := x.control.SetMode(t.Context(), west, Normal); err != nil {
		t.Fatal(err)
	}
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.ReadFull(c, make([]byte, 1)); err != nil {
		t.Errorf("what was held back never came: %v", err)
	}
	if n := strings.Count(x.log.String(), "OPEN"); n != 1 {
		t.Errorf("%d connections were opened, want one: the other client has gone", n)
	}
}

func TestKnowsANodeAsSoonAsTheFileNamesIt(t *testing.T) {
	t.Parallel()
	x := start(t)
	if status, _, _ := x.connect(t, east, "late:1"); status != http.StatusBadGateway {
		t.Errorf("an unknown name answered %d, want 502", status)
	}
	x.conf.Routes["late:1"] = Route{east, echo(t)}
	if err := x.conf.Save(x.file); err != nil {
		t.Fatal(err)
	}
	if status, _, c := x.connect(t, east, "late:1"); status != 200 || ping(t, c) > 2*time.Second {
		t.Errorf("the new name answered %d", status)
	}
}

func TestSaysThatNobodyListens(t *testing.T) {
	t.Parallel()
	x := start(t)
	x.conf.Routes["dead:1"] = Route{west, freeAddr(t)}
	if err := x.conf.Save(x.file); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := x.connect(t, east, "dead:1"); status != http.StatusBadGateway {
		t.Errorf("a dead node answered %d, want 502", status)
	}
}

func TestLogsWhoDialsWhom(t *testing.T) {
	t.Parallel()
	x := start(t)
	_, _, c := x.connect(t, east, "echo:1")
	ping(t, c)
	if want := "OPEN peer2@us-east -> echo:1@us-west"; !strings.Contains(x.log.String(), want) {
		t.Errorf("log lacks %q:\n%s", want, x.log)
	}
}

func TestRefusesAControlCallWithoutTheToken(t *testing.T) {
	t.Parallel()
	x := start(t)
	if err := (Client{x.conf.Control, "guess"}).SetMode(t.Context(), west, BlackHole); err == nil {
		t.Error("a stranger cut off a region")
	}
}

func TestCarriesMuchMoreThanOneWindow(t *testing.T) {
	t.Parallel()
	x := start(t, Link{east, west, 20 * time.Millisecond})
	_, _, c := x.connect(t, east, "echo:1")
	sent := bytes.Repeat([]byte("0123456789abcdef"), 2<<20/16)
	go func() { _, _ = c.Write(sent) }()
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, sent) {
		t.Errorf("2 MiB did not come back whole and in order: %v", err)
	}
}
