package text

import "farol/state/fault"

// englishCAProblems words the refusals of a certificate authority.
var englishCAProblems = map[fault.Code]Problem{
	"ca.unauthorized": {
		What: "The certificate authority[ at {host}] refused[ {identity}].",
		Why:  "The secret is wrong, the identity is not known, or its enrollments are used up: it does not say which. Farol does not try twice, because ten wrong secrets lock an identity.",
		Do:   "In the console of the home region, open the certificate authority and look at its users[: {identity} should be there]. If this CA was made by hand, remove it or begin a set-up with another name.",
	},
	"ca.locked": {
		What: "The certificate authority[ at {host}] has locked[ {identity}].",
		Why:  "Too many wrong secrets were tried.",
		Do:   "Have the CA's administrator unlock it, which sets the number of wrong tries to zero, then try again.",
	},
	"ca.duplicate": {
		What: "[{identity} is registered already. ]The certificate authority refuses to register it again.",
		Why:  "An earlier try was done, or somebody else did it.",
		Do:   "Try again: Farol looks first and takes what is there.",
	},
	"ca.forbidden": {
		What: "The certificate authority[ at {host}] does not let Farol register[ {identity}].",
		Why:  "The CA's administrator of this set-up may not register identities of this kind.",
		Do:   "Give that administrator the attribute hf.Registrar.Roles with peer and admin, or let Farol make the certificate authority itself.",
	},
	"ca.unknown-name": {
		What: "The server[ {host}] has no certificate authority called {name}.",
		Why:  "A console makes two, ca and tlsca. This server was set up in another way.",
		Do:   "Check in the console of the home region that this is the right certificate authority.",
	},
	"ca.unknown-identity": {
		What: "The certificate authority[ at {host}] does not know[ {identity}].",
		Why:  "It was not registered, or it was removed.",
		Do:   "Run farol again: it looks first and registers what is missing.",
	},
	"ca.error": {
		What: "The certificate authority[ at {host}] failed.",
		Why:  "[It says: {message}. ]It did not say what to change.",
		Do:   "Look at the log of the certificate authority in the console of the home region, then try again.",
	},
	"ca.garbled": {
		What: "The answer[ of {host}] is not that of a certificate authority.",
		Why:  "Something else listens there, or something on the way answers for it.",
		Do:   "Check the address of the certificate authority in the console of the home region, then try again.",
	},
}
