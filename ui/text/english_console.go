package text

import "farol/state/fault"

// englishConsoleProblems words the refusals of a console.
var englishConsoleProblems = map[fault.Code]Problem{
	"console.unauthorized": {
		What: "The console[ {host}] refused the API key.",
		Why:  "The key or its secret is wrong, or the key's role does not allow this. Farol does not try twice, because five wrong tries lock this computer out.",
		Do:   "In the console[ of {region}], make an API key with the role manager, and enter its key and secret here.",
	},
	"console.forbidden": {
		What: "The console[ {host}] does not allow this.",
		Why:  "[The key may not do: {actions}. ]Creating nodes needs the role manager.",
		Do:   "In the console[ of {region}], make an API key with the role manager, and enter it here.",
	},
	"console.locked-out": {
		What: "The console[ {host}] has locked this computer out.",
		Why:  "Too many wrong keys were tried. Each further try makes it last longer.",
		Do:   "Wait[ {wait}] without trying, check the key and the secret, then try again.",
	},
	"console.missing": {
		What: "The console[ {host}] does not have what was asked for[: {id}].",
		Why:  "[It says: {messages}. ]It was removed, or never made there.",
		Do:   "Run farol again: it looks at every step and makes what is missing.",
	},
	"console.conflict": {
		What: "The name[ {target}] is taken in the console[ {host}].",
		Why:  "[It says: {messages}. ]The console has it, or its cluster has one that the console does not know: the rest of an earlier try.",
		Do:   "Wait a minute and try again: Farol looks first. If it stays, remove the rest from the cluster of that console, then try again.",
	},
	"console.invalid": {
		What: "The console[ {host}] did not take the request.",
		Why:  "[It says: {messages}. ]Nothing was changed.",
		Do:   "Check that this version of the console is supported. If it is, report it with the log.",
	},
	"console.unknown-host": {
		What: "The console[ {host}] does not know the certificate authority yet.",
		Why:  "A peer can be created only where the certificate authority was imported, with the same address.",
		Do:   "Run farol again: it looks at the import of the certificate authority first.",
	},
	"console.rate-limited": {
		What: "The console[ {host}] wants Farol to slow down.",
		Why:  "It allows 25 changes and 100 looks a minute, and others may use it too.",
		Do:   "Wait[ {wait}] and try again.",
	},
	"console.no-deployer": {
		What: "The console[ of {region}] can only import, not create.",
		Why:  "It was installed without the part that creates nodes in a cluster.",
		Do:   "Give this region a console that can create nodes, or choose another region.",
	},
	"console.read-only": {
		What: "The console[ {host}] can only be read.",
		Why:  "Its administrator has switched it to read-only.",
		Do:   "Ask the administrator to switch that off, then try again.",
	},
	"console.deployer": {
		What: "The console[ {host}] failed while it worked in its cluster.",
		Why:  "[It says: {cause}. ]The cluster is slow or down, and the node may still be on its way.",
		Do:   "Look at the cluster of that console, then try again: Farol looks first and does nothing twice.",
	},
	"console.create-failed": {
		What: "The console[ {host}] could not make the node, and took it away again.",
		Why:  "[It says: {cause}. ]Often a secret of the certificate authority is wrong, or the cluster has no room.",
		Do:   "Cure the cause, then try again. The name is free.",
	},
	"console.unavailable": {
		What: "The console[ {host}] cannot serve now.",
		Why:  "[It answered {status}. ]It may be starting, overloaded or under maintenance.",
		Do:   "Wait a minute and try again. If it stays so, look at the log of that console.",
	},
	"console.garbled": {
		What: "The answer[ of {host}] is not that of a console.",
		Why:  "Another program listens there, or a sign-in page stands before the console.",
		Do:   "Open the address in a browser. If a console appears, copy its address here without what follows the host.",
	},
	"console.redirect": {
		What: "The console[ {host}] sends Farol elsewhere[: {target}].",
		Why:  "Farol does not follow, so that your key is not sent to another host.",
		Do:   "If that is the right address, enter it as the console's address.",
	},
	"console.renamed": {
		What: "The console[ {host}] gave the node another name.",
		Why:  "Wanted was {want}, made was {got}: one of that name was there already, perhaps out of sight.",
		Do:   "Look at both in the console. Remove the one that is not needed, then try again.",
	},
	"console.address": {
		What: "{value} is not the address of a console.",
		Why:  "An address is https://, a host name and perhaps a port.",
		Do:   "Copy the address from the browser in which you opened the console, without what follows the host.",
	},

	// Files that people bring.
	"file.not-json": {
		What: "The file[ {path}] cannot be read as JSON.",
		Why:  "[The reader says: {cause}. ]It may be cut short, or be another kind of file.",
		Do:   "Export it again from the console and use that file as it is.",
	},
	"file.duplicate": {
		What: "In the file[ {path}] the key {key} stands twice.",
		Why:  "Two readers could take different ones, so Farol takes neither.",
		Do:   "Export it again from the console and use that file as it is.",
	},
	"file.field": {
		What: "The file[ {path}] lacks {field}, or it cannot be used.",
		Why:  "[It is needed in every {kind}; entry {item} has none. ]The file may come from an older console or be changed by hand.",
		Do:   "Ask for a new export from the console that owns the nodes.",
	},
	"file.kind": {
		What: "The file[ {path}] is another kind of export.",
		Why:  "Wanted was {want}, it is {have}.",
		Do:   "Export the right thing: for the ordering service, open Nodes, choose it, and export it.",
	},
	"file.certificate": {
		What: "The file[ {path}] has a certificate that cannot be read.",
		Why:  "It stands in {field}[ of entry {item}].",
		Do:   "Ask for a new export from the console that owns the nodes.",
	},
	"file.identity": {
		What: "The identity cannot be written for a console's wallet.",
		Why:  "Its certificate or its key is missing, or the key has a form that consoles refuse.",
		Do:   "Run farol again: it enrolls the administrator anew if the vault has no usable identity.",
	},
}
