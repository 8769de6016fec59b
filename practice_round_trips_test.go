package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"farol/clients/sandbox"
	"farol/clients/sandbox/relay"
	"farol/clients/wire"
)

// roundTrip measures how long a request takes between two places of the world, over a connection that is open.
func roundTrip(t *testing.T, w *sandbox.World, proxy, region string) (least, usual time.Duration) {
	t.Helper()
	roots, err := os.ReadFile(w.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	client, err := wire.Network{Proxy: &url.URL{Scheme: "http", User: url.User("test"), Host: proxy}}.HTTP(wire.Trust{RootsPEM: roots})
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	var all []time.Duration
	for range 12 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://console."+region+".farol.test/", nil)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		all = append(all, time.Since(began))
	}
	all = all[1:] // the first one also connects
	slices.Sort(all)
	return all[0], all[len(all)/2]
}

// TestRoundTripsThroughTheRelayAreThoseOfTheTable prints both side by side. Only what a busy machine cannot cause is
// an error: a round trip that is shorter than its distance, or longer than two such pairs.
func TestRoundTripsThroughTheRelayAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	w, dir := world(t)
	b, err := os.ReadFile(filepath.Join(dir, "regions", "relay.json"))
	if err != nil {
		t.Fatal(err)
	}
	var conf relay.Config
	if err := json.Unmarshal(b, &conf); err != nil {
		t.Fatal(err)
	}
	regions := []string{"us-south", "us-east", "ca-tor"}
	table := roundTrips(regions)
	var out strings.Builder
	pairs, near := 0, 0
	for _, a := range append([]string{sandbox.Operator}, regions...) {
		for _, b := range regions {
			want, listed := table[[2]string{a, b}]
			if !listed {
				want = table[[2]string{b, a}]
			}
			least, usual := roundTrip(t, w, conf.Listen[a], b)
			off := 100 * (float64(usual)/float64(want) - 1)
			fmt.Fprintf(&out, "%-9s -> %-9s table %6s  measured %8s  %+6.1f %%\n", a, b, want, usual.Round(10*time.Microsecond), off)
			if least < want || usual > 2*want+20*time.Millisecond {
				t.Errorf("%s -> %s: at least %s, usually %s, the table says %s", a, b, least, usual, want)
			}
			if a != b {
				pairs++
				if off <= 10 {
					near++
				}
			}
		}
	}
	t.Logf("%d of %d pairs of places are within 10 %%\n%s", near, pairs, out.String())
}
