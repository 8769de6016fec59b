package consoles

import (
	"net/http"
	"strings"
)

// route is one call of the contract. A segment that begins with a colon takes any value. An empty action
// means that the call is public.
type route struct {
	method, path, action string
	serve                func(*Console, *http.Request, map[string]string) answer
}

const base = "/ak/api/v3"

// routes is the contract. Longer paths stand before those that would swallow them.
func routes() []route {
	const docs, kube = base + "/components", base + "/kubernetes/components"
	return []route{
		{"GET", base + "/settings", "", (*Console).settings},
		{"GET", "/api/v3/settings", "", (*Console).settings},
		{"GET", base + "/healthcheck", "", (*Console).healthcheck},
		{"GET", "/api/v3/healthcheck", "", (*Console).healthcheck},
		{"GET", base + "/users/info", actionView, (*Console).userInfo},
		{"GET", base + "/notifications", actionView, (*Console).notifications},
		{"GET", base + "/kubernetes/fabric/versions", actionView, (*Console).versions},

		{"POST", base + "/permissions/keys", actionKeys, (*Console).createKey},
		{"GET", base + "/permissions/keys", actionKeys, (*Console).listKeys},
		{"DELETE", base + "/permissions/keys/:key", actionKeys, (*Console).deleteKey},

		{"POST", docs + "/status", actionView, (*Console).status},
		{"GET", docs, actionView, (*Console).list},
		{"GET", docs + "/types/:type", actionView, (*Console).listType},
		{"GET", docs + "/tags/:tag", actionView, (*Console).listTag},
		{"GET", docs + "/msps/:msp", actionView, (*Console).listMSP},
		{"GET", docs + "/:id", actionView, (*Console).get},
		{"POST", docs + "/bulk", actionImport, (*Console).bulk},
		{"POST", docs, actionImport, (*Console).importOne},
		{"POST", docs + "/:type", actionImport, (*Console).importOne},
		{"PUT", docs + "/:id", actionImport, (*Console).edit},
		{"PUT", docs + "/:type/:id", actionImport, (*Console).edit},
		{"DELETE", docs + "/tags/:tag", actionRemove, (*Console).removeTag},
		{"DELETE", docs + "/:id", actionRemove, (*Console).remove},

		{"GET", kube, actionView, (*Console).deployed},
		{"POST", kube, actionCreate, (*Console).create},
		{"POST", kube + "/:type", actionCreate, (*Console).create},
		{"DELETE", kube + "/type/:type/:deployment", actionDelete, (*Console).deleteDeployment},
		{"DELETE", kube + "/tags/:tag", actionDelete, (*Console).deleteTag},
		{"DELETE", kube + "/:id", actionDelete, (*Console).deleteNode},
	}
}

// find looks a request up in the routes.
func find(r *http.Request) (route, map[string]string, bool) {
	have := strings.Split(strings.TrimRight(r.URL.Path, "/"), "/")
	for _, rt := range routes() {
		want := strings.Split(rt.path, "/")
		if rt.method != r.Method || len(want) != len(have) {
			continue
		}
		args, match := map[string]string{}, true
		for i, w := range want {
			if name, variable := strings.CutPrefix(w, ":"); variable {
				args[name] = have[i]
			} else if w != have[i] {
				match = false
				break
			}
		}
		if t, typed := args["type"]; match && (!typed || known(strings.ToLower(t))) {
			return rt, args, true
		}
	}
	return route{}, nil, false
}

// The kinds of components.
const (
	kindCA      = "fabric-ca"
	kindPeer    = "fabric-peer"
	kindOrderer = "fabric-orderer"
	kindMSP     = "msp"
)

func known(kind string) bool {
	switch kind {
	case kindCA, kindPeer, kindOrderer, kindMSP:
		return true
	}
	return false
}
