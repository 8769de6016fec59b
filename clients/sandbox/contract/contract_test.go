package contract

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func archive(t *testing.T, files ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f[0], Mode: 0o644, Size: int64(len(f[1]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	_ = w.Close()
	_ = z.Close()
	return b.Bytes()
}

func pack(t *testing.T, metadata, connection string) []byte {
	code := archive(t, [2]string{"connection.json", connection})
	return archive(t, [2]string{"metadata.json", metadata}, [2]string{"code.tar.gz", string(code)})
}

func TestKnowsWhichPackagesLeaveTheirAddressOpen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		metadata, connection string
		local                bool
	}{
		{`{"type":"ccaas","label":"kv_1"}`, `{"address":"{{.address}}"}`, true},
		{`{"type":"CCAAS","label":"kv_1"}`, `{"address":"{{.address}}"}`, true},
		{`{"type":"ccaas","label":"kv_1"}`, `{"address":"10.0.0.1:9999"}`, false},
		{`{"type":"golang","label":"kv_1"}`, ``, false},
	} {
		b := pack(t, c.metadata, c.connection)
		p, err := Read(b)
		if err != nil {
			t.Fatal(err)
		}
		hash := sha256.Sum256(b)
		if p.Local != c.local || p.ID != "kv_1:"+hex.EncodeToString(hash[:]) {
			t.Errorf("%s %s: %+v", c.metadata, c.connection, p)
		}
	}
	if _, err := Read([]byte("no archive")); err == nil {
		t.Error("read a package out of nothing")
	}
}

// workbench is the folder that a peer makes for its builder.
func workbench(t *testing.T, id, metadata, connection string) (source, meta, output string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "fabric-"+strings.ReplaceAll(id, ":", "-")+"391827")
	source, meta, output = filepath.Join(root, "src"), filepath.Join(root, "metadata"), filepath.Join(root, "bld")
	for _, d := range []string{source, meta, output} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(meta, "metadata.json"), []byte(metadata), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(source, "connection.json"), []byte(connection), 0o600); err != nil {
		t.Fatal(err)
	}
	return source, meta, output
}

func TestBuilderFillsInTheAddressOnceTheContractRuns(t *testing.T) {
	t.Parallel()
	id := "kv-sample_1.0:" + strings.Repeat("0a", 32)
	source, meta, output := workbench(t, id, `{"type":"ccaas","label":"kv-sample_1.0"}`, `{"address":"{{.address}}","tls_required":false}`)
	addresses := Addresses(filepath.Join(t.TempDir(), "contracts.json"))
	if err := Builder(t.Context(), "detect", []string{source, meta}, addresses); err != nil {
		t.Fatal(err)
	}
	built := make(chan error, 1)
	go func() { built <- Builder(context.Background(), "build", []string{source, meta, output}, addresses) }()
	if err := addresses.Add("other:1", "127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-built:
		t.Fatalf("built without an address: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	if err := addresses.Add(id, "127.0.0.1:2"); err != nil {
		t.Fatal(err)
	}
	if err := <-built; err != nil {
		t.Fatal(err)
	}
	release := t.TempDir()
	if err := Builder(t.Context(), "release", []string{output, release}, addresses); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(release, "chaincode", "server", "connection.json"))
	if want := `{"address":"127.0.0.1:2","tls_required":false}`; err != nil || string(b) != want {
		t.Errorf("released %s %v, want %s", b, err, want)
	}
}

func TestBuilderKeepsAnAddressThatThePackageGives(t *testing.T) {
	t.Parallel()
	const connection = `{"address":"10.0.0.1:9999"}`
	source, meta, output := workbench(t, "kv:"+strings.Repeat("b", 64), `{"type":"ccaas"}`, connection)
	if err := Builder(t.Context(), "build", []string{source, meta, output}, "/nowhere"); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(filepath.Join(output, "connection.json")); string(b) != connection {
		t.Errorf("built %s", b)
	}
}

func TestBuilderRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	source, meta, output := workbench(t, "kv:1", `{"type":"golang"}`, `{"address":"{{.address}}"}`)
	for name, run := range map[string]func() error{
		"a type that is no service":          func() error { return Builder(t.Context(), "detect", []string{source, meta}, "") },
		"a folder that tells no package":     func() error { return Builder(t.Context(), "build", []string{source, meta, output}, "") },
		"a step that builders do not have":   func() error { return Builder(t.Context(), "run", nil, "") },
		"a step with an argument too little": func() error { return Builder(t.Context(), "detect", []string{source}, "") },
	} {
		if run() == nil {
			t.Errorf("accepted %s", name)
		}
	}
}
