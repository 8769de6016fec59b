package sandbox

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// sickbay gives the address of a region's bad health checks.
func (x *faults) sickbay(region string) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.sick[region]
}

// openSickbay starts to answer as a peer does whose database is not there, once a region. It shows the peer's own
// certificate, and ends with the daemon.
func (x *faults) openSickbay(region string) error {
	if x.sickbay(region) != "" {
		return nil
	}
	addr, err := x.d.ports.take()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("health checks of %s: %w", region, err)
	}
	srv := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		TLSConfig:         &tls.Config{GetCertificate: x.d.certificateOf, MinVersion: tls.VersionTLS12},
		ErrorLog:          slog.NewLogLogger(x.d.log.Handler(), slog.LevelDebug),
		Handler:           http.HandlerFunc(unwell),
	}
	go func() {
		if err := srv.ServeTLS(l, "", ""); !errors.Is(err, http.ErrServerClosed) {
			x.d.log.Error("health checks", "region", region, "error", err)
		}
	}()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.sick == nil {
		x.sick = map[string]string{}
	}
	x.sick[region] = addr
	return nil
}

// certificateOf is a node's own certificate, found by the name that a client asks for.
func (d *daemon) certificateOf(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.TrimSuffix(hello.ServerName, domain)
	if name != filepath.Base(name) {
		return nil, errors.New("no name of a node")
	}
	dir := folder(d.dir.node(name))
	c, err := tls.LoadX509KeyPair(dir.in("tls", "cert.pem"), dir.in("tls", "key.pem"))
	return &c, err
}

// unwell answers in Fabric's words.
func unwell(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Connection", "close")
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": "Service Unavailable", "time": time.Now().UTC(),
		"failed_checks": []map[string]string{{"component": "couchdb", "reason": "failed to connect to couch db [http error calling couchdb: connection refused]"}}})
}
