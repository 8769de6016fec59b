package fabric

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"time"

	"farol/state/fault"
)

// Limits of a package that is looked into.
const (
	maxPackage  = 100 << 20 // bytes packed; a peer takes no larger message
	maxUnpacked = 1 << 30   // bytes unpacked
	maxMetadata = 64 << 10  // bytes of metadata.json
	maxEntries  = 64        // a package has two
)

// Package is what a contract package says about itself.
type Package struct {
	ID    string // label:SHA-256, what peers call it
	Label string
	Type  string // golang, node, java, ccaas, …
}

// labels is Fabric's rule for labels.
var labels = regexp.MustCompile(`^[[:alnum:]][[:alnum:]_.+-]*$`)

// PackageSample packs a contract that runs as a service. The address is filled in by each peer's builder, so that one
// package, with one ID, serves peers everywhere. The same label always gives the same bytes.
func PackageSample(label string) (pkg []byte, id string, err error) {
	metadata, err := json.Marshal(map[string]string{"type": "ccaas", "label": label})
	if err != nil {
		return nil, "", fmt.Errorf("encode metadata: %w", err)
	}
	code, err := pack(file{"connection.json", []byte(`{"address":"{{.address}}","dial_timeout":"10s","tls_required":false}`)})
	if err != nil {
		return nil, "", err
	}
	if pkg, err = pack(file{"metadata.json", metadata}, file{"code.tar.gz", code}); err != nil {
		return nil, "", err
	}
	info, err := PackageInfo(pkg)
	return pkg, info.ID, err
}

type file struct {
	name string
	body []byte
}

// pack makes a tar.gz whose bytes depend on the files alone: fixed times, and stored instead of compressed, because
// the compressor may change from one Go version to the next.
func pack(files ...file) ([]byte, error) {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.NoCompression)
	if err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	archive := tar.NewWriter(zip)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.body)), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.name, err)
		}
		if _, err := archive.Write(f.body); err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.name, err)
		}
	}
	if err := errors.Join(archive.Close(), zip.Close()); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return out.Bytes(), nil
}

// PackageInfo looks into a contract package of the 2.x lifecycle as a peer would, and no further than its limits.
func PackageInfo(pkg []byte) (Package, error) {
	if len(pkg) > maxPackage {
		return Package{}, tooBig(maxPackage, "bytes")
	}
	zip, err := gzip.NewReader(bytes.NewReader(pkg))
	if err != nil {
		return Package{}, notPackage("gzip", err)
	}
	limited := &io.LimitedReader{R: zip, N: maxUnpacked}
	archive := tar.NewReader(limited)
	var metadata []byte
	var code bool
	for entries := 0; ; entries++ {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) && limited.N > 0 {
			break
		}
		if limited.N <= 0 {
			return Package{}, tooBig(maxUnpacked, "bytes")
		}
		if err != nil {
			return Package{}, notPackage("tar", err)
		}
		if entries >= maxEntries {
			return Package{}, tooBig(maxEntries, "entries")
		}
		if header.Typeflag != tar.TypeReg {
			return Package{}, notPackage("tar", errors.New("an entry is not a regular file"))
		}
		switch header.Name {
		case "metadata.json":
			if header.Size > maxMetadata {
				return Package{}, tooBig(maxMetadata, "bytes")
			}
			if metadata, err = io.ReadAll(archive); err != nil {
				return Package{}, notPackage("metadata", err)
			}
		case "code.tar.gz":
			code = true
		}
	}
	if !code {
		return Package{}, notPackage("code", errors.New("code.tar.gz is missing"))
	}
	return named(pkg, metadata)
}

// named reads the metadata and computes the ID.
func named(pkg, metadata []byte) (Package, error) {
	var said struct{ Type, Label string }
	if err := json.Unmarshal(metadata, &said); err != nil {
		return Package{}, notPackage("metadata", err)
	}
	if !labels.MatchString(said.Label) {
		return Package{}, notPackage("label", fmt.Errorf("label %q", printable(said.Label)))
	}
	return Package{ID: fmt.Sprintf("%s:%x", said.Label, sha256.Sum256(pkg)), Label: said.Label, Type: printable(said.Type)}, nil
}

func notPackage(problem string, err error) error {
	return fault.New(NotPackage, "problem", problem).Because(err).Certain(fault.NotSent)
}

func tooBig(limit int, of string) error {
	return fault.New(PackageTooBig, "limit", strconv.Itoa(limit), "of", of).Certain(fault.NotSent)
}
