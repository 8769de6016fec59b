package region

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The list of regions.md 3.6, as far as it is about the provider's own table of round trips.
func TestScoresAsTheRuleWasPublished(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ids   string
		total int
	}{
		{"us-south us-east ca-tor", 96},
		{"eu-de eu-gb eu-es", 96},
		{"us-east ca-tor ca-mon", 93},
		{"us-south us-east eu-gb", 77},
		{"us-east us-south br-sao", 72},
		{"jp-tok jp-osa au-syd", 63},
		{"us-south eu-gb jp-tok", 58},
		{"sjc eu-gb jp-tok", 53}, // estimated, and it agrees
		{"au-syd br-sao eu-de", 50},
	}
	last := 100
	for _, tt := range tests {
		s := Score(strings.Fields(tt.ids))
		if got := s.Total(); got < tt.total-1 || got > tt.total+1 || got > last {
			t.Errorf("%s: %d points after %d, want %d: %+v", tt.ids, got, last, tt.total, s)
		}
		if len(s.Stops) != 0 {
			t.Errorf("%s: stopped by %v", tt.ids, s.Stops)
		}
		last = s.Total()
	}
}

func TestExplainsItsPoints(t *testing.T) {
	t.Parallel()
	s := Score([]string{"us-south", "us-east", "ca-tor"})
	if s.Latency != 50 || s.Distance != 21 || s.Zones != 15 || s.Residency != 10 {
		t.Errorf("parts %d, %d, %d, %d", s.Latency, s.Distance, s.Zones, s.Residency)
	}
	if want := (Pair{"us-south", "ca-tor", 34 * time.Millisecond, true}); s.Worst != want {
		t.Errorf("worst pair %+v", s.Worst)
	}
	if s.Nearest.A != "us-east" || s.Nearest.B != "ca-tor" || math.Abs(s.NearestKm-565) > 10 {
		t.Errorf("nearest pair %+v, %.0f km", s.Nearest, s.NearestKm)
	}
}

func TestNoPartExceedsItsMost(t *testing.T) {
	t.Parallel()
	for _, a := range All() {
		for _, b := range All() {
			s := Score([]string{a.ID, b.ID})
			if a.ID == b.ID {
				continue
			}
			if out(s.Latency, MaxLatency) || out(s.Distance, MaxDistance) || out(s.Zones, MaxZones) || out(s.Residency, MaxResidency) {
				t.Errorf("%s and %s: %+v", a.ID, b.ID, s)
			}
		}
	}
}

func out(points, most int) bool { return points < 0 || points > most }

func TestRulesBendWhereTheySay(t *testing.T) {
	t.Parallel()
	for ms, want := range map[int]float64{0: 50, 40: 50, 80: 37.5, 120: 25, 210: 12.5, 300: 0, 900: 0} {
		if got := latency(time.Duration(ms) * time.Millisecond); got != want {
			t.Errorf("%d ms: %v points, want %v", ms, got, want)
		}
	}
	for km, want := range map[float64]float64{0: 0, 100: 0, 200: 5, 300: 10, 400: 15, 500: 20, 750: 22.5, 1000: 25, 9000: 25} {
		if got := distance(km); got != want {
			t.Errorf("%v km: %v points, want %v", km, got, want)
		}
	}
}

func TestCampusesAndSingleCentersCountLess(t *testing.T) {
	t.Parallel()
	for ids, want := range map[string]int{"us-east us-south": 15, "us-east ca-mon": 12, "us-east sjc": 8, "us-east us-south ca-mon": 13} {
		if got := Score(strings.Fields(ids)).Zones; got != want {
			t.Errorf("%s: %d, want %d", ids, got, want)
		}
	}
}

func TestStopsWhatMustNotBeTaken(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ids     string
		allowed []string
		want    Stop
	}{
		{"us-east us-east ca-tor", nil, Twice},
		{"us-east atlantis", nil, Unknown},
		{"eu-de eu-gb eu-es", []string{"DE", "ES", "FR"}, NotAllowed},
	}
	for _, tt := range tests {
		s := Score(strings.Fields(tt.ids), tt.allowed...)
		if !slices.Contains(s.Stops, tt.want) || len(s.Stops) != 1 {
			t.Errorf("%s: %v, want %s", tt.ids, s.Stops, tt.want)
		}
		if s.Residency != 0 {
			t.Errorf("%s: %d points for residency", tt.ids, s.Residency)
		}
	}
}

func TestStopsWhatIsTooFarOrTooNear(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rtt  time.Duration
		km   float64
		want []Stop
	}{
		{500 * time.Millisecond, 101, nil},
		{501 * time.Millisecond, 101, []Stop{TooFar}},
		{5 * time.Millisecond, 100, []Stop{SameMetro}},
	}
	for _, tt := range tests {
		r := Rating{Worst: Pair{RTT: tt.rtt}, NearestKm: tt.km}
		if r.bounds(); !slices.Equal(r.Stops, tt.want) {
			t.Errorf("%v and %v km: %v, want %v", tt.rtt, tt.km, r.Stops, tt.want)
		}
	}
}

