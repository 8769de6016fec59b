package sandbox

import "errors"

// nodeOUs tells Fabric to read a member's role from its certificate. The file names are those of writeMSP.
const nodeOUs = `NodeOUs:
  Enable: true
  ClientOUIdentifier: {Certificate: cacerts/ca.pem, OrganizationalUnitIdentifier: client}
  PeerOUIdentifier: {Certificate: cacerts/ca.pem, OrganizationalUnitIdentifier: peer}
  AdminOUIdentifier: {Certificate: cacerts/ca.pem, OrganizationalUnitIdentifier: admin}
  OrdererOUIdentifier: {Certificate: cacerts/ca.pem, OrganizationalUnitIdentifier: orderer}
`

// writeIdentity lays out a node's folder: who it is (msp) and how it secures connections (tls).
func writeIdentity(dir folder, sign, tls credential, caRoot, tlsRoot []byte) error {
	return errors.Join(
		write(dir.in("msp", "signcerts", "cert.pem"), sign.cert),
		write(dir.in("msp", "keystore", "key.pem"), sign.key),
		write(dir.in("msp", "cacerts", "ca.pem"), caRoot),
		write(dir.in("msp", "tlscacerts", "tlsca.pem"), tlsRoot),
		write(dir.in("msp", "config.yaml"), []byte(nodeOUs)),
		write(dir.in("tls", "cert.pem"), tls.cert),
		write(dir.in("tls", "key.pem"), tls.key),
		write(dir.in("tls", "ca.pem"), tlsRoot),
	)
}
