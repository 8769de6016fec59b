package sandbox

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"

	"farol/clients/sandbox/relay"
)

// Connection is one connection between two places of the world.
type Connection struct {
	relay.Flow
	Purpose Purpose `json:"purpose"`
}

// Purpose is what a connection is for, told by who dials which port of whom.
type Purpose string

// The purposes of connections.
const (
	Console     Purpose = "console"     // the REST contract
	Authority   Purpose = "ca"          // enrolling and registering
	Gossip      Purpose = "gossip"      // between peers; also a gateway's endorsements elsewhere
	Raft        Purpose = "raft"        // between orderers
	Blocks      Purpose = "blocks"      // a peer pulls them, or passes a transaction on
	Gateway     Purpose = "gateway"     // an application, or Farol, at a peer
	Ordering    Purpose = "ordering"    // Farol at an orderer
	Operations  Purpose = "health"      // health checks
	OrdererJoin Purpose = "participate" // the orderers' own API
	Unknown     Purpose = "other"
)

// Connections tells who is connected to whom right now, through the relay. What stays on one node, such as a peer's
// contract, goes past the relay.
func (w *World) Connections(ctx context.Context) (all []Connection, err error) {
	return all, w.control.call(ctx, "GET", "/connections", nil, &all)
}

func (d *daemon) connections(w http.ResponseWriter, q *http.Request) {
	all := []Connection{}
	if d.isReady() {
		flows, err := d.network.client.Flows(q.Context())
		if err != nil {
			sendFault(w, err)
			return
		}
		for _, f := range flows {
			all = append(all, Connection{f, d.purpose(f)})
		}
	}
	_ = json.NewEncoder(w).Encode(all)
}

func (d *daemon) purpose(f relay.Flow) Purpose {
	_, port, err := net.SplitHostPort(f.To)
	if err != nil {
		return Unknown
	}
	fromPeer := d.network.knows(nameOf(f.Who, f.From)) // only peers, among those whom the network knows by id, dial
	fromOrderer := strings.HasPrefix(f.Who, orderingID)
	switch port {
	case "443":
		return Console
	case "7054":
		return Authority
	case "9443":
		return Operations
	case "7053":
		return OrdererJoin
	case "7051":
		if fromPeer {
			return Gossip
		}
		return Gateway
	case "7050":
		switch {
		case fromOrderer:
			return Raft
		case fromPeer:
			return Blocks
		}
		return Ordering
	}
	return Unknown
}
