package sandbox

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestTheRequestLogTellsEveryCallWithItsTimeAndNoSecretAndOutlivesTheWorld(t *testing.T) {
	t.Parallel()
	w := up(t, real(t, "us-south", "us-east"))
	if all := requests(t, w); len(all) != 0 {
		t.Errorf("before anybody asked: %+v", all)
	}
	began := time.Now()
	for range 3 {
		ask(t, w, 0, "GET", "/components", nil)
	}
	ask(t, w, 1, "POST", "/permissions/keys", makeKey("k"))
	took := time.Since(began)
	ok(t, w.Down(t.Context()))
	all := requests(t, w)
	if len(all) != 4 {
		t.Fatalf("%d calls were logged, want 4: %+v", len(all), all)
	}
	for i, r := range all {
		want := Request{Region: "us-south", Method: "GET", Path: "/ak/api/v3/components", Status: 200, Sent: 200}
		if i == 3 {
			want = Request{Region: "us-east", Method: "POST", Path: "/ak/api/v3/permissions/keys", Status: 200, Sent: 200}
		}
		want.Began, want.Took, want.Agent = r.Began, r.Took, r.Agent
		if r != want || r.Agent == "" {
			t.Errorf("call %d is logged as %+v, want %+v", i, r, want)
		}
		if r.Began.Before(began) || r.Took <= 0 || r.Took > took || i > 0 && r.Began.Before(all[i-1].Began) {
			t.Errorf("call %d began %s after the first and took %s; all took %s", i, r.Began.Sub(began), r.Took, took)
		}
	}
	b, err := os.ReadFile(w.RequestLog())
	ok(t, err)
	if s := w.Regions[0].APISecret.Expose(); strings.Contains(string(b), s) || strings.Contains(string(b), w.Regions[0].APIKey) {
		t.Error("the log holds a key or its secret")
	}
	if info, err := os.Stat(w.RequestLog()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
	again := up(t, Options{Dir: w.Dir, Regions: []string{"us-south", "us-east"}, Bin: real(t, "us-south").Bin})
	if all := requests(t, again); len(all) != 0 {
		t.Errorf("a new world begins with the calls of the old one: %d", len(all))
	}
}

func TestALineThatIsStillBeingWrittenIsNotRead(t *testing.T) {
	t.Parallel()
	w := &World{Dir: t.TempDir()}
	if all, err := w.Requests(); len(all) != 0 || err != nil {
		t.Errorf("without a log: %v %v", all, err)
	}
	ok(t, write(w.RequestLog(), []byte(`{"path":"/a"}`+"\n"+`{"path":"/b`)))
	if all, err := w.Requests(); len(all) != 1 || err != nil || all[0].Path != "/a" {
		t.Errorf("read %+v %v", all, err)
	}
	ok(t, write(w.RequestLog(), []byte("spoiled\n")))
	if _, err := w.Requests(); err == nil {
		t.Error("a spoiled log is no error")
	}
}
