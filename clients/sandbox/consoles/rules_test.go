package consoles

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// peerBody creates a peer with an enrollment that a test changes.
func peerBody(change func(ca map[string]any)) string {
	enrollment := func(name string) map[string]any {
		return map[string]any{"host": "ca.example.com", "port": 443, "name": name, "tls_cert": encoded(certs4()[certTLS]), "enroll_id": "peer1", "enroll_secret": "peer1pw"}
	}
	ca := enrollment("ca")
	change(ca)
	b, _ := json.Marshal(map[string]any{"id": "peer1", "display_name": "Peer <1>", "msp_id": "org1msp",
		"crypto": map[string]any{"enrollment": map[string]any{"component": map[string]any{}, "ca": ca, "tlsca": enrollment("tlsca")}}})
	return string(b)
}

// withCA knows a CA at https://ca.example.com, whose port nobody wrote down.
func withCA(t *testing.T) *Console {
	t.Helper()
	c := newConsole(t, nil)
	cert := encoded(certs4()[certTLS])
	b := fmt.Sprintf(`{"display_name":"CA","api_url":"https://ca.example.com","msp":{"ca":{"name":"ca"},"tlsca":{"name":"tlsca"},"component":{"tls_cert":%q}}}`, cert)
	if w := call(c, "POST", base+"/components/fabric-ca", "writer", b); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	return c
}

func TestAPeerEnrollsAtACAThatIsKnown(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		change func(map[string]any)
		wrong  string
	}{
		"as it should":            {func(map[string]any) {}, ""},
		"a port in a string":      {func(ca map[string]any) { ca["port"] = "443" }, ""},
		"another port":            {func(ca map[string]any) { ca["port"] = 7054 }, "known URLs"},
		"another host":            {func(ca map[string]any) { ca["host"] = "ca.example.org" }, "known URLs"},
		"no port at all":          {func(ca map[string]any) { ca["port"] = 0 }, "port"},
		"white space in a secret": {func(ca map[string]any) { ca["enroll_secret"] = "a b" }, "enroll_secret"},
		"no secret":               {func(ca map[string]any) { delete(ca, "enroll_secret") }, "enroll_secret' to exist"},
	} {
		w := call(withCA(t), "POST", deployments+"/fabric-peer", "manager", peerBody(one.change))
		if one.wrong == "" && (w.Code != 200 || textAt(fields(t, w), "display_name") != "Peer 1") || one.wrong != "" && (w.Code != 400 || !strings.Contains(w.Body.String(), one.wrong)) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "peer1pw") {
			t.Errorf("%s: the answer tells the secret", name)
		}
	}
}

func TestAPeerNeedsAnEnrollment(t *testing.T) {
	t.Parallel()
	w := call(withCA(t), "POST", deployments+"/fabric-peer", "manager", `{"display_name":"p","msp_id":"org1msp","crypto":{}}`)
	if w.Code != 400 || !strings.Contains(w.Body.String(), "crypto.enrollment is needed") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAnIDIsFreeAgainAfterItsNode(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	for range 2 {
		if w := call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "")); textAt(fields(t, w), "id") != "org1ca" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		call(c, "DELETE", deployments+"/org1ca", "manager", "")
	}
}

func TestARunningNodeIsShownWithItsName(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	call(c, "POST", deployments+"/fabric-ca", "manager", caBody("Org1 CA", "org1ca"))
	list := fields(t, call(c, "GET", deployments, "reader", ""))["components"].([]any)
	one := list[0].(map[string]any)
	if len(list) != 1 || one["id"] != "org1ca" || one["type"] != kindCA || one["display_name"] != "Org1 CA" || one["_error"] != nil {
		t.Errorf("%v", list)
	}
}

func TestOldCertificatesAreRefused(t *testing.T) {
	t.Parallel()
	if msgs := isCert("x", encoded(versionOne(t))); msgs == nil {
		t.Error("an X.509 v1 certificate is taken")
	}
	if msgs := isCert("x", string(certs4()[certTLS])); msgs != nil {
		t.Error("PEM without base64 is refused:", msgs)
	}
}

// versionOne makes a certificate as a bare "openssl x509 -req" does, which Go's library does not.
func versionOne(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "old"}, NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &c, &c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	var outer struct {
		TBS       asn1.RawValue
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	var parts []asn1.RawValue
	_, err = asn1.Unmarshal(der, &outer)
	if err == nil {
		_, err = asn1.UnmarshalWithParams(outer.TBS.FullBytes, &parts, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	old := []asn1.RawValue{}
	for _, p := range parts { // version is [0], extensions are [3]
		if p.Class != asn1.ClassContextSpecific {
			old = append(old, p)
		}
	}
	tbs, err := asn1.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	outer.TBS = asn1.RawValue{FullBytes: tbs}
	if der, err = asn1.Marshal(outer); err != nil {
		t.Fatal(err)
	}
	if got, err := x509.ParseCertificate(der); err != nil || got.Version != 1 {
		t.Fatal("the test made no version 1: ", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestFieldsHaveTheirBounds(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		is    rule
		value any
		valid bool
	}{
		{isLocation, deployedHere, false}, {isLocation, "us-south", true}, {isLocation, strings.Repeat("x", 1025), false},
		{isMSPID, "..", false}, {isMSPID, ".", false}, {isMSPID, "org1.msp-1", true}, {isMSPID, "", true}, {isMSPID, strings.Repeat("x", 251), false}, {isMSPID, 7.0, false},
		{isID, "ab", false}, {isID, "abc", true}, {isID, "1bc", false}, {isID, strings.Repeat("x", 64), true}, {isID, strings.Repeat("x", 65), false},
		{isHTTP, "https://host", true}, {isHTTP, "grpcs://host:1", false}, {isGRPC, "grpcs://host:7051", true}, {isGRPC, "grpcs://host", false},
		{isTags, []any{strings.Repeat("x", 33)}, false}, {isTags, []any{"a"}, true}, {isTags, make([]any, 33), false},
		{isPort, 65537.0, false}, {isPort, "7054", true}, {isPort, "x", false}, {isEnroll, "a`b", false}, {isEnroll, "peer1pw", true},
	} {
		if got := one.is("x", one.value) == nil; got != one.valid {
			t.Errorf("%v is taken: %v", one.value, got)
		}
	}
	whole := map[string]any{"resources": map[string]any{"ca": map[string]any{"requests": map[string]any{"cpu": "100m"}, "limits": map[string]any{"cpu": "0.1"}}}}
	if msgs := requestsFit("", whole); msgs != nil {
		t.Error("as much as the limit is too much:", msgs)
	}
}

func TestAnEmptyBodyIsAnEmptyObject(t *testing.T) {
	t.Parallel()
	c := newConsole(t, nil)
	ask := func(b string) *httptest.ResponseRecorder {
		return call(c, "POST", base+"/components/msp", "writer", b)
	}
	if diff := cmp.Diff(ask("{}").Body.String(), ask("").Body.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTagsAreKeptInLowerCaseOnce(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]any{"blue", "msp", "x"}, tags("msp", []any{"Blue", "MSP", "blue"}, "x")); diff != "" {
		t.Error(diff)
	}
}
