package fabric

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"testing"

	"farol/state/fault"

	"github.com/hyperledger/fabric-admin-sdk/pkg/chaincode"
)

func TestSamplePackageIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	pkg, id, err := PackageSample("sample_1")
	if err != nil {
		t.Fatal(err)
	}
	const known = "sample_1:e88602d4449981871c73f568"
	if id[:len(known)] != known {
		t.Errorf("the ID became %s: peers that have the package would get another one", id)
	}
	if official, err := chaincode.PackageID(bytes.NewReader(pkg)); err != nil || official != id {
		t.Errorf("Fabric's own library calls it %s (%v)", official, err)
	}
	info, err := PackageInfo(pkg)
	if err != nil || info != (Package{ID: id, Label: "sample_1", Type: "ccaas"}) {
		t.Errorf("info %+v (%v)", info, err)
	}
	if _, other, err := PackageSample("sample_2"); err != nil || other == id {
		t.Errorf("another label gives %s (%v)", other, err)
	}
}

func TestPackageInfoRefusesWhatPeersWould(t *testing.T) {
	t.Parallel()
	good := file{"metadata.json", []byte(`{"type":"golang","label":"ok"}`)}
	code := file{"code.tar.gz", nil}
	packed := func(files ...file) []byte {
		b, err := pack(files...)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var many []file
	for i := range maxEntries + 1 {
		many = append(many, file{fmt.Sprint(i), nil})
	}
	for name, try := range map[string]struct {
		pkg     []byte
		code    fault.Code
		problem string
	}{
		"text":                   {[]byte("package main"), NotPackage, "gzip"},
		"gzip of text":           {zipped(t, bytes.Repeat([]byte("x"), 2048)), NotPackage, "tar"},
		"cut short":              {packed(good, code)[:60], NotPackage, "tar"},
		"no code":                {packed(good), NotPackage, "code"},
		"no metadata":            {packed(code), NotPackage, "metadata"},
		"metadata no JSON":       {packed(file{"metadata.json", []byte("x")}, code), NotPackage, "metadata"},
		"bad label":              {packed(file{"metadata.json", []byte(`{"label":"../x"}`)}, code), NotPackage, "label"},
		"folder":                 {folder(t), NotPackage, "tar"},
		"huge metadata":          {packed(file{"metadata.json", make([]byte, maxMetadata+1)}, code), PackageTooBig, ""},
		"too many files":         {packed(many...), PackageTooBig, ""},
		"more than a peer takes": {make([]byte, maxPackage+1), PackageTooBig, ""},
	} {
		_, err := PackageInfo(try.pkg)
		if f, ok := fault.Of(err); !ok || f.Code != try.code || f.Facts["problem"] != try.problem || f.Certainty != fault.NotSent {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func zipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func folder(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "metadata.json/", Typeflag: tar.TypeDir, Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return zipped(t, b.Bytes())
}
