package console

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unread are the keys of recorded components that this program has no use for.
var unread = []string{"_error", "cluster_type", "config_override", "console_type", "consenter_proposal_fin", "crstatus",
	"last_k8s_sync_ts", "node_ou", "region", "resources", "revocation_list", "scheme_version", "storage", "timestamp", "version", "zone"}

// wantComponent checks that everything in a recorded component was read, and nothing was made up.
func wantComponent(t *testing.T, recorded string, got *Component) {
	t.Helper()
	want := decoded(t, []byte(recorded))
	for _, key := range unread {
		delete(want, key)
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(settled(want), settled(decoded(t, b))); diff != "" {
		t.Errorf("component (-recorded +read):\n%s", diff)
	}
}

// settled drops what is empty: a console leaves such keys out, or writes them, as it likes.
func settled(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for k, one := range m {
		one = settled(one)
		switch w := one.(type) {
		case nil:
			delete(m, k)
			continue
		case string:
			if w == "" {
				delete(m, k)
				continue
			}
		case []any:
			if len(w) == 0 {
				delete(m, k)
				continue
			}
		case map[string]any:
			if len(w) == 0 {
				delete(m, k)
				continue
			}
		case bool:
			if !w && k != "enable" {
				delete(m, k)
				continue
			}
		}
		m[k] = one
	}
	return m
}

func TestAComponentIsReadWhole(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"Get one (imported) with deployment_attrs", "Get the created peer with deployment attributes"} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			e := recorded(t, title)
			s := replay(e)
			got, found, err := s.client(t).Component(t.Context(), "org1peer1")
			if err != nil || !found {
				t.Fatalf("found %v, %v", found, err)
			}
			wantComponent(t, e.answer, got)
			if calls := s.asked(); len(calls) != 1 || calls[0].method != e.method || calls[0].path != e.path || len(calls[0].body) != 0 {
				t.Errorf("asked %+v, want %s %s", calls, e.method, e.path)
			}
		})
	}
}

func TestAnUnknownComponentIsNotFoundAndNoFault(t *testing.T) {
	t.Parallel()
	c, found, err := replay(recorded(t, "Get one that does not exist")).client(t).Component(t.Context(), "nope")
	if c != nil || found || err != nil {
		t.Errorf("got %v %v %v", c, found, err)
	}
}

func TestDeployedComponentsAreListedWithTheirOrphans(t *testing.T) {
	t.Parallel()
	for title, ids := range map[string][]string{
		"List deployed components":                            {"", "orderingservicenode1", "eastcax", "org1ca", "org1peermsp", "org1peer1"},
		"Deployed components: the orphan left by the timeout": {"", "", "", ""},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			e := recorded(t, title)
			s := replay(e)
			got, err := s.client(t).Deployed(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			list := decoded(t, []byte(e.answer))["components"].([]any)
			for i := range got {
				have = append(have, got[i].ID)
				one, _ := json.Marshal(list[i])
				wantComponent(t, string(one), &got[i])
			}
			if !slices.Equal(have, ids) {
				t.Errorf("ids %q, want %q", have, ids)
			}
			if calls := s.asked(); calls[0].path != e.path+"?cache=skip" {
				t.Errorf("asked %s", calls[0].path)
			}
		})
	}
}

func TestComponentsAreListedPastTheCache(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"List with an API key, nothing there yet", "List by type with none of that type"} {
		e := recorded(t, title)
		s := replay(e)
		got, err := s.client(t).Components(t.Context())
		if err != nil || len(got) != 0 {
			t.Errorf("%s (%d): got %v %v", title, e.status, got, err)
		}
		if path := s.asked()[0].path; path != "/ak/api/v3/components?deployment_attrs=included&cache=skip" {
			t.Errorf("asked %s", path)
		}
	}
}

