package consoles

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// note keeps a line about every change, with who made it: a console's own audit trail.
func (c *Console) note(r *http.Request, how asked, status int, began time.Time) {
	entry := c.entry(r, how, status, began)
	_ = c.store.update(func(d *data) { d.Notifications = append(d.Notifications, entry) })
}

func (c *Console) entry(r *http.Request, how asked, status int, began time.Time) map[string]any {
	now, result := c.o.Clock(), "success"
	if status >= http.StatusBadRequest {
		result = "error"
	}
	return map[string]any{
		"local_date": now.Format("1/2/2006 - 3:04:05 PM"), "timestamp": now.UnixMilli(), "log": how.told(),
		"http_details": r.Method + ":" + r.URL.Path, "response_code": status, "elapsed_ms": now.Sub(began).Milliseconds(),
		"by": censored(how.who.name), "status": result, "tx_id": transaction(), "id": uuid(), "user_agent": r.UserAgent(),
	}
}

// told says what was done, in the words of a console where the record has them.
func (a asked) told() string {
	switch a.path {
	case "/components/tags/:tag", "/kubernetes/components/tags/:tag":
		return `deleting components by tag "` + a.args["tag"] + `"`
	}
	return a.method + " " + a.path
}

// uuid is a random one.
func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
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
