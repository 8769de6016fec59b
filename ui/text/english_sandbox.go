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
}
