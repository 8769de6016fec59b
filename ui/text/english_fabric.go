package text

import "farol/state/fault"

// englishFabricProblems words the faults of peers and ordering nodes, and of contract packages.
var englishFabricProblems = map[fault.Code]Problem{
	"fabric.identity": {
		What: "The identity[ of {organization}] cannot be used.",
		Why:  "The reason is: {problem}.",
		Do:   "Run farol again: it enrolls the administrator anew if the vault has no usable identity.",
	},
	"fabric.forbidden": {
		What: "The node[ {host}] does not let your administrator do that[ on {channel}].",
		Why:  "[It says: {detail}. ]Your organization is not admitted to the channel, or the identity is not its administrator.",
		Do:   "Check with the administrator of the ordering service that your organization is in the channel with the right certificates, then try again.",
	},
	"fabric.exists": {
		What: "It is there already[, says {host}].",
		Why:  "[It says: {detail}. ]An earlier try was done, or somebody else did it.",
		Do:   "Try again: Farol looks first and takes what is there.",
	},
	"fabric.not-found": {
		What: "The node[ {host}] does not know[ {channel}, or not] what was asked for.",
		Why:  "[It says: {detail}. ]The peer has not joined the channel, or the name is wrong.",
		Do:   "Check the name of the channel with the administrator of the ordering service, then try again.",
	},
	"fabric.no-change": {
		What: "The config of the channel[ {channel}] is as wanted already.",
		Why:  "An earlier try was done, or somebody else did it.",
		Do:   "Try again: Farol looks first and takes what is there.",
	},
	"fabric.config-moved": {
		What: "The config of the channel[ {channel}] changed while it was being changed.",
		Why:  "Somebody else changed it after it was read. Nothing of yours was lost or applied.",
		Do:   "Try again: Farol reads the new config first.",
	},
	"fabric.policy": {
		What: "The signatures do not satisfy the policy[ of {channel}].",
		Why:  "[It says: {detail}. ]Other organizations have to sign or approve as well.",
		Do:   "Ask the channel's other organizations which of them must approve. When they have, try again.",
	},
	"fabric.endorsers": {
		What: "Too few peers can endorse.",
		Why:  "[{host} says: {detail}. ]A peer may be down, still reading the ledger, or without the contract.",
		Do:   "Wait a minute and try again. If it stays, look at the peers of all organizations that the contract's policy names.",
	},
	"fabric.unavailable": {
		What: "The node[ {host}] answers, but cannot serve now.",
		Why:  "[It says: {detail}. ]It may be starting, or the ordering service is choosing a leader.",
		Do:   "Wait a minute and try again.",
	},
	"fabric.sequence": {
		What: "The contract's sequence is not the channel's next one.",
		Why:  "[{host} says: {detail}. ]The channel has another definition of this contract already.",
		Do:   "Ask the channel's members for the committed sequence and version, and use the next sequence in a new set-up.",
	},
	"fabric.contract-down": {
		What: "The peer[ {host}] cannot start the contract, or cannot reach it.",
		Why:  "[It says: {detail}. ]The contract may still be starting, or its package asks for a builder that this peer does not have.",
		Do:   "Wait a minute and try again. If it stays, look at the log of that peer in its console.",
	},
	"fabric.endorse": {
		What: "The peer[ {host}] refused.",
		Why:  "[It says: {detail}. ]Nothing was changed.",
		Do:   "Look at the log of that peer in its console, cure the cause, and try again.",
	},
	"fabric.status-unknown": {
		What: "A transaction was sent, and nobody says what became of it[ ({transaction})].",
		Why:  "[{host} did not answer in time. ]It may have been committed.",
		Do:   "Try again: Farol looks at the ledger first and sends nothing twice.",
	},
	"fabric.invalidated": {
		What: "A transaction was put into a block as invalid[ ({transaction})].",
		Why:  "[The reason is {detail}. ]It had no effect: another change came first, or a signature is missing.",
		Do:   "Try again: Farol looks at the ledger first.",
	},
	"fabric.garbled": {
		What: "The answer[ of {host}] makes no sense.",
		Why:  "Something else than a Fabric node may listen there, or a version that Farol does not know.",
		Do:   "Check the address of the node in its console, then try again.",
	},
	"fabric.policy-text": {
		What: "The endorsement policy cannot be read[: {policy}].",
		Why:  "It has to look like OR('Org1MSP.peer') or AND('Org1MSP.peer','Org2MSP.peer').",
		Do:   "Correct the policy, then try again.",
	},
	"fabric.material": {
		What: "Certificates[ of {organization}] are missing or cannot be read.",
		Why:  "The reason is: {problem}. A channel's config needs them.",
		Do:   "Export the organization again from its console, and use that file.",
	},
	"package.not-package": {
		What: "The file[ {path}] is not a contract package.",
		Why:  "The reason is: {problem}.",
		Do:   "Make it with peer lifecycle chaincode package, or take the sample contract.",
	},
	"package.too-big": {
		What: "The contract package[ {path}] is too big.",
		Why:  "[The limit is {limit}. ]Peers refuse larger ones.",
		Do:   "Leave out what the contract does not need, such as build results, and package it again.",
	},
}