func TestWarnsWhenNobodySaidWhereTheLedgerMayBe(t *testing.T) {
	t.Parallel()
	ids := []string{"eu-de", "eu-gb", "eu-es"}
	if s := Score(ids); !s.ResidencyUnasked || s.Residency != MaxResidency {
		t.Errorf("%+v", s)
	}
	if s := Score(ids, "DE", "GB", "ES"); s.ResidencyUnasked || s.Residency != MaxResidency || len(s.Stops) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestOneRegionHasNoScore(t *testing.T) {
	t.Parallel()
	for _, ids := range [][]string{nil, {"us-east"}} {
		if s := Score(ids); s.Total() != 0 {
			t.Errorf("%v: %+v", ids, s)
		}
		if p, ok := WorstPair(ids); ok {
			t.Errorf("%v: %+v", ids, p)
		}
	}
}

func TestFindsTheWorstPair(t *testing.T) {
	t.Parallel()
	p, ok := WorstPair([]string{"jp-tok", "au-syd", "br-sao", "eu-de"})
	if want := (Pair{"au-syd", "br-sao", 327 * time.Millisecond, true}); !ok || p != want {
		t.Errorf("%+v", p)
	}
}

func TestReadsThePublishedTable(t *testing.T) {
	t.Parallel()
	tests := map[string]int{"us-south ca-tor": 34, "us-south br-sao": 144, "ca-tor us-east": 19, "us-east eu-gb": 76,
		"eu-de eu-gb": 13, "eu-gb au-syd": 260, "eu-es ca-mon": 103, "ca-mon jp-tok": 143, "in-che br-sao": 366,
		"jp-osa jp-tok": 9, "au-syd jp-tok": 116, "jp-tok br-sao": 283}
	for pair, ms := range tests {
		p := strings.Fields(pair)
		for range 2 { // both ways
			if got, measured := RTT(p[0], p[1]); !measured || got != time.Duration(ms)*time.Millisecond {
				t.Errorf("%v: %v, measured %v, want %d ms", p, got, measured, ms)
			}
			slices.Reverse(p)
		}
	}
	if got, measured := RTT("us-east", "us-east"); got != 0 || !measured {
		t.Errorf("to itself: %v, %v", got, measured)
	}
}

func TestTheTableIsAWholeTriangleOfTheCatalogue(t *testing.T) {
	t.Parallel()
	pairs := 0
	for i, row := range published {
		if len(row) != len(order)-1-i {
			t.Errorf("the row of %s has %d figures", order[i], len(row))
		}
		pairs += len(row)
	}
	if pairs != 66 {
		t.Errorf("%d pairs, regions.md has 66", pairs)
	}
	for _, id := range order {
		if _, ok := Find(id); !ok {
			t.Errorf("%s is not in the catalogue", id)
		}
	}
	for _, day := range []string{PublishedFrom, PublishedTo} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			t.Error(err)
		}
	}
}

func TestEstimatesWhatWasNotMeasured(t *testing.T) {
	t.Parallel()
	rtt, measured := RTT("us-east", "sjc") // 3900 km
	if measured || rtt < 60*time.Millisecond || rtt > 70*time.Millisecond {
		t.Errorf("%v, measured %v", rtt, measured)
	}
	if got := Estimate(10); got != 5*time.Millisecond {
		t.Errorf("next door: %v", got)
	}
}

func TestTheEstimateIsHonestAboutWhatIsKnown(t *testing.T) {
	t.Parallel()
	var ratios []float64 // of the published figures to the estimates: the median must be near one
	for i, a := range order {
		for _, b := range order[i+1:] {
			from, _ := Find(a)
			to, _ := Find(b)
			rtt, _ := RTT(a, b)
			ratios = append(ratios, float64(rtt)/float64(Estimate(Kilometres(from, to))))
		}
	}
	slices.Sort(ratios)
	if median := ratios[len(ratios)/2]; median < 0.9 || median > 1.1 {
		t.Errorf("the median of published to estimated is %.2f", median)
	}
}

func TestMeasuresTheGlobe(t *testing.T) {
	t.Parallel()
	quarter := Kilometres(Region{Lat: 0, Lon: 0}, Region{Lat: 90, Lon: 0})
	if math.Abs(quarter-10007.5) > 1 {
		t.Errorf("pole to equator: %.1f km", quarter)
	}
	if d := Kilometres(Region{Lon: 179.5}, Region{Lon: -179.5}); math.Abs(d-111.2) > 1 {
		t.Errorf("one degree over the date line: %.1f km", d)
	}
}

func TestSuggestsAThird(t *testing.T) {
	t.Parallel()
	for ids, want := range map[string]string{"us-south us-east": "ca-tor", "eu-de eu-gb": "eu-es"} {
		if r, ok := Suggest(strings.Fields(ids)); !ok || r.ID != want {
			t.Errorf("after %s: %s", ids, r.ID)
		}
	}
	if r, ok := Suggest([]string{"atlantis", "us-east"}); ok {
		t.Errorf("suggests %s for a place that is not", r.ID)
	}
}

func TestTheCatalogueIsFitForIDsAndMaps(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range All() {
		if seen[r.ID] || !regexp.MustCompile(`^[a-z0-9-]+$`).MatchString(r.ID) {
			t.Errorf("id %q", r.ID)
		}
		seen[r.ID] = true
		if r.City == "" || len(r.Country) != 2 || math.Abs(r.Lat) > 90 || math.Abs(r.Lon) > 180 || r.Zones() < 1 {
			t.Errorf("%+v", r)
		}
	}
	All()[0].ID = "changed"
	if catalogue[0].ID == "changed" {
		t.Error("the catalogue can be changed from outside")
	}
}
