package consoles

import (
	"context"
	"net/http"
	"time"
)

// statusTime is how long a console waits for one node unless told otherwise.
const statusTime = 3 * time.Second

// status asks the nodes whether they are well, all at once. Ids stand at the top level of the answer.
func (c *Console) status(r *http.Request, _ map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	asked, _ := b.fields["components"].(map[string]any)
	if len(asked) == 0 {
		return invalid([]string{"Expected parameter 'components' to exist."})
	}
	type result struct {
		id string
		v  map[string]any
	}
	results := make(chan result)
	for id, how := range asked {
		go func() {
			how, _ := how.(map[string]any)
			results <- result{id, c.statusOf(r.Context(), id, how)}
		}()
	}
	out := map[string]any{}
	for range asked {
		one := <-results
		out[one.id] = one.v
	}
	return answer{status: http.StatusMultiStatus, body: out}
}

func (c *Console) statusOf(ctx context.Context, id string, how map[string]any) map[string]any {
	d, found := c.store.get(id)
	url := ""
	switch {
	case found && d.text("type") == kindCA:
		url = d.text("api_url") + "/cainfo"
	case found && d.text("type") != kindMSP && d.text("operations_url") != "":
		url = d.text("operations_url") + "/healthz"
	default:
		return map[string]any{"status": nil, "error": "unknown component id", "status_url": "?"}
	}
	limit := statusTime
	if ms, is := how["timeout_ms"].(float64); is && ms > 0 {
		limit = time.Duration(ms) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out := map[string]any{"status": "ok", "status_url": url}
	said, err := c.ask(ctx, url)
	if err != nil {
		out["status"] = "not ok"
	}
	if how["include_status_resp"] != true {
		return out
	}
	if err != nil {
		out["status_resp"] = map[string]any{"message": err.Error(), "name": "Error", "code": "ECONNREFUSED"}
	} else if said != nil {
		out["status_resp"] = said
	}
	return out
}
