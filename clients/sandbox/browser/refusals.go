package browser

import "farol/state/fault"

// The refusals of the UI. Each carries the fact "message": what the UI itself says then, in English. Silent is
// the one without: the UI's own program breaks, and nothing happens on the screen.
var (
	TooBig      = fault.Define("browser.too-big")     // message
	NotJSON     = fault.Define("browser.not-json")    // message
	NotList     = fault.Define("browser.not-list")    // message
	Missing     = fault.Define("browser.missing")     // message, field where the UI names it
	BadName     = fault.Define("browser.name")        // message
	Certificate = fault.Define("browser.certificate") // message
	PrivateKey  = fault.Define("browser.private-key") // message
	URL         = fault.Define("browser.url")         // message
	Kind        = fault.Define("browser.kind")        // message
	Taken       = fault.Define("browser.taken")       // message, names
	Repeated    = fault.Define("browser.repeated")    // message
	TooMany     = fault.Define("browser.too-many")    // message
	Silent      = fault.Define("browser.silent")      // cause
)

// What the UI says (its English catalogue, apollo src/assets/i18n/en/messages.json).
const (
	saysTooBig      = "The file is too large."
	saysNotJSON     = "The specified JSON file is not valid"
	saysNotParsed   = "Error parsing JSON"
	saysNotList     = "The file is not an array."
	saysMissing     = "Required field (${field}) missing."
	saysAnyMissing  = "Required fields are missing."
	saysBadName     = "The file contains an item with an invalid name"
	saysCertificate = "Certificate format is not valid."
	saysPrivateKey  = "Private key format is not valid."
	saysURL         = "URL format is not valid."
	saysKind        = "The file contains an invalid item type."
	saysExists      = "Identity with same name already exists."
	saysHeld        = "The file contains an identity that already exists."
	saysRepeated    = "The name must be unique."
	saysTooMany     = "Only one item from the JSON file may be used."
)

func refuse(code fault.Code, message string, facts ...string) error {
	return fault.New(code, "message", message).With(facts...).Certain(fault.Refused)
}

// silent is what comes of a value that the UI's program does not expect.
func silent(cause string) error { return fault.New(Silent, "cause", cause).Certain(fault.Refused) }
