package sandbox

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"farol/clients/sandbox/browser"
	"farol/clients/wire"
	"farol/state/fault"
)

// NotOpened says that the person could not open the UI of a region's console.
var NotOpened = fault.Define("sandbox.not-opened") // region

// wallet is where a region's browser profile is. It goes with the consoles when a new world begins.
func (f folder) wallet(region string) string { return f.in("consoles", "wallets", region+".json") }

// profiles makes one person of all who use wallets at once.
var profiles sync.Mutex

// Wallet is what the browser of the person at a region's console holds.
func (w *World) Wallet(region string) (*browser.Wallet, error) {
	r, err := w.region(region)
	if err != nil {
		return nil, err
	}
	return browser.Load(folder(w.Dir).wallet(r.ID))
}

// AddToWallet plays the person at a region's console: it opens the UI, uploads a wallet file, or imports a zip,
// and remembers what is in the wallet then. Of a zip only the identities are imported.
func (w *World) AddToWallet(ctx context.Context, region, file string) error {
	r, err := w.region(region)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	c, err := w.person(r)
	if err != nil {
		return err
	}
	defer c.HTTP.CloseIdleConnections()
	if err := c.Open(ctx); err != nil {
		return fault.New(NotOpened, "region", r.ID).Certain(fault.Refused).Later().Because(err)
	}
	if err := w.upload(r.ID, content, strings.EqualFold(filepath.Ext(file), ".zip")); err != nil {
		return err
	}
	// The UI does not wait for this and does not care whether it succeeds: the identity is in the wallet.
	_ = c.Record(ctx, browser.Added)
	return nil
}

func (w *World) upload(region string, content []byte, bulk bool) error {
	profiles.Lock()
	defer profiles.Unlock()
	path := folder(w.Dir).wallet(region)
	held, err := browser.Load(path)
	if err != nil {
		return err
	}
	if bulk {
		_, err = held.Import(content)
	} else {
		err = held.Add(content, "")
	}
	if err != nil {
		return err
	}
	return held.Save(path)
}

// person is somebody at a region's console, who comes to it from the operator's place. The user has the name and
// the password of the region's key.
func (w *World) person(r Region) (*browser.Console, error) {
	proxy, err := url.Parse(w.Proxy)
	if err != nil {
		return nil, err
	}
	roots, err := os.ReadFile(w.CAFile)
	if err != nil {
		return nil, err
	}
	h, err := wire.Network{Proxy: proxy}.HTTP(wire.Trust{RootsPEM: roots})
	if err != nil {
		return nil, err
	}
	return &browser.Console{URL: r.ConsoleURL, HTTP: h, User: r.APIKey, Password: r.APISecret}, nil
}

func (w *World) region(id string) (Region, error) {
	for _, r := range w.Regions {
		if strings.EqualFold(r.ID, id) {
			return r, nil
		}
	}
	return Region{}, fault.New(NoRegion, "region", id).Certain(fault.Refused)
}
