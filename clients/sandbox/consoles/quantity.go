package consoles

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Quantities are those of Kubernetes: 100m, 200Mi, 20Gi.
var (
	small = map[string]float64{"m": 1e-3, "": 1}
	large = map[string]float64{"": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40}
)

func quantity(v any, units map[string]float64) (float64, bool) {
	s, is := v.(string)
	digits := strings.TrimRight(s, "KMGTim")
	unit, known := units[strings.TrimPrefix(s, digits)]
	n, err := strconv.ParseFloat(digits, 64)
	return n * unit, is && known && err == nil
}

// amount is the rule for a quantity within bounds.
func amount(units map[string]float64, least, most float64, within string) rule {
	return func(path string, v any) []string {
		if n, is := quantity(v, units); is && n >= least && n <= most {
			return nil
		}
		return []string{fmt.Sprintf("Parameter '%s' is malformed or outside the acceptable range. Must be %s.", path, within)}
	}
}

var (
	isCPU    = amount(small, 0.01, 100, "less than 100CPU but greater than 0.01CPU. A typical value is '200m' or '0.2'")
	isMemory = amount(large, 1, 32<<30, "less than 32GB but greater than 1B. A typical value is '0.39GiB' or '400MiB'")
	isSize   = amount(large, 1, 10<<40, "less than 10TB but greater than 1B. A typical value is '20GiB' or '20480MiB'")
)

// isResources takes requests and limits for each container.
func isResources(containers ...string) rule {
	one := object(nil, prop{"cpu", isCPU}, prop{"memory", isMemory})
	var props []prop
	for _, name := range containers {
		props = append(props, prop{name, object(nil, prop{"requests", one}, prop{"limits", one})})
	}
	return object(nil, props...)
}

func isStorage(disks ...string) rule {
	var props []prop
	for _, name := range disks {
		props = append(props, prop{name, object(nil, prop{"size", isSize}, prop{"class", text(0, 0)})})
	}
	return object(nil, props...)
}

// requestsFit is the rule that nothing asks for more than its limit.
func requestsFit(_ string, whole any) []string {
	var msgs []string
	all, _ := at(whole.(map[string]any), "resources")
	containers, _ := all.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(containers)) {
		for _, kind := range []string{"cpu", "memory"} {
			units := map[string]map[string]float64{"cpu": small, "memory": large}[kind]
			asked, _ := at(containers, name+".requests."+kind)
			allowed, _ := at(containers, name+".limits."+kind)
			a, isA := quantity(asked, units)
			b, isB := quantity(allowed, units)
			if isA && isB && a > b {
				msgs = append(msgs, fmt.Sprintf("Parameter 'resources.%s.requests.%s' is invalid. 'requests' must be <= 'limits'. requests: '%s', limits: '%s'.",
					name, kind, human(a, kind), human(b, kind)))
			}
		}
	}
	return msgs
}

func human(n float64, kind string) string {
	if kind == "cpu" {
		return strconv.FormatFloat(n, 'g', -1, 64) + " CPU"
	}
	unit := 0
	for ; n >= 1024 && unit < 4; unit++ {
		n /= 1024
	}
	return fmt.Sprintf("%.1f %s", n, []string{"B", "KiB", "MiB", "GiB", "TiB"}[unit])
}

// withLimits is what a deployer makes of resources: limits are the requests unless they are given, and couchdb
// is an old name of statedb.
func withLimits(v any) any {
	containers, is := v.(map[string]any)
	if !is {
		return v
	}
	out := map[string]any{}
	for name, one := range containers {
		c, _ := one.(map[string]any)
		c = maps.Clone(c)
		if c != nil && c["limits"] == nil && c["requests"] != nil {
			c["limits"] = c["requests"]
		}
		out[name] = c
		if name == "couchdb" {
			out["statedb"] = c
			old := maps.Clone(c)
			old["msg"] = `legacy field, reference "statedb" instead`
			out[name] = old
		}
	}
	return out
}
