package report

import (
	"strconv"
	"strings"

	"farol/steps"
	"farol/ui/text"
)

// ProofRows words the proof, one row a peer after the row of heads. What nobody has seen says so.
func ProofRows(c *text.Catalogue, p steps.Proof, ascii bool) [][]string {
	w := c.Summary.Proof
	rows := [][]string{{w.Region, w.Height, w.Hash, w.Anchor, w.Package, w.Endorses, w.SeenBy}}
	for _, peer := range p.Peers {
		rows = append(rows, []string{
			text.Inert(peer.Region), seen(w, peer.Height), seen(w, digest(peer.Hash, ascii)), yes(w, peer.Anchor),
			seen(w, digest(packageHash(peer.PackageID), ascii)), yes(w, peer.Endorses), consoles(w, peer),
		})
	}
	return rows
}

// Verdict says in one sentence whether the proof holds.
func Verdict(c *text.Catalogue, p steps.Proof) string {
	w, facts := c.Summary.Proof, map[string]string{}
	if !p.Read.IsZero() {
		facts["at"] = p.Read.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	switch {
	case p.Holds:
		return text.Fill(w.Holds, facts)
	case p.Failed:
		return w.Fails
	}
	return w.NotYet
}

func seen(w text.Proof, value string) string {
	if value == "" {
		return w.NotSeen
	}
	return text.Short(text.Inert(value), 20)
}

func yes(w text.Proof, a steps.Answer) string {
	switch a {
	case steps.Yes:
		return w.Yes
	case steps.No:
		return w.No
	}
	return w.NotSeen
}

func consoles(w text.Proof, p steps.PeerProof) string {
	if p.SeenBy == "" {
		return w.NotSeen
	}
	return text.Fill(w.Consoles, map[string]string{"seen": text.Inert(p.SeenBy), "all": strconv.Itoa(p.Consoles)})
}

// packageHash leaves the label of a package id out: the hash is what has to be equal.
func packageHash(id string) string { return id[strings.LastIndex(id, ":")+1:] }

// digest shortens a hash to its ends, as people compare them.
func digest(hash string, ascii bool) string {
	r := []rune(hash)
	if len(r) <= 12 {
		return hash
	}
	dots := "…"
	if ascii {
		dots = ".."
	}
	return string(r[:4]) + dots + string(r[len(r)-4:])
}
