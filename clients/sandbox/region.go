package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"farol/clients/sandbox/consoles"
	"farol/state/secret"
)

// region is one practice region inside the daemon: its console.
type region struct {
	d       *daemon
	id      string
	addr    string // where the console really listens
	key     string
	secret  secret.Secret
	certs   certificates
	lines   lines
	tokens  tokens
	handler http.Handler
	nodes   *deployer

	mu  sync.Mutex
	srv *http.Server // nil while the region is stopped
}

func (r *region) host() string { return nameOf("console", r.id) }
func (r *region) url() string  { return "https://" + r.host() }

func (r *region) record() regionRecord {
	return regionRecord{ID: r.id, ConsoleURL: r.url(), APIKey: r.key, APISecret: r.secret.Expose()}
}

// openRegions starts the consoles. One practice authority vouches for them all.
func (d *daemon) openRegions() error {
	d.contracts = newContracts(d)
	root, err := newAuthority("Farol practice consoles", "Farol")
	if err != nil {
		return err
	}
	later, err := newAuthority("Farol practice consoles, renewed", "Farol")
	if err != nil {
		return err
	}
	if err := errors.Join(replace(d.dir.consoleCA(), root.pem), replace(d.dir.renewedCA(), later.pem)); err != nil {
		return err
	}
	for _, id := range d.plan.Regions {
		r := &region{d: d, id: id, key: secret.Random(16).Expose(), secret: secret.Random(32)}
		if r.certs, err = newCertificates(root, later, r.host()); err != nil {
			return err
		}
		if err := d.ports.takeAll(&r.addr); err != nil {
			return err
		}
		if err := d.network.route(id, map[string]string{at(r.host(), consolePort): r.addr}); err != nil {
			return err
		}
		if err := r.furnish(); err != nil {
			return err
		}
		d.regions = append(d.regions, r)
		if err := r.open(); err != nil {
			return err
		}
	}
	return nil
}

// open starts to answer as the region's console.
func (r *region) open() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.srv != nil {
		return nil
	}
	l, err := net.Listen("tcp", r.addr)
	if err != nil {
		return fmt.Errorf("console of %s: %w", r.id, err)
	}
	srv := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		TLSConfig:         &tls.Config{GetCertificate: r.certificate, SessionTicketsDisabled: true, MinVersion: tls.VersionTLS12},
		ErrorLog:          slog.NewLogLogger(r.d.log.Handler(), slog.LevelDebug), // strangers' TLS errors
		Handler:           http.HandlerFunc(r.answer),
		ConnContext:       r.lines.opened,
		ConnState:         r.lines.changed,
	}
	r.srv = srv
	go func() {
		if err := srv.ServeTLS(l, "", ""); !errors.Is(err, http.ErrServerClosed) {
			r.d.log.Error("console", "region", r.id, "error", err)
		}
	}()
	return nil
}

// close ends the region's console and every connection to it, as a lost region would.
func (r *region) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.srv != nil {
		_ = r.srv.Close()
		r.srv = nil
	}
}

func (d *daemon) region(id string) *region {
	for _, r := range d.regions {
		if strings.EqualFold(r.id, id) {
			return r
		}
	}
	return nil
}

func (d *daemon) stopRegion(ctx context.Context, q regionRequest) error {
	d.region(q.Region).close()
	return d.crew.stopRegion(ctx, q.Region)
}

func (d *daemon) startRegion(ctx context.Context, q regionRequest) error {
	if err := d.crew.startRegion(ctx, q.Region); err != nil {
		return err
	}
	return d.region(q.Region).open()
}

// furnish makes the console itself, with a key for a manager.
func (r *region) furnish() error {
	store := r.d.dir.store(r.id)
	if err := os.MkdirAll(filepath.Dir(store), 0o700); err != nil {
		return err
	}
	r.nodes = newDeployer(r.d, r.id)
	c, err := consoles.New(consoles.Options{
		Instance: secret.Random(12).Expose(), Region: r.id, HostURL: r.url(), Version: consoleVersion, Store: store,
		Writes: consoles.DefaultWrites, Reads: consoles.DefaultReads, Deployer: r.nodes, ImportOnly: r.d.plan.importOnly(r.id),
	})
	if err != nil {
		return err
	}
	r.handler = c
	// The person at the UI has the key's name and secret for user name and password (browser.go).
	return errors.Join(c.AddKey(r.key, r.secret, "manager"), c.AddUser(r.key, r.secret, "manager"))
}

// consoleVersion is the one whose contract was recorded (console-transcripts.md).
const consoleVersion = "2.5.2-99"
