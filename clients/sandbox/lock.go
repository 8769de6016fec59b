package sandbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strconv"

	"farol/clients/ca"
	"farol/clients/sandbox/consoles"
	"farol/clients/sandbox/process"
	"farol/state/fault"
	"farol/state/secret"
)

// attempts is how many wrong secrets lock an identity: what fabric-ca comes with.
const attempts = 10

// lockable is what it takes to lock an authority's users out.
type lockable struct {
	listen     string
	cert       []byte
	identities []consoles.Identity // that it began with
}

// authorities are those of the region.
func (r *deployer) authorities() []*part {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []*part
	for _, p := range r.parts {
		if p.kind == kindCA && p.node.ID != "" {
			out = append(out, p)
		}
	}
	return out
}

// lock tries wrong secrets for every identity that an authority began with, as a stranger would, until the
// authority locks it.
func (r *deployer) lock(ctx context.Context) error {
	all := r.authorities()
	if len(all) == 0 || r.d.crew.isDown(r.region) || r.d.faults.has(CADown, r.region) {
		return fault.New(NothingThere, "fault", string(CALocks), "region", r.region).Certain(fault.Refused)
	}
	return each(all, func(p *part) error {
		var errs []error
		for _, i := range p.locks.identities {
			errs = append(errs, p.lock(ctx, i.Name))
		}
		return errors.Join(errs...)
	})
}

func (p *part) lock(ctx context.Context, id string) error {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(p.locks.cert)
	client := &http.Client{Timeout: startLimit, Transport: &http.Transport{ // past the relay, which may be cut
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: p.name, MinVersion: tls.VersionTLS12}}}
	defer client.CloseIdleConnections()
	key, err := ca.NewKey()
	if err != nil {
		return err
	}
	for {
		_, err := ca.New("https://"+p.locks.listen, caName, client).Enroll(ctx, id, secret.Random(16), key, "", nil)
		if fault.Is(err, ca.CodeLocked) {
			return nil
		}
		if !fault.Is(err, ca.CodeUnauthorized) || ctx.Err() != nil {
			return err
		}
	}
}

var attemptsSetting = regexp.MustCompile(`passwordattempts: (\d+)`)

// unlock allows as many wrong secrets again as before. An authority never forgets those it has seen, so each time
// it allows more.
func (r *deployer) unlock(ctx context.Context) error {
	if err := r.d.crew.stop(ctx, r.region, process.CA); err != nil {
		return err
	}
	for _, p := range r.authorities() {
		for _, file := range []string{p.dir.in(caSettings), p.dir.in("tlsca", caSettings)} {
			b, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			b = attemptsSetting.ReplaceAllFunc(b, func(setting []byte) []byte {
				n, _ := strconv.Atoi(string(attemptsSetting.FindSubmatch(setting)[1]))
				return []byte("passwordattempts: " + strconv.Itoa(n+attempts))
			})
			if err := replace(file, b); err != nil {
				return err
			}
		}
	}
	return r.d.crew.mend(ctx, r.region, process.CA)
}
