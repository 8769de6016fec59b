package consoles

import (
	_ "embed"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// usual are the settings that all consoles have alike, as recorded.
//
//go:embed settings.json
var usual []byte

// settings are public: a client learns here what it talks to (console-api.md 1.1).
func (c *Console) settings(*http.Request, map[string]string) answer {
	limit := func(n int) int {
		if n == 0 {
			return 1000 // practice without limits
		}
		return n
	}
	out := map[string]any{}
	_ = json.Unmarshal(usual, &out) // a part of the program
	flags, timeouts := out["FEATURE_FLAGS"].(map[string]any), out["TIMEOUTS"].(map[string]any)
	flags["import_only_enabled"], flags["read_only_enabled"] = c.o.ImportOnly, c.o.ReadOnly
	timeouts["DEPLOYER_TIMEOUT"] = c.o.DeployerTimeout.Milliseconds()
	at, port := &url.URL{}, 443
	if u, err := url.Parse(c.o.HostURL); err == nil {
		at = u
	}
	if n, err := strconv.Atoi(at.Port()); err == nil {
		port = n
	}
	now := c.o.Clock()
	maps.Copy(out, map[string]any{
		"ATHENA_ID": c.o.Instance, "CRN": crn(c.o.Instance), "CRN_STRING": crnText(c.o.Instance), "HOST_URL": c.o.HostURL, "LANDING_URL": c.o.HostURL,
		"PROXY_TLS_HTTP_URL": c.o.HostURL, "PROXY_TLS_WS_URL": c.o.HostURL, "DOMAIN": at.Hostname(), "PORT": port, "REGION": c.o.Region,
		"IMPORT_ONLY": c.o.ImportOnly, "READ_ONLY": c.o.ReadOnly, "MAX_COMPONENTS": c.o.MaxComponents,
		"MAX_REQ_PER_MIN": limit(c.o.Writes), "MAX_REQ_PER_MIN_AK": limit(c.o.Writes), "VERSIONS": map[string]any{"tag": c.o.Version},
		"TIMESTAMPS": map[string]any{"born": c.born.UnixMilli(), "now": now.UnixMilli(), "next_settings_update": "1.4 hrs", "up_time": friendly(now.Sub(c.born))},
	})
	return ok(out)
}

func crnText(instance string) string { return "crn:v1:bluemix:public:blockchain:::" + instance + "::" }

func crn(instance string) map[string]any {
	return map[string]any{"account_id": "", "c_name": "bluemix", "c_type": "public", "instance_id": instance, "location": "",
		"resource_id": "", "resource_type": "", "service_name": "blockchain", "version": "v1"}
}

func (c *Console) healthcheck(*http.Request, map[string]string) answer {
	return ok(map[string]any{"message": "ok", "id": c.o.Instance})
}

func (c *Console) userInfo(r *http.Request, _ map[string]string) answer {
	who := howOf(r).who
	key := who.name
	return answer{status: http.StatusAccepted, body: map[string]any{
		"authorized_actions": who.actions(), "censoredEmail": censored(key), "crn": crn(c.o.Instance),
		"crn_string": crnText(c.o.Instance), "is_registered": false, "logged": false,
		"loggedInAs": map[string]any{"email": key, "name": key}, "password_type": nil, "session_expires_in_ms": nil,
		"session_id": "-", "statusCode": http.StatusAccepted, "uuid": key,
	}}
}

// versions are known while the deployer can be asked.
func (c *Console) versions(r *http.Request, _ map[string]string) answer {
	if _, err := c.o.Deployer.List(r.Context()); err != nil {
		return deployError(err)
	}
	one := func(v string) map[string]any {
		return map[string]any{v: map[string]any{"default": true, "version": v, "image": map[string]any{}}}
	}
	return ok(map[string]any{"versions": map[string]any{"ca": one(latest[kindCA]), "peer": one(latest[kindPeer]), "orderer": one(latest[kindOrderer])}})
}
