package sandbox

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"farol/state/fault"
)

func TestWorldsKeepOutOfEachOthersPorts(t *testing.T) {
	t.Parallel()
	cache, seen := t.TempDir(), map[string]bool{}
	for range 2 {
		p, err := claimPorts(cache)
		if err != nil {
			t.Fatal(err)
		}
		defer p.release()
		for range 50 {
			addr, err := p.take()
			if err != nil || seen[addr] {
				t.Fatalf("%s was given twice, or %v", addr, err)
			}
			seen[addr] = true
		}
	}
}

func TestAPortThatIsInUseIsNotGiven(t *testing.T) {
	t.Parallel()
	p, err := claimPorts(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer p.release()
	addr, err := p.take()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Skip(err) // another program was faster
	}
	defer l.Close()
	p.next = 0
	if again, err := p.take(); err != nil || again == addr {
		t.Errorf("gave %s, %v", again, err)
	}
}

func TestAReleasedBlockOfPortsIsGivenAgain(t *testing.T) {
	t.Parallel()
	cache := t.TempDir()
	p, err := claimPorts(cache)
	if err != nil {
		t.Fatal(err)
	}
	p.release()
	q, err := claimPorts(cache)
	if err != nil {
		t.Fatal(err)
	}
	defer q.release()
	if p.first != q.first {
		t.Errorf("block %d after %d was released", q.first, p.first)
	}
}

func TestRefusesRegionsThatMakeNoWorld(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ids string
		ok  bool
	}{
		{"us-south us-south", false}, {"us-south us-east", true}, {"a b c d e", true}, {"us-south operator", false}, {"us.south us-east", false}, {"../x us-east", false},
	} {
		err := Options{Regions: strings.Fields(c.ids)}.Check()
		if (err == nil) != c.ok || (err != nil && !fault.Is(err, BadRegions)) {
			t.Errorf("%s: %v", c.ids, err)
		}
	}
}

func TestTheDaemonInheritsNoProxy(t *testing.T) {
	t.Parallel()
	got := inherited([]string{"PATH=/bin", "HTTPS_PROXY=x", "no_proxy=y", "FAROL_LANG=en", "GOCOVERDIR=/c", "SECRET=1"})
	if want := []string{"PATH=/bin", "FAROL_LANG=en", "GOCOVERDIR=/c"}; !slices.Equal(got, want) {
		t.Errorf("inherited %v, want %v", got, want)
	}
}

func TestAFaultComesBackFromTheDaemonAsItWas(t *testing.T) {
	t.Parallel()
	sent := fault.New(NoRegion, "region", "x").Certain(fault.Refused).Later().Because(errors.New("cause"))
	got, ok := fault.Of(packFault(sent).unpack())
	if !ok || got.Code != sent.Code || !maps.Equal(got.Facts, sent.Facts) || got.Certainty != sent.Certainty || !got.Transient {
		t.Errorf("sent %v, got %v", sent, got)
	}
	if err := packFault(context.Canceled).unpack(); err == nil || err.Error() != "context canceled" {
		t.Errorf("a plain error came back as %v", err)
	}
}

func TestSettingsAreYAMLWhateverTheFolderIsCalled(t *testing.T) {
	t.Parallel()
	odd := `/tmp/a: "b" #c {d}`
	values := map[string]any{
		"ID": "p", "MSPID": "Org1MSP", "Name": "p.x.farol.test", "Listen": "127.0.0.1:1", "ContractListen": "127.0.0.1:2",
		"Operations": "127.0.0.1:3", "Admin": "127.0.0.1:4", "Bootstrap": "p:7051", "OtherPeers": 2, "Builder": odd, "BuilderEnv": "E",
		"Snapshots": odd, "Data": odd, "WAL": odd, "TLSCert": odd, "TLSKey": odd, "CommonName": "ca", "Host": "h", "Database": odd,
		"MaxEnrollments": -1, "Attempts": 10, "Identities": []identity{{Name: "admin", Pass: `p"w: {`, Type: "client", Attrs: map[string]string{"hf.Revoker": "true"}}},
	}
	files, err := templateFiles.ReadDir("templates")
	if err != nil || len(files) != 3 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		path := filepath.Join(t.TempDir(), f.Name())
		if err := settings(path, f.Name(), values); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var out map[string]any
		if err := yaml.Unmarshal(b, &out); err != nil {
			t.Errorf("%s: %v\n%s", f.Name(), err, b)
		}
		if !strings.Contains(string(b), `/tmp/a: \"b\" #c {d}`) {
			t.Errorf("%s does not name the folder:\n%s", f.Name(), b)
		}
	}
}

func TestIssuesCertificatesForExactlyTheirNames(t *testing.T) {
	t.Parallel()
	a, err := newAuthority("tlsca", "Acme")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	c, err := a.issue("orderer1", "orderer", "orderer1.x.farol.test")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := pem.Decode(c.cert)
	cert, err := x509.ParseCertificate(b.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cert.Verify(x509.VerifyOptions{DNSName: "orderer1.x.farol.test", Roots: roots}); err != nil {
		t.Error(err)
	}
	if _, err := cert.Verify(x509.VerifyOptions{DNSName: "localhost", Roots: roots}); err == nil {
		t.Error("valid for localhost as well")
	}
	if ou := cert.Subject.OrganizationalUnit; !slices.Equal(ou, []string{"orderer"}) {
		t.Errorf("units %v", ou)
	}
}

func TestReadsTheOrganizationOfAHandOffPack(t *testing.T) {
	t.Parallel()
	const organization = `{"msp_id":"Org1MSP","root_certs":["QQ=="],"intermediate_certs":["Qg=="],"tls_root_certs":["Qw=="],"admins":[],"fabric_node_ous":{"enable":true}}`
	m, err := readPack(pack(t, "pack/msp.json", organization))
	if err != nil || m.MSPID != "Org1MSP" || string(m.RootsPEM) != "A\nB\n" || string(m.TLSRootsPEM) != "C\n" || !m.NodeOUs {
		t.Errorf("%+v %v", m, err)
	}
	for _, c := range []struct {
		name, problem string
		pack          []byte
	}{
		{"not a zip", "zip", []byte("no zip")},
		{"without an organization", "msp", pack(t, "README.md", "")},
		{"with an organization that has no name", "msp", pack(t, "msp.json", "{}")},
		{"with a certificate that is none", "certificates", pack(t, "msp.json", `{"msp_id":"O","root_certs":["%"]}`)},
	} {
		_, err := readPack(c.pack)
		if f, ok := fault.Of(err); !ok || f.Code != BadPack || f.Facts["problem"] != c.problem {
			t.Errorf("a pack %s: %v", c.name, err)
		}
	}
}

func pack(t *testing.T, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
