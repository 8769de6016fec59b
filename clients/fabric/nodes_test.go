package fabric

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// freePort finds a port below the ephemeral range, where no outgoing connection takes it away again.
func freePort(t *testing.T) int {
	t.Helper()
	for range 200 {
		port := 20000 + rand.IntN(12000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		l.Close()
		return port
	}
	t.Fatal("no free port")
	return 0
}

// run starts a program in its own folder and a clean environment, waits until it listens, and stops it with the test.
func run(t *testing.T, dir, listens string, env []string, program string, args ...string) {
	t.Helper()
	var log bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &log, &log
	cmd.Env = append([]string{"PATH=/usr/bin:/bin", "HOME=" + dir}, env...)
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("log of %s:\n%s", filepath.Base(program), tail(log.String(), 40))
		}
	})
	eventually(t, 30*time.Second, func() error {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("%s ended: %v\n%s", program, err, tail(log.String(), 20))
		default:
		}
		c, err := net.DialTimeout("tcp", listens, time.Second)
		if err == nil {
			c.Close()
		}
		return err
	})
}

func tail(text string, lines int) string {
	all := strings.Split(text, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// eventually polls until the check passes.
func eventually(t *testing.T, limit time.Duration, check func() error) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %v", limit, err)
		}
		time.Sleep(25 * time.Millisecond)
	}
}

func write(t *testing.T, path string, content []byte, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, mode); err != nil {
		t.Fatal(err)
	}
}

// writeNode writes what a node needs to be somebody: its MSP folder and its TLS files.
func writeNode(t *testing.T, dir string, o *org, role string) (tlsCert []byte) {
	t.Helper()
	id, tls := o.ca.issue(role+"1."+o.id, role), o.tls.issue(role+"1."+o.id, role, "localhost", "127.0.0.1")
	unit := func(kind, name string) string {
		return fmt.Sprintf("  %sOUIdentifier: {Certificate: cacerts/ca.pem, OrganizationalUnitIdentifier: %s}\n", kind, name)
	}
	write(t, dir+"/msp/config.yaml", []byte("NodeOUs:\n  Enable: true\n"+
		unit("Client", "client")+unit("Peer", "peer")+unit("Admin", "admin")+unit("Orderer", "orderer")), 0o600)
	write(t, dir+"/msp/cacerts/ca.pem", o.ca.PEM, 0o600)
	write(t, dir+"/msp/tlscacerts/ca.pem", o.tls.PEM, 0o600)
	write(t, dir+"/msp/signcerts/cert.pem", id.certPEM, 0o600)
	write(t, dir+"/msp/keystore/key.pem", id.keyPEM, 0o600)
	write(t, dir+"/tls/cert.pem", tls.certPEM, 0o600)
	write(t, dir+"/tls/key.pem", tls.keyPEM, 0o600)
	write(t, dir+"/tls/ca.pem", o.tls.PEM, 0o600)
	return tls.certPEM
}

// ordererAt is a running orderer.
type ordererAt struct {
	node     Node
	port     int
	adminURL string
	tlsCert  []byte
}

func startOrderer(t *testing.T, programs string, o *org) ordererAt {
	t.Helper()
	dir := t.TempDir()
	at := ordererAt{port: freePort(t), tlsCert: writeNode(t, dir, o, "orderer")}
	admin := freePort(t)
	at.node = Node{Addr: fmt.Sprintf("localhost:%d", at.port), RootsPEM: o.tls.PEM}
	at.adminURL = fmt.Sprintf("https://localhost:%d", admin)
	write(t, dir+"/orderer.yaml", fmt.Appendf(nil, `General:
  ListenAddress: 127.0.0.1
  ListenPort: %[1]d
  LocalMSPID: %[2]s
  LocalMSPDir: msp
  BootstrapMethod: none
  TLS: {Enabled: true, PrivateKey: tls/key.pem, Certificate: tls/cert.pem, RootCAs: [tls/ca.pem]}
  Cluster: {ClientCertificate: tls/cert.pem, ClientPrivateKey: tls/key.pem, SendBufferSize: 100, RPCTimeout: 1s}
  BCCSP: {Default: SW, SW: {Hash: SHA2, Security: 256}}
FileLedger: {Location: %[3]s/data}
Consensus: {WALDir: %[3]s/data/wal, SnapDir: %[3]s/data/snapshot}
ChannelParticipation: {Enabled: true, MaxRequestBodySize: 1 MB}
Admin:
  ListenAddress: 127.0.0.1:%[4]d
  TLS: {Enabled: true, PrivateKey: tls/key.pem, Certificate: tls/cert.pem, ClientAuthRequired: true, ClientRootCAs: [tls/ca.pem]}
Operations: {ListenAddress: "127.0.0.1:%[5]d"}
Metrics: {Provider: disabled}
`, at.port, o.id, dir, admin, freePort(t)), 0o600)
	run(t, dir, fmt.Sprintf("127.0.0.1:%d", at.port), []string{"FABRIC_CFG_PATH=" + dir, "FABRIC_LOGGING_SPEC=info"}, programs+"/orderer")
	return at
}

