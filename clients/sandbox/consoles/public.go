package consoles

import "net/http"

// settings are public: a client learns here what it talks to (console-api.md 1.1).
func (c *Console) settings(*http.Request, map[string]string) answer {
	writes := c.o.Writes
	if writes == 0 {
		writes = 1000 // practice without limits
	}
	return ok(map[string]any{
		"ATHENA_ID": c.o.Instance, "AUTH_SCHEME": "couchdb", "CLUSTER_DATA": map[string]any{"type": nil}, "CONSOLE_TYPE": "hlfoc",
		"CRN": crn(c.o.Instance), "ENVIRONMENT": "prod", "FEATURE_FLAGS": map[string]any{"import_only_enabled": c.o.ImportOnly, "read_only_enabled": false},
		"HOST_URL": c.o.HostURL, "IMPORT_ONLY": c.o.ImportOnly, "INFRASTRUCTURE": "kubernetes", "MAX_COMPONENTS": 75,
		"MAX_REQ_PER_MIN": writes, "MAX_REQ_PER_MIN_AK": writes, "READ_ONLY": false,
		"TIMEOUTS": map[string]any{"DEPLOYER_TIMEOUT": c.o.DeployerTimeout.Milliseconds(), "HTTP_TIMEOUT": 90000, "HTTP_STATUS_TIMEOUT": 10000},
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
	known, _ := c.store.key(key)
	who := caller{key, known.Roles}
	return answer{status: http.StatusAccepted, body: map[string]any{
		"authorized_actions": who.actions(), "censoredEmail": censored(key), "crn": crn(c.o.Instance),
		"crn_string": "crn:v1:bluemix:public:blockchain:::" + c.o.Instance + "::", "is_registered": false, "logged": false,
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
