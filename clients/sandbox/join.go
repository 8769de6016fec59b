package sandbox

import (
	"context"
	"crypto/tls"
	"time"

	"github.com/hyperledger/fabric-protos-go-apiv2/common"

	"farol/clients/fabric"
	"farol/clients/wire"
	"farol/state/fault"
)

// join makes an orderer serve the channel. Its admin port opens a moment after it calls itself healthy.
func (o *ordering) join(ctx context.Context, n orderer, genesis *common.Block) error {
	pair, err := tls.X509KeyPair(o.client.cert, o.client.key)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		err := fabric.JoinOrderer(ctx, "https://"+at(n.name, ordererAdmin), genesis, wire.Trust{RootsPEM: o.tlsca.pem}, pair, o.network)
		if err == nil || fault.Is(err, fabric.Exists) {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(25 * time.Millisecond):
		}
	}
}
