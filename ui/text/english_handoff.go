package text

var englishHandOver = HandOver{
	Title: "Please admit {organization} ({msp}) to the channel {channel}",
	Why:   "This organization wants to run peers on your channel. This pack holds its definition: its name and its certificates. There is no secret in it.",
	Do: []string{
		"Call the sender on a number that you know, and compare the fingerprints below.",
		"In your console, open Organizations, choose Import MSP definition, and pick organization_msp.json.",
		"Open Channels, choose {channel}, then its settings, and add {msp} as a member. Let the other members sign, if the channel's policy asks for it.",
		"Open Nodes, choose your ordering service, export it as JSON, and send that file back, unless you have done so before.",
	},
	Check: "Fingerprints of the root certificates (SHA-256)",
	Root:  "{fingerprint}",
	Files: "Files in this pack (SHA-256)",
	After: "Nothing else is needed: the sender notices by itself when {msp} is in the channel.",
}