func TestRootsThatTheConsoleDoesNotKnowAreDropped(t *testing.T) {
	t.Parallel()
	s := always(200, `{"components":[{"id":"os1","type":"fabric-orderer","msp":{"tlsca":{"root_certs":[null]},"ca":{"root_certs":[null,"YQ=="]}}}]}`)
	got, err := s.client(t).Components(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m := got[0].MSP; len(m.TLSCA.RootCerts) != 0 || len(m.CA.RootCerts) != 1 || string(m.CA.RootCerts[0]) != "a" {
		t.Errorf("roots %q %q", m.TLSCA.RootCerts, m.CA.RootCerts)
	}
}

func TestStatusTellsGoodFromBadFromUnknown(t *testing.T) {
	t.Parallel()
	e := recorded(t, "Status of components (hosts unreachable)")
	s := replay(e)
	got, err := s.client(t).Status(t.Context(), "org1ca", "org1msp", "nope", "absent")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]Health{"org1ca": {Status: "not ok"}}, got); diff != "" {
		t.Errorf("health (-want +got):\n%s", diff)
	}
	if h, err := always(207, `{"a":{"status":"ok"}}`).client(t).Status(t.Context(), "a"); err != nil || !h["a"].OK {
		t.Errorf("a good node: %+v %v", h, err)
	}
	// One call asks for all, and each past the cache.
	call := s.asked()[0]
	fresh := map[string]any{"skip_cache": true}
	want := map[string]any{"components": map[string]any{"org1ca": fresh, "org1msp": fresh, "nope": fresh, "absent": fresh}}
	if diff := cmp.Diff(want, decoded(t, call.body)); diff != "" || call.method != e.method || call.path != e.path {
		t.Errorf("asked %s %s (-want +got):\n%s", call.method, call.path, diff)
	}
}

func TestSettingsAreReadWithoutCredentials(t *testing.T) {
	t.Parallel()
	e := recorded(t, "Settings")
	s := replay(e)
	got, err := s.client(t).Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{Version: "2.5.2-99", Instance: "fakeiid1", Platform: "kubernetes", AuthScheme: "couchdb", ImportOnly: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	call := s.asked()[0]
	if call.path != e.path || call.header.Get("Authorization") != "" {
		t.Errorf("asked %s with %v", call.path, call.header)
	}
}

func TestTheUserHasTheRolesThatHisActionsShow(t *testing.T) {
	t.Parallel()
	e := recorded(t, "User info by API key")
	s := replay(e)
	got, err := s.client(t).User(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Roles, []string{"reader", "writer", "manager"}) || len(got.Actions) != 14 || got.Actions[0] != "blockchain.components.export" {
		t.Errorf("user %+v", got)
	}
	if call := s.asked()[0]; call.path != e.path {
		t.Errorf("asked %s", call.path)
	}
	for actions, roles := range map[string][]string{
		`"blockchain.optools.view"`:                                {"reader"},
		`"blockchain.components.import","blockchain.optools.view"`: {"reader", "writer"},
		``: nil,
	} {
		if u, err := always(202, `{"authorized_actions":[`+actions+`]}`).client(t).User(t.Context()); err != nil || !slices.Equal(u.Roles, roles) {
			t.Errorf("%s gives %v %v", actions, u.Roles, err)
		}
	}
}

func TestEachKindOfComponentIsRemovedOnItsOwnRoute(t *testing.T) {
	t.Parallel()
	imported, created := recorded(t, "Delete an imported component"), recorded(t, "Delete a deployed component")
	a, b := replay(imported), replay(created)
	if err := a.client(t).RemoveImported(t.Context(), "org1ca_0"); err != nil {
		t.Error(err)
	}
	if err := b.client(t).RemoveDeployed(t.Context(), "east1ca"); err != nil {
		t.Error(err)
	}
	for e, s := range map[*exchange]*script{&imported: a, &created: b} {
		if calls := s.asked(); len(calls) != 1 || calls[0].method != e.method || calls[0].path != e.path || len(calls[0].body) != 0 {
			t.Errorf("asked %+v, want %s %s", calls, e.method, e.path)
		}
	}
	for _, c := range []struct {
		component Component
		imported  Imported
		created   Created
	}{
		{Component{ID: "a", Imported: true, Type: KindCA}, "a", ""},
		{Component{ID: "b", Type: KindMSP}, "b", ""},
		{Component{ID: "c", Type: KindPeer, Deployment: "c"}, "", "c"},
		{Component{ID: "d", Type: KindCA}, "", "d"},
	} {
		if i, d := c.component.Removable(); i != c.imported || d != c.created {
			t.Errorf("%s is removed as %q or %q", c.component.ID, i, d)
		}
	}
}
