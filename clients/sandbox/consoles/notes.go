package consoles

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"farol/state/secret"
)

// note keeps a line about every change, with who made it: a console's own audit trail.
func (c *Console) note(r *http.Request, who caller, status int, began time.Time) {
	now, result := c.o.Clock(), "success"
	if status >= http.StatusBadRequest {
		result = "error"
	}
	entry := map[string]any{
		"local_date": now.Format("1/2/2006 - 3:04:05 PM"), "timestamp": now.UnixMilli(), "log": r.Method + " " + r.URL.Path,
		"http_details": r.Method + ":" + r.URL.Path, "response_code": status, "elapsed_ms": now.Sub(began).Milliseconds(),
		"by": censored(who.key), "status": result, "tx_id": "-:" + secret.Random(4).Expose(), "id": secret.Random(12).Expose(), "user_agent": r.UserAgent(),
	}
	_ = c.store.update(func(d *data) { d.Notifications = append(d.Notifications, entry) })
}

// notifications shows the newest first, as many as are wanted.
func (c *Console) notifications(r *http.Request, _ map[string]string) answer {
	all := c.store.read().Notifications
	total := len(all)
	slices.Reverse(all)
	q := r.URL.Query()
	skip, _ := strconv.Atoi(q.Get("skip"))
	all = all[min(max(skip, 0), len(all)):]
	if q.Has("limit") {
		limit, err := strconv.Atoi(q.Get("limit"))
		if err != nil || limit < 1 || limit > 100000 {
			return invalid([]string{"Expected parameter 'limit' to be a number from 1 to 100000."})
		}
		all = all[:min(limit, len(all))]
	}
	if all == nil {
		all = []map[string]any{}
	}
	return ok(map[string]any{"notifications": all, "total": total, "returning": len(all)})
}
