package text

var englishOps = map[string]Op{
	"console.check":     {"check console", "checking console", "the console to answer"},
	"consoles.distinct": {"compare consoles", "comparing consoles", "the console to tell its identity"},
	"ordering.check":    {"check ordering service", "checking ordering service", "an ordering node to answer"},

	"ca.create":                 {"create certificate authority", "creating certificate authority", "the certificate authority to report that it is healthy"},
	"ca.enroll-registrar":       {"enroll CA administrator", "enrolling CA administrator", "the certificate authority to know its administrator"},
	"ca.register-admin":         {"register administrator", "registering administrator", "the certificate authority to list the administrator"},
	"ca.register-peer":          {"register peer", "registering peer", "the certificate authority to list the peer"},
	"organization.enroll-admin": {"enroll administrator", "enrolling administrator", "the administrator's certificate"},
	"organization.create":       {"create organization", "creating organization", "the console to list the organization"},

	"handoff.pack":     {"write hand-off pack", "writing hand-off pack", "the hand-off pack on disk"},
	"handoff.admitted": {"admission to channel", "waiting for admission to channel", "the other company to admit your organization to the channel"},

	"export.ca":           {"export certificate authority", "exporting certificate authority", "the file on disk"},
	"export.organization": {"export organization", "exporting organization", "the file on disk"},
	"export.identity":     {"export administrator, sealed", "exporting administrator, sealed", "the file on disk"},

	"ca.import":           {"import certificate authority", "importing certificate authority", "the console to list the certificate authority"},
	"organization.import": {"import organization", "importing organization", "the console to list the organization"},
	"ordering.import":     {"import ordering node", "importing ordering node", "the console to list the ordering node"},
	"wallet.file":         {"write wallet file", "writing wallet file", "the wallet file on disk"},
	"wallet.import":       {"wallet in the browser", "waiting for the wallet in the browser", "you to confirm that the identity is in the wallet"},

	"peer.create":    {"create peer", "creating peer", "the peer to report that it is healthy"},
	"channel.join":   {"join channel", "joining channel", "the peer to have the channel's ledger"},
	"channel.anchor": {"set anchor peer", "setting anchor peer", "the channel's config to name the anchor peer"},

	"contract.package": {"pack contract", "packing contract", "the package on disk"},
	"contract.install": {"install contract", "installing contract", "the peer to list the package"},
	"contract.approve": {"approve contract", "approving contract", "the channel to show the approval"},
	"contract.commit":  {"commit contract", "committing contract", "the channel to show the definition"},

	"peer.import": {"mirror peer", "mirroring peer", "the console to list the mirror"},

	"proof.ledger":   {"prove equal ledgers", "comparing ledgers", "all peers to have the same newest block"},
	"proof.anchors":  {"prove anchor peers", "reading anchor peers", "the channel's config to name every peer"},
	"proof.package":  {"prove equal packages", "comparing packages", "every peer to have the same package"},
	"proof.endorse":  {"prove endorsement", "asking the peer to endorse", "the peer to endorse by itself"},
	"proof.consoles": {"prove mirrors", "looking into every console", "every console to list every peer"},
}
