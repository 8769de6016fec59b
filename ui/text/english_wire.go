package text

import "farol/state/fault"

// englishWireProblems words what goes wrong on the way to a host.
var englishWireProblems = map[fault.Code]Problem{
	"wire.unreachable": {
		What: "{host} cannot be reached.",
		Why:  "Nobody listens there, or there is no way there: a firewall, a VPN that is off, or a region that is down.",
		Do:   "Open the address from this computer[, for example: curl -v https://{host}]. When it answers, try again; the other regions go on.",
	},
	"wire.no-such-host": {
		What: "The name {host} is not known.",
		Why:  "No name server that this computer asks knows it. It may be misspelt, or known inside a VPN only.",
		Do:   "Check the spelling and the VPN[, for example: nslookup {host}], then try again.",
	},
	"wire.timeout": {
		What: "{host} did not answer in time.",
		Why:  "It is slow, overloaded, or something on the way swallows the packets.",
		Do:   "Wait a minute and try again. Farol looks first and does nothing twice.",
	},
	"wire.interrupted": {
		What: "The connection to {host} broke.",
		Why:  "It broke while a request was under way, so the work may have been done.",
		Do:   "Try again: Farol looks first and does nothing twice.",
	},
	"wire.proxy": {
		What: "The proxy does not let Farol through to {host}.",
		Why:  "[The proxy {proxy} answered {status}. ]It may want a sign-in, or not allow this address.",
		Do:   "Check HTTPS_PROXY, or add the host to NO_PROXY if it is reached directly, then try again.",
	},
	"wire.certificate-unknown": {
		What: "The certificate of {host} is not known to this computer.",
		Why:  "[It is of {subject}, valid until {expires}, with the SHA-256 {fingerprint}. ]No authority that this computer trusts vouches for it. Nothing secret was sent.",
		Do:   "Compare the fingerprint with the one that the console's administrator sees. If it is right, save that certificate as a PEM file and name it in the answer consoles.ca_file.",
	},
	"wire.certificate-name": {
		What: "The certificate at {host} is for another name.",
		Why:  "[It is for {names}. ]Something else may answer there. Nothing secret was sent.",
		Do:   "Use an address that the certificate names, or have a certificate made for this one.",
	},
	"wire.certificate-expired": {
		What: "The certificate of {host} is not valid now[: it ended on {expires}].",
		Why:  "It was not renewed, or this computer's clock is wrong.",
		Do:   "Check this computer's date. If it is right, ask the administrator of that host to renew the certificate, then try again.",
	},
	"wire.certificate-malformed": {
		What: "The certificate of {host} cannot be read.",
		Why:  "Consoles that make their own certificate for an IP address write it wrongly. No setting of Farol can read it.",
		Do:   "Set host_url of the console to a name instead of an IP address and restart it: it then makes a new certificate.",
	},
	"wire.tls": {
		What: "No secure connection to {host}.",
		Why:  "Something else than a TLS server answers at this port, or it wants another kind of TLS.",
		Do:   "Check the port, and that the address begins with https://, then try again.",
	},
	"wire.cancelled": {
		What: "A request[ to {host}] was stopped.",
		Why:  "Farol was asked to stop. The work may have been done.",
		Do:   "Run farol again: it looks first and goes on from what is there.",
	},
	"wire.roots": {
		What: "The certificates to trust[ for {host}] cannot be read.",
		Why:  "A PEM file is expected, with BEGIN CERTIFICATE in it.",
		Do:   "Ask the administrator for the CA certificate as PEM, and name that file.",
	},
	"wire.kept-back": {
		What: "A request to {host} was kept back.",
		Why:  "A test holds back what would leave. Nothing was changed.",
		Do:   "Run farol again without that test.",
	},
}
