package fabric

import "farol/state/fault"

// The codes of this package. Every fault carries the fact "host" when a node was involved, and "detail",
// the node's own words, cut short and made printable, when it said any.
var (
	BadIdentity   = fault.Define("fabric.identity")       // organization, problem: organization | certificate | key | mismatch
	Forbidden     = fault.Define("fabric.forbidden")      // host, detail, channel: the node does not let this identity do that
	Exists        = fault.Define("fabric.exists")         // host, detail: channel joined, package installed, organization admitted already
	NotFound      = fault.Define("fabric.not-found")      // host, detail, channel: the node does not know the channel, or the channel not the organization
	NoChange      = fault.Define("fabric.no-change")      // channel: the config is as wanted already
	ConfigMoved   = fault.Define("fabric.config-moved")   // channel, detail: someone changed the config after it was read
	PolicyUnmet   = fault.Define("fabric.policy")         // host, detail, channel: signatures do not satisfy the policy
	Endorsers     = fault.Define("fabric.endorsers")      // host, detail: not enough running peers to satisfy the endorsement policy
	ContractDown  = fault.Define("fabric.contract-down")  // host, detail: the peer cannot start or reach the contract
	Unavailable   = fault.Define("fabric.unavailable")    // host, detail: the node answers, but cannot serve now
	SequenceTaken = fault.Define("fabric.sequence")       // host, detail: the definition's sequence is not the channel's next one
	Rejected      = fault.Define("fabric.endorse")        // host, detail: the peer refused for any other reason
	StatusUnknown = fault.Define("fabric.status-unknown") // host, transaction: sent, and nobody knows whether it was committed
	Invalidated   = fault.Define("fabric.invalidated")    // host, transaction, detail: committed into a block as invalid, so without effect
	Garbled       = fault.Define("fabric.garbled")        // host: the answer makes no sense
	PolicyText    = fault.Define("fabric.policy-text")    // policy: the endorsement policy cannot be read
	Material      = fault.Define("fabric.material")       // organization, problem: roots | tls-roots | admins | consenter: certificates missing or unreadable

	NotPackage    = fault.Define("package.not-package") // problem: gzip | tar | metadata | code | label
	PackageTooBig = fault.Define("package.too-big")     // limit, of: bytes | entries
)
