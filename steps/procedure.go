package steps

import "farol/steps/engine"

// Graph is the whole procedure, in the order of the document it implements (procedure.md 1.2 to 1.5, with the
// corrections of 1.6). It runs as wide as the needs allow: another company's admission starts as soon as the
// organization exists, and the other regions import while the home region still works.
func Graph(s *Session) engine.Graph {
	var g engine.Graph
	add := func(steps ...engine.Step) { g = append(g, steps...) }
	all, others := s.regions()

	// Prepare: the consoles answer, are different ones, and let us do what is needed.
	for _, r := range all {
		add(checkConsole(s, r), checkDistinct(s, r))
	}
	add(checkOrdering(s))

	// Home region: the certificate authority, the identities, the organization.
	add(createCA(s))
	add(enrollRegistrar(s))
	add(registerAdmin(s), enrollAdmin(s))
	add(createOrganization(s))

	// Another company admits the organization to its channel.
	add(writeHandOff(s), awaitAdmission(s))

	// Export from the home region; the files serve the other consoles and people.
	add(exportCA(s), exportOrganization(s), exportIdentity(s))

	// Import into the other regions, and the ordering service into every one.
	for _, r := range others {
		add(importCA(s, r), importOrganization(s, r))
	}
	for _, r := range all {
		add(importOrdering(s, r)...)
		add(writeWallet(s, r), awaitWallet(s, r))
	}

	// Peers: one in each region, joined to the channel, an anchor each.
	for _, r := range all {
		add(registerPeer(s, r), createPeer(s, r), joinChannel(s, r), setAnchor(s, r))
	}

	// The contract: packed once, installed on every peer, approved and committed once.
	add(packContract(s))
	for _, r := range all {
		add(installContract(s, r))
	}
	add(approveContract(s), commitContract(s))

	// Mirror: every peer in every console.
	for _, r := range all {
		add(mirrorPeers(s, r)...)
	}

	// Proof, read from the peers themselves.
	add(proveLedger(s), proveAnchors(s), provePackage(s))
	for _, r := range all {
		add(proveEndorsement(s, r))
	}
	add(proveConsoles(s))
	return g
}

// The stages, in order. A stage is a heading for people; order comes from the needs.
const (
	Prepare  = "prepare"
	Home     = "home"
	HandOver = "hand-off"
	Export   = "export"
	Import   = "import"
	Peers    = "peers"
	Deploy   = "contract"
	Mirrors  = "mirror"
	Proving  = "proof"
)

// Stages lists the stages in order.
func Stages() []string {
	return []string{Prepare, Home, HandOver, Export, Import, Peers, Deploy, Mirrors, Proving}
}

func (s *Session) regions() (all, others []string) {
	for _, r := range s.Setup.Regions {
		all = append(all, r.ID)
		if r.ID != s.home() {
			others = append(others, r.ID)
		}
	}
	return all, others
}

// global stands in step ids where a step belongs to no region.
const global = "all"

func id(region, what string) string { return region + "/" + what }

// each makes the ids of one step in several regions.
func each(regions []string, what string) []string {
	var out []string
	for _, r := range regions {
		out = append(out, id(r, what))
	}
	return out
}
