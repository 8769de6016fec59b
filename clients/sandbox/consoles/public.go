package consoles

import (
	"net/http"
	"strconv"
	"time"
)

// settings are public: a client learns here what it talks to (console-api.md 1.1).
func (c *Console) settings(*http.Request, map[string]string) answer {
	writes := c.o.Writes
	if writes == 0 {
		writes = 1000 // practice without limits
	}
	return ok(map[string]any{
		"ATHENA_ID": c.o.Instance, "AUTH_SCHEME": "couchdb", "CLUSTER_DATA": map[string]any{"type": nil}, "CONSOLE_TYPE": "hlfoc",
		"CRN": crn(c.o.Instance), "ENVIRONMENT": "prod", "FEATURE_FLAGS": map[string]any{"import_only_enabled": false, "read_only_enabled": false},
		"HOST_URL": c.o.HostURL, "IMPORT_ONLY": false, "INFRASTRUCTURE": "kubernetes", "MAX_COMPONENTS": 75,
		"MAX_REQ_PER_MIN": writes, "MAX_REQ_PER_MIN_AK": writes, "READ_ONLY": false,
		"TIMEOUTS": map[string]any{"DEPLOYER_TIMEOUT": 105000, "HTTP_TIMEOUT": 90000, "HTTP_STATUS_TIMEOUT": 10000},
		"VERSIONS": map[string]any{"tag": c.o.Version},
	})
}

func crn(instance string) map[string]any {
	return map[string]any{"account_id": "", "c_name": "bluemix", "c_type": "public", "instance_id": instance, "location": "",
		"resource_id": "", "resource_type": "", "service_name": "blockchain", "version": "v1"}
}

func (c *Console) healthcheck(*http.Request, map[string]string) answer {
	return ok(map[string]any{"message": "ok", "id": c.o.Instance})
}

func (c *Console) userInfo(r *http.Request, _ map[string]string) answer {
	key, _, _ := r.BasicAuth()
	who := caller{key, c.store.read().Keys[key].Roles}
	return answer{status: http.StatusAccepted, body: map[string]any{
		"authorized_actions": who.actions(), "crn": crn(c.o.Instance), "is_registered": false, "logged": false,
		"loggedInAs": map[string]any{"email": key, "name": key}, "password_type": nil, "session_expires_in_ms": nil,
		"session_id": "-", "statusCode": http.StatusAccepted, "uuid": key,
	}}
}

func (c *Console) versions(*http.Request, map[string]string) answer {
	one := func(v string) map[string]any {
		return map[string]any{v: map[string]any{"default": true, "version": v, "image": map[string]any{}}}
	}
	return ok(map[string]any{"versions": map[string]any{"ca": one("1.5.15-1"), "peer": one("2.5.9-1"), "orderer": one("2.5.9-1")}})
}

// note keeps a line about every change, with who made it: a console's own audit trail.
func (c *Console) note(r *http.Request, status int, began time.Time) {
	key, _, _ := r.BasicAuth()
	now := c.o.Clock()
	entry := map[string]any{
		"timestamp": now.UnixMilli(), "http_details": r.Method + ":" + r.URL.Path, "response_code": status,
		"elapsed_ms": now.Sub(began).Milliseconds(), "by": key, "status": map[bool]string{true: "success", false: "error"}[status < 400],
		"user_agent": r.UserAgent(),
	}
	_ = c.store.update(func(d *data) {
		entry["id"] = strconv.Itoa(len(d.Notifications) + 1)
		d.Notifications = append(d.Notifications, entry)
	})
}

func (c *Console) notifications(*http.Request, map[string]string) answer {
	all := c.store.read().Notifications
	if all == nil {
		all = []map[string]any{}
	}
	return ok(map[string]any{"notifications": all, "total": len(all), "returning": len(all)})
}
