package contract

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// serviceType is the type in metadata.json of a contract that runs as a service.
const serviceType = "ccaas"

// sizeLimit bounds what is read of one file in a package. Packages of services are tiny.
const sizeLimit = 1 << 20

// Package is what is known of an installed package.
type Package struct {
	ID    string // label:hash
	Local bool   // a service that leaves its address to the builder, so that the sandbox is to run it
}

// Read looks into a package as `peer lifecycle chaincode package` makes it.
func Read(b []byte) (Package, error) {
	meta, err := entry(b, "metadata.json")
	if err != nil {
		return Package{}, err
	}
	var m metadata
	if err := json.Unmarshal(meta, &m); err != nil {
		return Package{}, fmt.Errorf("package metadata: %w", err)
	}
	hash := sha256.Sum256(b)
	p := Package{ID: m.Label + ":" + hex.EncodeToString(hash[:])}
	if !m.service() {
		return p, nil
	}
	code, err := entry(b, "code.tar.gz")
	if err != nil {
		return Package{}, err
	}
	connection, err := entry(code, "connection.json")
	if err != nil {
		return Package{}, err
	}
	p.Local = templated(connection)
	return p, nil
}

type metadata struct {
	Type  string `json:"type"`
	Label string `json:"label"`
}

func (m metadata) service() bool { return strings.EqualFold(m.Type, serviceType) }

// templated tells whether a connection.json has a blank for the builder to fill in.
func templated(connection []byte) bool { return bytes.Contains(connection, []byte("{{")) }

// entry finds one file in a .tar.gz.
func entry(archive []byte, name string) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, fmt.Errorf("package: %w", err)
	}
	for files := tar.NewReader(z); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("package has no %s", name)
		}
		if err != nil {
			return nil, fmt.Errorf("package: %w", err)
		}
		if strings.TrimPrefix(h.Name, "./") == name {
			return io.ReadAll(io.LimitReader(files, sizeLimit))
		}
	}
}
