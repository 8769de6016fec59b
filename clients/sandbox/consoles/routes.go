package consoles

import (
	"net/http"
	"regexp"
	"strings"
)

// route is one call of the contract. A segment that begins with a colon takes any value. An empty action
// means that the call is public.
type route struct {
	method, path, action string
	serve                func(*Console, *http.Request, map[string]string) answer
	only                 string
}

// Where a route is, when it is not everywhere: most are under /ak for programs and under /api for browsers, in
// every version of the contract.
const (
	newest  = "version 3"
	browser = "browsers"
	program = "programs, version 3"
)

// notes are the console's notifications.
const notes = "/notifications"

// routes is the contract. Longer paths stand before those that would swallow them.
func routes() []route {
	const docs, kube = "/components", "/kubernetes/components"
	return []route{
		{"GET", "/settings", "", (*Console).settings, newest},
		{"GET", "/healthcheck", "", (*Console).healthcheck, newest},
		{"GET", "/health", actionLogs, (*Console).health, ""},
		{"GET", "/users/info", actionView, (*Console).userInfo, newest},
		{"GET", notes, actionView, (*Console).notifications, ""},
		{"POST", notes, actionNotes, (*Console).record, browser},
		{"GET", "/kubernetes/fabric/versions", actionView, (*Console).versions, ""},

		{"POST", "/auth/login", "", (*Console).login, browser},
		{"PUT", "/permissions/users/password", actionView, (*Console).changePassword, browser},
		{"POST", "/permissions/keys", actionKeys, (*Console).createKey, ""},
		{"GET", "/permissions/keys", actionKeys, (*Console).listKeys, ""},
		{"DELETE", "/permissions/keys/:key", actionKeys, (*Console).deleteKey, ""},
		{"POST", tokens, actionView, (*Console).createToken, program},
		{"GET", tokens + "/:token", actionView, (*Console).readToken, program},
		{"DELETE", tokens + "/:token", actionView, (*Console).revokeToken, program},

		{"POST", docs + "/status", actionView, (*Console).status, ""},
		{"GET", docs, actionView, (*Console).list, ""},
		{"GET", docs + "/types/:type", actionView, (*Console).listType, ""},
		{"GET", docs + "/tags/:tag", actionView, (*Console).listTag, ""},
		{"GET", docs + "/msps/:msp", actionView, (*Console).listMSP, ""},
		{"GET", docs + "/:id", actionView, (*Console).get, ""},
		{"POST", docs + "/bulk", actionImport, (*Console).bulk, newest},
		{"POST", docs, actionImport, (*Console).importOne, ""},
		{"POST", docs + "/:type", actionImport, (*Console).importOne, ""},
		{"PUT", docs + "/:id", actionImport, (*Console).edit, newest},
		{"PUT", docs + "/:type/:id", actionImport, (*Console).edit, newest},
		{"DELETE", docs + "/tags/:tag", actionRemove, (*Console).removeTag, ""},
		{"DELETE", docs + "/:id", actionRemove, (*Console).remove, ""},

		{"GET", kube, actionView, (*Console).deployed, ""},
		{"POST", kube, actionCreate, (*Console).create, newest},
		{"POST", kube + "/:type", actionCreate, (*Console).create, newest},
		{"POST", kube + "/:type/:id/actions", actionManage, (*Console).act, newest},
		{"POST", kube + "/:id/actions", actionManage, (*Console).act, newest},
		{"PUT", kube + "/:type/:id/certs", actionManage, (*Console).changeAdmins, newest},
		{"PUT", kube + "/:id/certs", actionManage, (*Console).changeAdmins, newest},
		{"PUT", kube + "/:type/:id", actionCreate, (*Console).change, newest},
		{"PUT", kube + "/:id", actionCreate, (*Console).change, newest},
		{"DELETE", kube + "/type/:type/:deployment", actionDelete, (*Console).deleteDeployment, ""},
		{"DELETE", kube + "/tags/:tag", actionDelete, (*Console).deleteTag, ""},
		{"DELETE", kube + "/:id", actionDelete, (*Console).deleteNode, ""},
	}
}

// asked is how somebody asks: through which door, for which version of the contract, and who it is.
type asked struct {
	route
	version string // v1, v2 or v3
	browser bool
	args    map[string]string
	who     caller
}

func (a asked) matches(rt route) bool {
	switch rt.only {
	case newest:
		return a.version == "v3"
	case browser:
		return a.browser && a.version == "v3"
	case program:
		return !a.browser && a.version == "v3"
	}
	return true
}

var prefix = regexp.MustCompile(`^(/ak)?/api/(v[123])(/.+)$`)

// find looks a request up in the routes.
func find(r *http.Request) (asked, bool) {
	parts := prefix.FindStringSubmatch(r.URL.Path)
	if parts == nil {
		return asked{}, false
	}
	how := asked{browser: parts[1] == "", version: parts[2]}
	have := strings.Split(strings.TrimRight(parts[3], "/"), "/")
	for _, rt := range routes() {
		if rt.method != r.Method || !how.matches(rt) {
			continue
		}
		if args, match := rt.args(have); match {
			how.route, how.args = rt, args
			return how, true
		}
	}
	return asked{}, false
}

// args are the values of a route's variable segments.
func (rt route) args(have []string) (map[string]string, bool) {
	want := strings.Split(rt.path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	args := map[string]string{}
	for i, w := range want {
		if name, variable := strings.CutPrefix(w, ":"); variable {
			args[name] = have[i]
		} else if w != have[i] {
			return nil, false
		}
	}
	kind, typed := args["type"]
	return args, !typed || known(strings.ToLower(kind))
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
