package text

import "farol/state/fault"

// englishSandboxProblems words the faults of the practice regions.
var englishSandboxProblems = map[fault.Code]Problem{
	"sandbox.bin": {
		What: "A program is missing in {dir}[: {missing}].",
		Why:  "Practice regions run the real peer, orderer and fabric-ca-server.",
		Do:   "Name a folder that has them all with --bin, or leave --bin out: Farol builds them once.",
	},
	"sandbox.modules": {
		What: "The sources of Fabric cannot be loaded.",
		Why:  "[The go tool says: {line}. ]They come from the Go module proxy, once.",
		Do:   "Connect this computer to the internet or set GOPROXY to your company's proxy, then try again. With --bin no sources are needed.",
	},
	"sandbox.build": {
		What: "Fabric cannot be built[: {program}].",
		Why:  "[The go tool says: {line}. ]Practice regions run the real programs, built on this machine.",
		Do:   "Cure what the go tool says and try again, or name a folder with built programs with --bin.",
	},
	"sandbox.no-go": {
		What: "There is no Go compiler on this computer.",
		Why:  "Practice regions run the real programs of Fabric, built here once.",
		Do:   "Install Go (https://go.dev/dl), or name a folder with built programs with --bin.",
	},
	"sandbox.no-gcc": {
		What: "There is no C compiler on this computer[: {cc}].",
		Why:  "The database of the certificate authority is written in C.",
		Do:   "Install gcc (apt install gcc, dnf install gcc, or xcode-select --install), or name a folder with built programs with --bin.",
	},
	"sandbox.disk": {
		What: "There is too little room to build Fabric[ in {dir}].",
		Why:  "[{free} MiB are free, {need} MiB are needed. ]The sources and the build need it once.",
		Do:   "Make room there, or name a folder with built programs with --bin.",
	},
	"sandbox.no-address": {
		What: "This computer has no network address but its own loopback.",
		Why:  "Fabric's peer refuses to start without an IPv4 address.",
		Do:   "Connect it to a network, or add an address: ip address add 192.0.2.1/32 dev lo.",
	},
	"sandbox.no-ports": {
		What: "No ports are free for practice regions.",
		Why:  "Each region needs some, and others hold them all; perhaps other practice regions that still run.",
		Do:   "Stop practice regions that you do not need with farol sandbox down, then try again.",
	},
	"sandbox.not-running": {
		What: "No practice regions run here[: {dir}].",
		Why:  "They were never started, were stopped, or went to sleep after two idle hours.",
		Do:   "Start them with farol sandbox up.",
	},
	"sandbox.other-options": {
		What: "Other practice regions run already[ in {dir}].",
		Why:  "[{regions} run, {wanted} are wanted. ]They cannot be changed while they run.",
		Do:   "Stop them with farol sandbox down, or name another folder with --dir.",
	},
	"sandbox.regions": {
		What: "These practice regions are not possible[: {regions}].",
		Why:  "Each needs a name of its own: small letters, digits and hyphens.",
		Do:   "Name different regions with --regions, for example us-south,us-east,ca-tor.",
	},
	"sandbox.regions-count": {
		What: "This number of practice regions is not possible[: {have}].",
		Why:  "[{min} to {max} of them fit. ]Each has a console, peers and contracts of its own, and all of them share this machine.",
		Do:   "Name[ {min} to {max}] regions[, or add --thin: with it there are up to {limit}].",
	},
	"sandbox.variant": {
		What: "{value} is no kind of practice regions.",
		Why:  "[There are: {options}. ]Others were never built.",
		Do:   "Choose one of those.",
	},
	"sandbox.no-region": {
		What: "There is no practice region {region}.",
		Why:  "It was not among those that were started.",
		Do:   "See which run with farol sandbox status.",
	},
	"sandbox.no-fault": {
		What: "There is no fault {fault}.",
		Why:  "[The menu is: {options}. ]Practice regions can have these troubles only.",
		Do:   "See what each one does with farol sandbox fault list.",
	},
	"sandbox.nothing-there": {
		What: "Nothing in {region} can have the fault {fault} yet.",
		Why:  "It needs a node of its kind, and none was made there.",
		Do:   "Let the set-up make its nodes first, or name another region with --region.",
	},
	"sandbox.failed": {
		What: "The practice regions did not start, or ended.",
		Why:  "[The end of {log} tells why. ]One of the processes gave up.",
		Do:   "Read the log, then start again with farol sandbox down and farol sandbox up.",
	},
	"sandbox.not-answering": {
		What: "The practice regions do not answer[: {dir}].",
		Why:  "Their background process is there, but busy or stuck.",
		Do:   "Wait a minute. If it stays so, stop them with farol sandbox down and start them again.",
	},
	"sandbox.pack": {
		What: "The hand-off pack cannot be used.",
		Why:  "The reason is: {problem}.",
		Do:   "Run farol again: it writes the pack anew.",
	},
	"sandbox.not-opened": {
		What: "The person cannot open the practice console of {region}.",
		Why:  "It is stopped, cut off, or shows a certificate that nobody vouches for.",
		Do:   "Bring the region back, then upload the file again.",
	},
	"browser.too-big": {
		What: "The console's UI refuses the file: it is too large.",
		Why:  "[The UI says: {message} ]It reads about 1 MB.",
		Do:   "Upload the identities one by one.",
	},
	"browser.not-json": {
		What: "The console's UI cannot read the file.",
		Why:  "[The UI says: {message}. ]It wants JSON, in a bulk import also a zip of JSON files.",
		Do:   "Upload the file as Farol wrote it.",
	},
	"browser.not-list": {
		What: "The console's bulk import does not take this file.",
		Why:  "[The UI says: {message} ]It wants a zip, or one JSON list.",
		Do:   "Upload a single identity under Wallet, with Add identity.",
	},
	"browser.missing": {
		What: "The console's UI refuses the file: something is missing[: {field}].",
		Why:  "[The UI says: {message} ]It tells apart capitals and small letters.",
		Do:   "Export the file again.",
	},
	"browser.name": {
		What: "The console's UI refuses a name in the file.",
		Why:  "[The UI says: {message} ]Names must be short, without blanks around them or a special first character.",
		Do:   "Type another name over it in the panel, or export the file again.",
	},
	"browser.certificate": {
		What: "The console's UI refuses a certificate in the file.",
		Why:  "[The UI says: {message} ]It wants PEM, in base64 or in clear.",
		Do:   "Export the file again.",
	},
	"browser.private-key": {
		What: "The console's UI refuses the private key in the file.",
		Why:  "[The UI says: {message} ]It wants PKCS#8, which begins with BEGIN PRIVATE KEY.",
		Do:   "Export the file again, or convert the key with openssl pkcs8 -topk8 -nocrypt.",
	},
	"browser.url": {
		What: "The console's UI refuses an address in the file.",
		Why:  "[The UI says: {message} ]It wants whole addresses, with https:// or grpcs://.",
		Do:   "Export the file again.",
	},
	"browser.kind": {
		What: "The console's bulk import finds something else in the file.",
		Why:  "[The UI says: {message} ]It takes certificate authorities, peers, ordering nodes, organizations and identities.",
		Do:   "Take the other item out of the file.",
	},
	"browser.taken": {
		What: "The wallet holds an identity of that name already[: {names}].",
		Why:  "[The UI says: {message} ]It replaces nothing, and imports nothing else of the file either.",
		Do:   "Type another name over it in the panel, or remove the identity in the wallet first.",
	},
	"browser.repeated": {
		What: "Two identities in the file have one name.",
		Why:  "[The UI says: {message} ]A wallet knows its identities by their names.",
		Do:   "Upload them one by one, with another name for the second.",
	},
	"browser.too-many": {
		What: "There is more than one identity in the file.",
		Why:  "[The UI says: {message} ]The panel adds one at a time.",
		Do:   "Upload them one by one, or use the bulk import in the settings.",
	},
	"browser.silent": {
		What: "The console's UI does nothing with the file, and does not say why.",
		Why:  "[The reason is: {cause}. ]Its program breaks on values that it does not expect.",
		Do:   "Export the file again.",
	},
}
