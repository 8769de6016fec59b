package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"farol/clients/ca"
	"farol/clients/fabric"
	"farol/clients/sandbox/process"
	"farol/clients/wire"
	"farol/state/fault"
	"farol/state/secret"
)

// enrolls tells how an enrollment with the right secret ends.
func (m *member) enrolls(t *testing.T, id string) error {
	t.Helper()
	key, err := ca.NewKey()
	ok(t, err)
	_, err = m.ca.Enroll(t.Context(), id, secret.FromString(id+"pw"), key, "", nil)
	return err
}

// admin is an administrator of the organization.
func (m *member) admin(t *testing.T) *fabric.Client {
	t.Helper()
	m.register(t, "boss", "admin")
	cert, key := m.enroll(t, "boss")
	signer, err := fabric.NewSigner(mspID, cert, key)
	ok(t, err)
	m.signer = signer
	c := fabric.New(m.network, signer)
	t.Cleanup(func() { c.Close() })
	return c
}

// says is what a console calls a component.
func says(t *testing.T, w *World, region int, id string) any {
	t.Helper()
	s := rest(t, w, region, "POST", "/components/status", object{"components": object{id: object{"skip_cache": true}}}, http.StatusMultiStatus)
	return s[id].(object)["status"]
}

func newCA(t *testing.T, w *World, id string) {
	t.Helper()
	identity := object{"name": "admin", "pass": "adminpw", "type": "client"}
	rest(t, w, 0, "POST", "/kubernetes/components/fabric-ca", object{"id": id, "display_name": id, "config_override": object{
		"ca": object{"registry": object{"maxenrollments": -1, "identities": []object{identity}}}}}, http.StatusOK)
}

func TestAnAuthorityThatIsDownRefusesEverybodyUntilItIsBack(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	m := newMember(t, w)
	ok(t, w.Fault(t.Context(), CADown, ""))
	err := m.enrolls(t, "admin")
	if fault.Is(err, wire.CodeInterrupted) { // it met the connection of an earlier call, which has just ended
		err = m.enrolls(t, "admin")
	}
	if !fault.Is(err, wire.CodeUnreachable) {
		t.Errorf("an enrollment ended with %v", err)
	}
	if err := w.Fault(t.Context(), CALocks, ""); !fault.Is(err, NothingThere) {
		t.Errorf("an authority that is down was locked: %v", err)
	}
	newCA(t, w, "late") // is accepted, and does not serve either
	for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if alive(status(t, w).Processes, process.CA) > 0 {
			t.Fatal("an authority runs")
		}
	}
	for _, id := range []string{"org1ca", "late"} {
		if s := says(t, w, 0, id); s == "ok" {
			t.Errorf("the console calls %s %v", id, s)
		}
	}
	ok(t, w.EndFault(t.Context(), CADown, "us-south"))
	ok(t, m.enrolls(t, "admin"))
	for _, id := range []string{"org1ca", "late"} {
		healthy(t, w, 0, id)
	}
	whole(t, w)
}

func TestAnAuthorityLocksItsAdministratorAfterWrongSecretsOfAStranger(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	if err := w.Fault(t.Context(), CALocks, ""); !fault.Is(err, NothingThere) {
		t.Errorf("without an authority: %v", err)
	}
	m := newMember(t, w)
	for range 2 { // it can be practised again
		ok(t, w.Fault(t.Context(), CALocks, ""))
		if err := m.enrolls(t, "admin"); !fault.Is(err, ca.CodeLocked) {
			t.Errorf("the right secret met %v", err)
		}
		ok(t, w.EndFault(t.Context(), CALocks, ""))
		ok(t, m.enrolls(t, "admin"))
	}
	m.register(t, "boss", "admin") // the authority has kept its data
	whole(t, w)
}

func TestAPeerWithAFullDiskReadsButWritesNothingAndDoesNotStartAnyMore(t *testing.T) {
	t.Parallel()
	if !process.CanLimitFiles {
		t.Skip("here a full disk ends the peer at once")
	}
	w := up(t, real(t, "us-south", "us-east"))
	m := newMember(t, w)
	p := m.peer(t, 0)
	c := m.admin(t)
	sample, _, err := fabric.PackageSample("kv_1")
	ok(t, err)
	ok(t, w.Fault(t.Context(), DiskFull, ""))
	if _, err := c.Installed(t.Context(), p); err != nil {
		t.Errorf("it does not read: %v", err)
	}
	if _, err := c.Install(t.Context(), p, sample); err == nil || !strings.Contains(err.Error(), "error writing") {
		t.Errorf("an installation ended with %v", err)
	}
	ok(t, w.Fault(t.Context(), Stop, ""))
	ok(t, w.Back(t.Context(), "")) // the region comes back, the peer cannot
	within(t, 10*time.Second, func() bool { return alive(status(t, w).Processes, process.Peer) == 0 })
	if s := says(t, w, 0, "peer1"); s == "ok" {
		t.Errorf("the console calls the peer %v", s)
	}
	ok(t, w.EndFault(t.Context(), DiskFull, ""))
	within(t, 30*time.Second, func() bool { _, err := c.Install(t.Context(), p, sample); return err == nil })
	healthy(t, w, 0, "peer1")
	whole(t, w)
}

