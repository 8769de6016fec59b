package sandbox

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"farol/clients/sandbox/relay"
	"farol/state/fault"
)

// The bodies of control requests.
type (
	regionRequest struct {
		Region string     `json:"region"`
		Mode   relay.Mode `json:"mode,omitempty"`
	}
	admitRequest struct {
		Pack []byte `json:"pack"`
	}
)

// packLimit bounds a control request; hand-off packs are far smaller.
const packLimit = 4 << 20

// openControl listens for the commands of World on loopback, each with the token of world.json.
func (d *daemon) openControl(ctx context.Context) error {
	if err := d.ports.takeAll(&d.control); err != nil {
		return err
	}
	l, err := net.Listen("tcp", d.control)
	if err != nil {
		return fmt.Errorf("control: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, q *http.Request) {
		_ = json.NewEncoder(w).Encode(d.status(q.Context()))
	})
	mux.HandleFunc("POST /down", func(http.ResponseWriter, *http.Request) { d.end() })
	mux.HandleFunc("POST /admit", command(d, func(ctx context.Context, q admitRequest) error { return d.admit(ctx, q.Pack) }))
	mux.HandleFunc("POST /stop-region", command(d, d.inRegion(d.stopRegion)))
	mux.HandleFunc("POST /start-region", command(d, d.inRegion(d.startRegion)))
	mux.HandleFunc("POST /fault", command(d, d.faults.change))
	mux.HandleFunc("GET /connections", func(w http.ResponseWriter, q *http.Request) { d.connections(w, q) })
	mux.HandleFunc("POST /mode", command(d, d.inRegion(func(ctx context.Context, q regionRequest) error {
		return d.network.client.SetMode(ctx, q.Region, q.Mode)
	})))
	want := []byte("Bearer " + d.token)
	srv := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if subtle.ConstantTimeCompare([]byte(q.Header.Get("Authorization")), want) != 1 {
			http.Error(w, "token", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, q)
	})}
	context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = srv.Shutdown(ctx) // lets the answer to /down leave
	})
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			d.log.Error("control", "error", err)
			d.end()
		}
	}()
	return nil
}

// command turns a method into a handler: JSON in, 204 or a wire fault out.
func command[T any](d *daemon, do func(context.Context, T) error) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		d.touch()
		var in T
		if err := json.NewDecoder(io.LimitReader(q.Body, packLimit)).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if !d.isReady() {
			sendFault(w, fault.New(NotRunning, "dir", string(d.dir)).Certain(fault.NotSent).Later())
			return
		}
		if err := do(q.Context(), in); err != nil {
			d.log.Error(q.URL.Path, "error", err)
			sendFault(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// inRegion refuses a region that the world does not have.
func (d *daemon) inRegion(do func(context.Context, regionRequest) error) func(context.Context, regionRequest) error {
	return func(ctx context.Context, q regionRequest) error {
		for _, r := range d.plan.Regions {
			if r == q.Region {
				return do(ctx, q)
			}
		}
		return fault.New(NoRegion, "region", q.Region).Certain(fault.Refused)
	}
}

func (d *daemon) isReady() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ready
}

func sendFault(w http.ResponseWriter, err error) {
	w.WriteHeader(http.StatusUnprocessableEntity)
	_ = json.NewEncoder(w).Encode(packFault(err))
}
