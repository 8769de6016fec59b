// Package region knows where regions are, how far they are from each other, and how well a choice of them
// keeps a network alive. Its facts are those of IBM Cloud at a date; it measures nothing.
package region

import "slices"

// Kind is how independent the data centres of a region are from each other.
type Kind string

// The kinds of regions.
const (
	MultiZone    Kind = "multi-zone"    // three zones, kilometres apart
	SingleCampus Kind = "single-campus" // three zones in one place: they share power and weather
	SingleCenter Kind = "single-center" // one data centre
)

// Region is one entry of the catalogue.
type Region struct {
	ID      string  // as the provider says it: us-south
	City    string  // in English
	Country string  // ISO 3166: US
	Lat     float64 // degrees north, of the city's centre
	Lon     float64 // degrees east
	Kind    Kind
}

// Zones is how many availability zones a region has.
func (r Region) Zones() int {
	if r.Kind == SingleCenter {
		return 1
	}
	return 3
}

// catalogue is IBM Cloud as its documentation said on 2025-10-31 (regions.md 3.1). San Jose is a classic data
// centre, in no table of round trips: it is here because long-lived networks have peers on that coast.
var catalogue = []Region{
	{"us-south", "Dallas", "US", 32.78, -96.80, MultiZone},
	{"us-east", "Washington", "US", 38.90, -77.04, MultiZone},
	{"ca-tor", "Toronto", "CA", 43.65, -79.38, MultiZone},
	{"ca-mon", "Montreal", "CA", 45.50, -73.57, SingleCampus},
	{"br-sao", "São Paulo", "BR", -23.55, -46.63, MultiZone},
	{"eu-de", "Frankfurt", "DE", 50.11, 8.68, MultiZone},
	{"eu-gb", "London", "GB", 51.51, -0.13, MultiZone},
	{"eu-es", "Madrid", "ES", 40.42, -3.70, MultiZone},
	{"jp-tok", "Tokyo", "JP", 35.68, 139.69, MultiZone},
	{"jp-osa", "Osaka", "JP", 34.69, 135.50, SingleCampus},
	{"au-syd", "Sydney", "AU", -33.87, 151.21, MultiZone},
	{"in-che", "Chennai", "IN", 13.08, 80.27, SingleCampus},
	{"sjc", "San Jose", "US", 37.34, -121.89, SingleCenter},
}

// All gives the catalogue, near regions side by side.
func All() []Region { return slices.Clone(catalogue) }

// Find finds a region by its id.
func Find(id string) (Region, bool) {
	i := slices.IndexFunc(catalogue, func(r Region) bool { return r.ID == id })
	if i < 0 {
		return Region{}, false
	}
	return catalogue[i], true
}