func TestAPeerThatDiesAfterItsFirstSecondIsAcceptedAndGone(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	m := newMember(t, w)
	m.peer(t, 0)
	ok(t, w.Fault(t.Context(), DiesYoung, "us-east"))
	if n := alive(status(t, w).Processes, process.Peer); n != 1 {
		t.Errorf("%d peers run in the other region", n)
	}
	m.order(t, 1, "peer2") // answered as ever
	began := time.Now()
	within(t, 20*time.Second, func() bool { return born(status(t, w).Processes, "peer2.us-east") })
	within(t, 20*time.Second, func() bool { return alive(status(t, w).Processes, process.Peer) == 1 })
	if took := time.Since(began); took < firstSecond/2 {
		t.Errorf("it lived for %s only", took)
	}
	if s := says(t, w, 1, "peer2"); s == "ok" {
		t.Errorf("the console calls the peer %v", s)
	}
	ok(t, w.Fault(t.Context(), DiesYoung, "us-south")) // an old peer begins anew, and dies
	within(t, 20*time.Second, func() bool { return alive(status(t, w).Processes, process.Peer) == 0 })
	ok(t, w.EndFaults(t.Context(), ""))
	healthy(t, w, 0, "peer1")
	healthy(t, w, 1, "peer2")
	whole(t, w)
}

func born(all []Process, name string) bool {
	for _, p := range all {
		if p.Name == name {
			return true
		}
	}
	return false
}

func TestAPeerThatNeverGetsHealthyServesAllTheSame(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	m := newMember(t, w)
	p, c := m.peer(t, 0), m.admin(t)
	ok(t, w.Fault(t.Context(), NeverHealthy, ""))
	m.order(t, 0, "peer9") // made meanwhile
	within(t, 20*time.Second, func() bool { return alive(status(t, w).Processes, process.Peer) == 2 })
	for _, id := range []string{"peer1", "peer9"} {
		if s := says(t, w, 0, id); s == "ok" {
			t.Errorf("the console calls %s %v", id, s)
		}
	}
	_, err := c.Channels(t.Context(), p)
	ok(t, err)
	h, err := m.network.HTTP(wire.Trust{RootsPEM: m.caCert})
	ok(t, err)
	defer h.CloseIdleConnections()
	resp, err := h.Get("https://" + at(m.caURL.Hostname(), operationsPort) + "/healthz")
	ok(t, err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the authority's health check says %s", resp.Status)
	}
	ok(t, w.EndFault(t.Context(), NeverHealthy, ""))
	healthy(t, w, 0, "peer1")
	healthy(t, w, 0, "peer9")
	whole(t, w)
}

func TestARegionCanBeLostInEveryWayAndComesBack(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, threeRegions...))
	for _, f := range regionFaults {
		ok(t, w.Fault(t.Context(), f, "us-east"))
		ok(t, w.Fault(t.Context(), f, "us-east")) // once more changes nothing
		if s := status(t, w); len(s.Regions[1].Faults) != 1 || s.Regions[1].Faults[0] != f || len(s.Regions[0].Faults) > 0 {
			t.Errorf("%s: the status shows %+v", f, s.Regions)
		}
		c := try(t, w, 1)
		switch f {
		case Stop:
			if c.err == nil || c.took > patience {
				t.Errorf("a stopped region: %d %v after %s", c.status, c.err, c.took)
			}
		case Unreachable:
			if c.err == nil || c.took < time.Second || c.took > patience {
				t.Errorf("an unreachable region: %d %v after %s", c.status, c.err, c.took)
			}
		case BlackHole:
			if c.err == nil || c.took < patience {
				t.Errorf("a black hole: %d %v after %s", c.status, c.err, c.took)
			}
		case SlowLinks:
			if !c.fine() || c.took < time.Second {
				t.Errorf("a slow region: %d %v after %s", c.status, c.err, c.took)
			}
		}
		if c := try(t, w, 0); !c.fine() {
			t.Errorf("%s: another region: %d %v", f, c.status, c.err)
		}
		ok(t, w.Back(t.Context(), "us-east"))
		whole(t, w)
	}
	if err := w.Fault(t.Context(), "earthquake", ""); !fault.Is(err, NoFault) {
		t.Errorf("a fault that the menu has not: %v", err)
	}
	if err := w.Fault(t.Context(), Stop, "mars"); !fault.Is(err, NoRegion) {
		t.Errorf("a region that is not there: %v", err)
	}
}

// patience is how long try waits. It is longer than a refusal and four round trips of a slow region.
const patience = 7 * time.Second

// try asks a console as an impatient client does.
func try(t *testing.T, w *World, region int) called {
	t.Helper()
	client := console(t, w)
	client.Timeout = patience
	return askBy(t, client, w.Regions[region], "GET", "/components", nil)
}