// builder is the peer's external builder for contracts as a service: three scripts.
func builder(t *testing.T, dir string) string {
	t.Helper()
	write(t, dir+"/builder/bin/detect", []byte("#!/bin/sh\nexec grep -q ccaas \"$2/metadata.json\"\n"), 0o700)
	write(t, dir+"/builder/bin/build", []byte("#!/bin/sh\nexec sed \"s/{{.address}}/$CONTRACT/\" \"$1/connection.json\" >\"$3/connection.json\"\n"), 0o700)
	write(t, dir+"/builder/bin/release", []byte("#!/bin/sh\nmkdir -p \"$2/chaincode/server\" && exec cp \"$1/connection.json\" \"$2/chaincode/server/\"\n"), 0o700)
	return dir + "/builder"
}

// startPeer starts a peer whose contracts listen at the given address.
func startPeer(t *testing.T, programs string, o *org, contract string) (Node, int) {
	t.Helper()
	dir := t.TempDir()
	writeNode(t, dir, o, "peer")
	port := freePort(t)
	write(t, dir+"/core.yaml", fmt.Appendf(nil, `peer:
  id: peer1
  networkId: test
  localMspId: %[1]s
  mspConfigPath: msp
  fileSystemPath: data
  listenAddress: 127.0.0.1:%[2]d
  address: localhost:%[2]d
  chaincodeListenAddress: 127.0.0.1:%[3]d
  gateway: {enabled: true, endorsementTimeout: 3s, broadcastTimeout: 2s, dialTimeout: 2s}
  keepalive: {minInterval: 1s}
  deliveryclient: {connTimeout: 1s, reConnectBackoffThreshold: 1s}
  discovery: {enabled: true}
  gossip:
    bootstrap: [localhost:%[2]d]
    endpoint: localhost:%[2]d
    externalEndpoint: localhost:%[2]d
    orgLeader: true
    useLeaderElection: false
    publishStateInfoInterval: 1s
    requestStateInfoInterval: 1s
    pvtData:
      pullRetryThreshold: 10s
      transientstoreMaxBlockRetention: 1000
      pushAckTimeout: 3s
      btlPullMargin: 10
      reconcileBatchSize: 10
      reconcileSleepInterval: 10s
      reconciliationEnabled: true
      implicitCollectionDisseminationPolicy: {requiredPeerCount: 0, maxPeerCount: 0}
  authentication: {timewindow: 15m}
  tls: {enabled: true, cert: {file: tls/cert.pem}, key: {file: tls/key.pem}, rootcert: {file: tls/ca.pem}}
  BCCSP: {Default: SW, SW: {Hash: SHA2, Security: 256}}
  handlers:
    authFilters: [{name: DefaultAuth}, {name: ExpirationCheck}]
    decorators: [{name: DefaultDecorator}]
    endorsers: {escc: {name: DefaultEndorsement}}
    validators: {vscc: {name: DefaultValidation}}
chaincode:
  mode: net
  system: {_lifecycle: enable, cscc: enable, lscc: enable, qscc: enable}
  externalBuilders: [{name: ccaas, path: %[4]s, propagateEnvironment: [CONTRACT]}]
  startuptimeout: 30s
  executetimeout: 30s
  installTimeout: 60s
  logging: {level: info, shim: warning}
ledger:
  state: {stateDatabase: goleveldb, totalQueryLimit: 100000}
  history: {enableHistoryDatabase: true}
  snapshots: {rootDir: %[5]s/data/snapshots}
operations: {listenAddress: "127.0.0.1:%[6]d"}
metrics: {provider: disabled}
`, o.id, port, freePort(t), builder(t, dir), dir, freePort(t)), 0o600)
	run(t, dir, fmt.Sprintf("127.0.0.1:%d", port), []string{"FABRIC_CFG_PATH=" + dir, "FABRIC_LOGGING_SPEC=info", "CONTRACT=" + contract},
		programs+"/peer", "node", "start")
	return Node{Addr: fmt.Sprintf("localhost:%d", port), RootsPEM: o.tls.PEM}, port
}

// startContract starts the contract of contract_test.go as a service.
func startContract(t *testing.T, address, packageID string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run(t, t.TempDir(), address, []string{"FAROL_TEST_CONTRACT=" + address, "FAROL_TEST_PACKAGE=" + packageID}, self)
}
