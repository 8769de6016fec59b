package browser

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"

	"farol/state/secret"
)

// bulkLimit is the largest file that the bulk import reads, in bytes, and unpackedLimit the most that we take
// out of it; the UI has no limit there.
const (
	bulkLimit     = 1 << 20
	unpackedLimit = 16 << 20
)

// Component is what a bulk import brings besides identities.
type Component struct {
	Type     string // fabric-ca, fabric-peer, fabric-orderer or msp
	Identity string // of the wallet, that is to be associated; empty: none
	Body     map[string]any
}

// Import is Settings → Bulk data management → Import: a zip of files with one object each, or a list in one JSON
// file. Everything is checked before anything is done, the first complaint ends it, and no identity is renamed.
// The identities go into the wallet; the components are given back in the order in which the UI then imports them,
// which is the file's from its end.
func (w *Wallet) Import(file []byte) ([]Component, error) {
	items, err := unpacked(file)
	if err != nil {
		return nil, err
	}
	var ids []named
	var components []Component
	for _, v := range items {
		if v == nil {
			return nil, silent("null")
		}
		item, _ := v.(object) // of anything else the UI finds no type
		if item["type"] != "identity" {
			c, err := component(item)
			if err != nil {
				return nil, err
			}
			components = append(components, c)
			continue
		}
		id, err := w.acceptable(item)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	slices.Reverse(components)
	return components, w.create(ids)
}

// unpacked reads a bulk file. What is no zip is tried as JSON, and what is not even that gets the words for
// something that is no list.
func unpacked(file []byte) ([]any, error) {
	if len(file) > bulkLimit {
		return nil, refuse(TooBig, saysTooBig)
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		v, err := parse(withoutMark(file))
		list, ok := v.([]any)
		if err != nil || !ok || len(file) > addLimit {
			return nil, refuse(NotList, saysNotList)
		}
		return list, nil
	}
	var items []any
	bad := false
	left := int64(unpackedLimit)
	for _, f := range z.File {
		if f.FileInfo().IsDir() || strings.Contains(f.Name, "__MACOS") {
			continue
		}
		data, err := read(f, left)
		if err != nil {
			return nil, err
		}
		left -= int64(len(data))
		v, err := parse(data)
		bad = bad || err != nil
		items = append(items, v)
	}
	if bad {
		return nil, refuse(NotJSON, saysNotParsed)
	}
	return items, nil
}

func read(f *zip.File, limit int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, silent("a broken zip")
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil || int64(len(b)) > limit {
		return nil, silent("a broken zip")
	}
	return b, nil
}

// acceptable checks an identity of a bulk file, whose associations count.
func (w *Wallet) acceptable(item object) (named, error) {
	if !there(item["name"]) {
		return named{}, refuse(BadName, saysBadName)
	}
	name, err := text(item["name"], "name")
	if err != nil {
		return named{}, err
	}
	if badIdentityName(name) != "" {
		return named{}, refuse(BadName, saysBadName)
	}
	if _, held := w.identities[name]; held {
		return named{}, refuse(Taken, saysHeld, "names", name)
	}
	cert, err := clean(item["cert"], "cert")
	if err != nil {
		return named{}, err
	}
	c, _ := cert.(string)
	if c == "" || !certificates.fits(c) {
		return named{}, refuse(Certificate, saysCertificate)
	}
	key, err := clean(item["private_key"], "private_key")
	if err != nil {
		return named{}, err
	}
	k, _ := key.(string)
	if k == "" || !privateKeys.fits(k) {
		return named{}, refuse(PrivateKey, saysPrivateKey)
	}
	return named{name, Identity{Cert: c, PrivateKey: secret.FromString(k), Peers: texts(item["peers"]), Orderers: texts(item["orderer"]),
		CAs: texts(item["cas"]), TLSCAs: texts(item["tls_cas"])}}, nil
}

func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func join(names []string) string { return strings.Join(names, ", ") }
