package text

var englishActors = map[string]string{
	"ordering": "the administrator of the ordering service, in the other company",
	"you":      "you, in a browser",
}

var englishGates = map[string]Gate{
	"handoff.admitted": {
		Title: "waiting for another company",
		Do:    "Send the hand-off pack to the administrator of the ordering service. They must admit[ {organization}] to the channel[ {channel}]; the pack says how.",
		Then:  "Farol looks every 15 seconds and goes on by itself.",
		Tell:  "You may stop Farol meanwhile: {command} goes on from here, at any time.",
	},
	"wallet.import": {
		Title: "waiting for you, in a browser",
		Do:    "Open the console[ of {region}][ at {console}], go to Wallet, press Add identity, choose Upload JSON, and pick the file below[ to add {identity}].",
		Then:  "No program can look into a browser's wallet, so say when it is there. The file holds a private key: Farol removes it once you have said so. Everything else goes on meanwhile.",
		Tell:  "To say so, run {command} in a terminal: it shows this gate and asks.",
	},
}

var englishRisks = map[string]Risk{
	"risk.one-ca": {
		Title: "One certificate authority[, in {region}].",
		Means: "While it is down no identity can be made or renewed. The peers go on until their certificates expire.",
	},
	"risk.no-drill": {
		Title: "No region has been lost yet.",
		Means: "The proof shows that every peer can work alone, not how your applications behave. Rehearse the loss of a region before one is lost.",
	},
	"risk.ordering": {
		Title: "The ordering service belongs to another company.",
		Means: "If it loses half of its nodes or more, no region can write. Ask its administrator in which regions they are.",
	},
	"risk.practice": {
		Title: "This is practice, on one machine.",
		Means: "It proves the procedure, not your regions.",
	},
}
