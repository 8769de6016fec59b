package relay

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Status is what the relay tells about itself.
type Status struct {
	Open  int64           `json:"open"`  // connections now
	Quiet time.Duration   `json:"quiet"` // since the operator last sent something
	Modes map[string]Mode `json:"modes"` // regions that were ever set
}

type modeRequest struct {
	Region string `json:"region"`
	Mode   Mode   `json:"mode"`
}

// control serves the control port until the context ends.
func (r *relay) control(ctx context.Context, conf Config) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { r.status(w) })
	mux.HandleFunc("GET /flows", r.showFlows)
	mux.HandleFunc("POST /mode", r.setMode)
	want := []byte("Bearer " + conf.Token)
	srv := &http.Server{ReadHeaderTimeout: requestLimit, Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if subtle.ConstantTimeCompare([]byte(q.Header.Get("Authorization")), want) != 1 {
			http.Error(w, "token", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, q)
	})}
	l, err := net.Listen("tcp", conf.Control)
	if err != nil {
		return fmt.Errorf("relay control: %w", err)
	}
	context.AfterFunc(ctx, func() { srv.Close() })
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("relay control: %w", err)
	}
	return nil
}

func (r *relay) status(w http.ResponseWriter) {
	s := Status{Open: r.open.Load(), Quiet: time.Since(time.Unix(0, r.heard.Load())), Modes: map[string]Mode{}}
	r.wan.mu.Lock()
	for region, m := range r.wan.modes {
		s.Modes[region] = m
	}
	r.wan.mu.Unlock()
	_ = json.NewEncoder(w).Encode(s)
}

func (r *relay) setMode(w http.ResponseWriter, q *http.Request) {
	var m modeRequest
	if err := json.NewDecoder(q.Body).Decode(&m); err != nil || !m.Mode.Valid() {
		http.Error(w, "mode", http.StatusBadRequest)
		return
	}
	r.log.Printf("MODE %s %s", m.Region, m.Mode)
	r.wan.set(m.Region, m.Mode)
	w.WriteHeader(http.StatusNoContent)
}

// Client speaks to a relay's control port.
type Client struct {
	Addr  string // loopback address
	Token string
}

// SetMode changes the state of a region's links; the relay has taken it when this returns.
func (c Client) SetMode(ctx context.Context, region string, m Mode) error {
	b, err := json.Marshal(modeRequest{region, m})
	if err != nil {
		return err
	}
	return c.call(ctx, http.MethodPost, "/mode", b, nil)
}

// Status asks how the relay is.
func (c Client) Status(ctx context.Context) (s Status, err error) {
	return s, c.call(ctx, http.MethodGet, "/status", nil, &s)
}

func (c Client) call(ctx context.Context, method, path string, body []byte, out any) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+c.Addr+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.Token)
	direct := &http.Transport{DisableKeepAlives: true} // loopback: never by a proxy of the environment
	resp, err := (&http.Client{Transport: direct}).Do(req)
	if err != nil {
		return fmt.Errorf("relay control: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("relay control: %s %s: %s", method, path, resp.Status)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}
