package region

import (
	"math"
	"slices"
	"time"
)

// Published says when the provider measured the round trips: averages between virtual machines over its own
// network, both directions averaged (regions.md 3.2). A live measurement is always better.
const (
	PublishedFrom = "2025-12-20"
	PublishedTo   = "2026-01-18"
)

// order is the order of the rows and columns of published.
var order = []string{"us-south", "ca-tor", "us-east", "eu-de", "eu-gb", "eu-es", "ca-mon", "in-che", "jp-osa", "au-syd", "jp-tok", "br-sao"}

// published holds the upper half of the table: row i has the round trips to order[i+1:], in milliseconds.
var published = [][]int{
	{34, 31, 122, 113, 118, 42, 246, 150, 184, 142, 144},
	{19, 92, 82, 107, 10, 220, 142, 213, 135, 136},
	{88, 76, 87, 16, 238, 146, 214, 139, 128},
	{13, 30, 89, 138, 242, 248, 235, 204},
	{26, 79, 137, 254, 260, 246, 194},
	{103, 150, 267, 274, 262, 212},
	{216, 150, 222, 143, 132},
	{118, 124, 112, 366},
	{122, 9, 290},
	{116, 327},
	{283},
}

// RTT gives the round-trip time between two regions of the catalogue: the published one, or with measured
// false an estimate, which the screens label as such. A region is no time away from itself.
func RTT(a, b string) (rtt time.Duration, measured bool) {
	if a == b {
		return 0, true
	}
	i, j := slices.Index(order, a), slices.Index(order, b)
	if i >= 0 && j >= 0 {
		return time.Duration(published[min(i, j)][max(i, j)-min(i, j)-1]) * time.Millisecond, true
	}
	from, _ := Find(a)
	to, _ := Find(b)
	return Estimate(Kilometres(from, to)), false
}

// Estimate is the likely round-trip time over a distance. Light in fibre needs a millisecond for every 100 km
// and back; cables take detours: 1.65 times that is the median of the published pairs (regions.md 3.5).
func Estimate(km float64) time.Duration {
	likely := max(5, 1.65*km/100)
	return time.Duration(math.Round(likely)) * time.Millisecond
}

// Kilometres is the great-circle distance between two regions.
func Kilometres(a, b Region) float64 {
	const earth, radian = 6371, math.Pi / 180
	lat, lon := (b.Lat-a.Lat)*radian, (b.Lon-a.Lon)*radian
	h := math.Pow(math.Sin(lat/2), 2) + math.Cos(a.Lat*radian)*math.Cos(b.Lat*radian)*math.Pow(math.Sin(lon/2), 2)
	return 2 * earth * math.Asin(math.Sqrt(h))
}
