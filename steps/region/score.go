package region

import (
	"math"
	"slices"
	"time"
)

// The most points that each part of a rating can have.
const (
	MaxLatency   = 50
	MaxDistance  = 25
	MaxZones     = 15
	MaxResidency = 10
)

// Stop says in a stable word why a choice must not be taken as it is. The words are ui/text's.
type Stop string

// The stops.
const (
	Unknown    Stop = "region.unknown"     // a region is not in the catalogue
	Twice      Stop = "region.twice"       // one region was chosen twice
	SameMetro  Stop = "region.same-metro"  // two regions would share a disaster
	NotAllowed Stop = "region.not-allowed" // outside the allowed countries: the ledger is copied whole
	TooFar     Stop = "region.too-far"     // the worst pair is beyond MaxRTT
)

// MaxRTT is the round-trip time beyond which Raft and gossip no longer work reliably (regions.md 3.4).
const MaxRTT = 500 * time.Millisecond

// metro is the distance in kilometres below which two regions count as one place.
const metro = 100

// Pair is two regions and the round-trip time between them.
type Pair struct {
	A, B     string
	RTT      time.Duration
	Measured bool // by the provider; otherwise it is estimated
}

// Rating says how good a choice of regions is, in points of 100.
type Rating struct {
	Latency   int // the round-trip time of the worst pair: each endorsement may wait for it
	Distance  int // how far the nearest pair is apart: near regions share disasters
	Zones     int // how independent the data centres of each region are
	Residency int // whether the law allows the ledger to be there
	// ResidencyUnasked warns that no allowed countries were given, so nothing was held against the choice.
	ResidencyUnasked bool
	Worst            Pair    // the pair with the longest round trip
	Nearest          Pair    // the pair with the shortest distance
	NearestKm        float64 // that distance, in kilometres
	Stops            []Stop  // why the choice must not be taken as it is
}

// Total is the sum of the parts.
func (r Rating) Total() int { return r.Latency + r.Distance + r.Zones + r.Residency }

// Score rates a choice of regions by the rule of regions.md 3.6. allowed are ISO 3166 codes of the countries
// where the ledger may be; with none, residency is not held against any region, and the score says so.
// Less than two regions have no score.
func Score(ids []string, allowed ...string) Rating {
	r := Rating{ResidencyUnasked: len(allowed) == 0}
	regions, ok := r.find(ids)
	if !ok || len(ids) < 2 {
		return r
	}
	r.pairs(regions)
	r.Latency = points(latency(r.Worst.RTT))
	r.Distance = points(distance(r.NearestKm))
	r.Zones = points(zones(regions))
	r.Residency = MaxResidency
	if !r.ResidencyUnasked && slices.ContainsFunc(regions, func(x Region) bool { return !slices.Contains(allowed, x.Country) }) {
		r.Residency = 0
		r.Stops = append(r.Stops, NotAllowed)
	}
	r.bounds()
	return r
}

// bounds stops what is too far apart to work, or too near to survive a disaster.
func (r *Rating) bounds() {
	if r.Worst.RTT > MaxRTT {
		r.Stops = append(r.Stops, TooFar)
	}
	if r.NearestKm <= metro {
		r.Stops = append(r.Stops, SameMetro)
	}
}

// find looks the regions up. Without all of them, each once, there is nothing to score.
func (r *Rating) find(ids []string) (regions []Region, ok bool) {
	for i, id := range ids {
		found, known := Find(id)
		if !known {
			r.Stops = append(r.Stops, Unknown)
		}
		if slices.Contains(ids[:i], id) {
			r.Stops = append(r.Stops, Twice)
		}
		regions = append(regions, found)
	}
	return regions, len(r.Stops) == 0
}

func (r *Rating) pairs(regions []Region) {
	for i, a := range regions {
		for _, b := range regions[:i] {
			p := Pair{A: b.ID, B: a.ID}
			p.RTT, p.Measured = RTT(a.ID, b.ID)
			if p.RTT > r.Worst.RTT || r.Worst.A == "" {
				r.Worst = p
			}
			if km := Kilometres(a, b); r.Nearest.A == "" || km < r.NearestKm {
				r.Nearest, r.NearestKm = p, km
			}
		}
	}
}

// WorstPair is the pair of regions with the longest round trip, and whether there is any.
func WorstPair(ids []string) (Pair, bool) {
	r := Score(ids)
	return r.Worst, r.Worst.A != ""
}

// Suggest gives the region that makes the best choice together with those already chosen.
func Suggest(ids []string) (Region, bool) {
	var best Region
	most := -1
	for _, next := range catalogue {
		if slices.Contains(ids, next.ID) {
			continue
		}
		r := Score(append(slices.Clone(ids), next.ID))
		if len(r.Stops) == 0 && r.Total() > most {
			best, most = next, r.Total()
		}
	}
	return best, most >= 0
}

// latency gives full points up to 40 ms, half of them at 120 ms, none from 300 ms on.
func latency(worst time.Duration) float64 {
	return between(float64(worst)/float64(time.Millisecond), []point{{40, 50}, {120, 25}, {300, 0}})
}

// distance gives no points up to 100 km, and all of them from 1000 km on.
func distance(km float64) float64 {
	return between(km, []point{{metro, 0}, {300, 10}, {500, 20}, {1000, 25}})
}

// zones gives each region its share of the points: all for several zones, three fifths for one campus, none
// for one data centre.
func zones(regions []Region) float64 {
	share := map[Kind]float64{MultiZone: 1, SingleCampus: 0.6, SingleCenter: 0}
	sum := 0.0
	for _, r := range regions {
		sum += share[r.Kind]
	}
	return MaxZones * sum / float64(len(regions))
}

// point is one corner of a rule that is linear between its corners.
type point struct{ x, y float64 }

// between reads a rule at x.
func between(x float64, corners []point) float64 {
	if x <= corners[0].x {
		return corners[0].y
	}
	for i, b := range corners[1:] {
		if a := corners[i]; x <= b.x {
			return a.y + (b.y-a.y)*(x-a.x)/(b.x-a.x)
		}
	}
	return corners[len(corners)-1].y
}

// points rounds: each part is shown as a whole number, and they add up to the total.
func points(f float64) int { return int(math.Round(f)) }
