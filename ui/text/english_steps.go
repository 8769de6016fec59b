package text

import "farol/state/fault"

// englishStepProblems words the faults of the procedure, of wrong answers and of the engine.
var englishStepProblems = map[fault.Code]Problem{
	Stopped: {
		What: "You stopped it.",
		Why:  "Nothing new was begun, and calls under way were waited for. What still starts over there is looked at next time.",
		Do:   "Run the same command again to go on from here.",
	},

	// Answers.
	"steps.required": {
		What: "This answer is needed[: {question}].",
		Why:  "There is no safe default for it.",
		Do:   "Give it here, in the answers file, or in its FAROL_ variable.",
	},
	"steps.missing-answers": {
		What: "Some answers are missing or wrong[: {questions}].",
		Why:  "Without them nothing can be begun, and nobody can be asked here.",
		Do:   "Add them to the answers file, or run farol in a terminal.",
	},
	"steps.proxy-secret": {
		What: "The address of the proxy {host} has a password.",
		Why:  "The set-up's file is not sealed, so it would stand there in clear.",
		Do:   "Leave the proxy out of the answers and set HTTPS_PROXY in the environment, which is not saved.",
	},
	"steps.answers": {
		What: "The answers file {path} cannot be used.",
		Why:  "[The reader says: {cause}. ]It is not YAML, or has a key that is not known.",
		Do:   "Correct that line. The keys are those of farol.yaml under setup.",
	},
	"steps.secret-ref": {
		What: "The API secret[ of {region}] is not where the answers file says.",
		Why:  "[{where} is missing or empty. ]An answers file never holds a secret itself.",
		Do:   "Set that variable, or make that file readable for you only, then try again.",
	},
	"steps.name-too-long": {
		What: "The name {name} is too long[: {length} characters].",
		Why:  "At most {max} characters are allowed here.",
		Do:   "Choose a shorter name.",
	},
	"steps.name": {
		What: "The name {name} has characters that are not allowed, or in the wrong place.",
		Why:  "Allowed are {allowed}. It has to begin with a letter or digit; a channel with a small letter.",
		Do:   "Change the name. What you typed is kept.",
	},
	"steps.same-name": {
		What: "The name {name} is used twice.",
		Why:  "It would stand for two different things in one console or certificate authority.",
		Do:   "Give each thing its own name.",
	},
	"steps.regions-count": {
		What: "The number of regions does not fit[: {have}].",
		Why:  "With one region nothing survives its loss[; from {min} to {max} regions are supported].",
		Do:   "Choose[ {min} to {max}] regions. Three is a good number.",
	},
	"steps.unknown-region": {
		What: "The region {region} is not in the catalogue, or stands in the list twice.",
		Why:  "Every region is named once, as in the list of regions.",
		Do:   "Pick the regions from the list.",
	},
	"steps.choice": {
		What: "{value} is not one of the choices.",
		Why:  "Possible are {options}.",
		Do:   "Choose one of them.",
	},
	"steps.url": {
		What: "{value} is not the address of a console.",
		Why:  "An address is https://, a host name and perhaps a port; no path, no user, no query.",
		Do:   "Copy the address from the browser in which you opened the console, without what follows the host.",
	},
	"steps.path": {
		What: "The file {path} cannot be used.",
		Why:  "The reason is: {reason}.",
		Do:   "Check the path and who may read the file, then go on.",
	},
	"steps.certificates": {
		What: "The file {path} holds no certificate.",
		Why:  "A PEM file is expected, with BEGIN CERTIFICATE in it.",
		Do:   "Ask the console's administrator for its CA certificate as PEM, or leave the answer empty to trust what this computer trusts.",
	},

	// What the procedure found.
	"steps.same-console": {
		What: "The regions {a} and {b} have the same console.",
		Why:  "Both addresses lead to one installation, so one loss would take both regions.",
		Do:   "Give each region the address of its own console.",
	},
	"steps.role": {
		What: "The API key may not create nodes in the console[ of {region}].",
		Why:  "[Its role is {have}. ]The role {need} is needed.",
		Do:   "In that console, make an API key with the role {need}, and enter it here.",
	},
	"steps.channel-unknown": {
		What: "The ordering service does not know the channel {channel}.",
		Why:  "The name is wrong, or the channel is not there yet.",
		Do:   "Ask the administrator of the ordering service for the exact name of the channel.",
	},
	"steps.roots-differ": {
		What: "There is an organization {msp} already, and it is not yours[: seen in {where}].",
		Why:  "Its root certificates are not those of your certificate authority. An older set-up may have left it there.",
		Do:   "If it is a leftover, have it removed and try again. If it is somebody else's, choose another MSP id in a new set-up.",
	},
	"steps.differs": {
		What: "Something else is there under the name[ {target}].",
		Why:  "[It differs in its {what}. ]Wanted was {want}, found was {have}.",
		Do:   "Look at it in the console[ of {region}]. Remove it there and try again, or adopt it if it is what you want.",
	},
	"steps.proof": {
		What: "A check of the proof does not hold[ in {region}][: {what}].",
		Why:  "What the peer says is not what the set-up needs, so the loss of a region could stop the others.",
		Do:   "Run farol again: it looks at every step before the proof and repairs what is missing.",
	},
	"steps.probe": {
		What: "The contract refused the call {probe}[ on the peer in {region}], so nobody saw that peer endorse.",
		Why:  "[The answer was {status}. ][It says: {message}. ]A peer signs no refusal.",
		Do:   "Set contract.probe, under setup in farol.yaml, to a function of your contract that changes nothing, with its arguments. Then run farol again with --accept-edited.",
	},
	"steps.needs": {
		What: "This cannot be done before {step}.",
		Why:  "What that step makes is used here, and it is not there.",
		Do:   "Run farol again: it looks at {step} first.",
	},

	// The engine.
	"steps.deadline": {
		What: "It did not become true in time[: waited {waited}].",
		Why:  "It may still be on its way: slow storage can hold up a new node for ten minutes.",
		Do:   "Look at {target} in the console[ of {region}]. Then try again: Farol looks first and does nothing twice.",
	},
	"steps.unsettled": {
		What: "It cannot be told whether the work was done[ on {target}].",
		Why:  "The answer was lost or made no sense, and looking does not settle it.",
		Do:   "Look at {target} in the console[ of {region}]. Then adopt what is there, or try again.",
	},
	"steps.panic": {
		What: "Farol made a mistake in the step {step}.",
		Why:  "This is a bug. The step was stopped, the other steps went on, and the set-up is saved.",
		Do:   "Run farol again. Please report it with the log.",
	},
	"steps.unworded": {
		What: "Something failed that Farol did not expect.",
		Why:  "The cause was: {cause}.",
		Do:   "Run farol again: it looks first and goes on from what is there. If it fails again, report it with the log.",
	},
	"steps.move": {
		What: "Farol made a mistake in its own records[ of {step}].",
		Why:  "A step cannot go[ from {from} to {to}]. This is a bug; nothing was changed because of it.",
		Do:   "Run farol again. Please report it with the log.",
	},
}
