package consoles

import "net/http"

// record keeps a line that the UI leaves about what it did without the console, such as in its wallet. The route
// is for browsers alone. Its own line takes the place of the one that every change gets.
func (c *Console) record(r *http.Request, _ map[string]string) answer {
	b, bad := decode(r)
	if bad != nil {
		return *bad
	}
	status := textAt(b.fields, "status")
	if status == "" {
		status = "success"
	}
	now := c.o.Clock()
	entry := c.entry(r, howOf(r), http.StatusOK, now)
	entry["log"], entry["status"] = textAt(b.fields, "log"), status
	if err := c.store.update(func(d *data) { d.Notifications = append(d.Notifications, entry) }); err != nil {
		return fail(http.StatusInternalServerError, "msg", "could not create notification")
	}
	return ok(map[string]any{"message": "ok", "id": entry["id"]})
}
