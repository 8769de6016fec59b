package consoles

import (
	"fmt"
	"net/http"
	"runtime"
	"time"
)

// health is the statistics of a console's process, of which clients read only that they come (console-api.md 1.1).
// Those of caches are of caches that this one does not have.
func (c *Console) health(*http.Request, map[string]string) answer {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	now := c.o.Clock()
	cache := func(name string) map[string]any {
		return map[string]any{name: "0 Bytes", "hits": 0, "keys": 0, "misses": 0}
	}
	up := friendly(now.Sub(c.born))
	cores := []any{}
	for range runtime.NumCPU() {
		cores = append(cores, map[string]any{"model": runtime.GOARCH, "speed": 0, "times": map[string]any{"idle": 0, "irq": 0, "nice": 0, "sys": 0, "user": 0}})
	}
	return ok(map[string]any{
		"OPTOOLS": map[string]any{
			"born": c.born.UnixMilli(), "now": now.UnixMilli(), "up_time": up, "instance_id": c.o.Instance, "iam_cache_stats": nil,
			"couch_cache_stats": cache("cache_size"), "proxy_cache": cache("cache_size"), "session_cache_stats": cache("cache_size"),
			"memory_usage": map[string]any{"arrayBuffers": size(0), "external": size(0), "heapTotal": size(memory.HeapSys),
				"heapUsed": size(memory.HeapAlloc), "rss": size(memory.Sys)},
		},
		"OS": map[string]any{"arch": "x64", "cpus": cores, "endian": "LE", "free_memory": size(0), "total_memory": size(0),
			"loadavg": []float64{0, 0, 0}, "type": "Linux", "up_time": up},
	})
}

func size(n uint64) string { return fmt.Sprintf("%.2f MiB", float64(n)/(1<<20)) }

func friendly(d time.Duration) string { return fmt.Sprintf("%.1f mins", d.Minutes()) }
