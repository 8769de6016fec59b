package wire

import (
	"context"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"
)

// maxMessage is the most that one gRPC message may be, in bytes: blocks may be large (Fabric's own limit).
const maxMessage = 100 << 20

// GRPC makes a connection to one node. It dials when it is first used. Pings find a silent node after 12 s
// (fabric-wan.md 3).
func (n Network) GRPC(addr string, t Trust) (*grpc.ClientConn, error) {
	cfg, err := t.config()
	if err != nil {
		return nil, err
	}
	return grpc.NewClient("passthrough:///"+addr,
		grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) { return n.Dial(ctx, addr) }),
		grpc.WithTransportCredentials(credentials.NewTLS(cfg)),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 2 * time.Second, PermitWithoutStream: true}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)),
		grpc.WithUserAgent(UserAgent),
		grpc.WithUnaryInterceptor(n.unary),
		grpc.WithStreamInterceptor(n.stream),
	)
}

func (n Network) unary(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	call := Call{Ctx: ctx, Method: method, Host: host(cc)}
	if n.Tap != nil {
		if err := n.Tap(call); err != nil {
			return &tapError{err}
		}
	}
	began := time.Now()
	err := invoke(ctx, method, req, reply, cc, opts...)
	n.finished(call, began, err)
	return err
}

// stream reports a stream when it is opened: what flows in it belongs to that call.
func (n Network) stream(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	call := Call{Ctx: ctx, Method: method, Host: host(cc)}
	if n.Tap != nil {
		if err := n.Tap(call); err != nil {
			return nil, &tapError{err}
		}
	}
	began := time.Now()
	s, err := open(ctx, desc, cc, method, opts...)
	n.finished(call, began, err)
	return s, err
}

func (n Network) finished(call Call, began time.Time, err error) {
	if n.Done == nil {
		return
	}
	call.Took, call.Status = time.Since(began), status.Code(err).String()
	n.Done(call)
}

// host is the node's address without grpc's scheme.
func host(cc *grpc.ClientConn) string {
	const scheme = "passthrough:///"
	if t := cc.Target(); len(t) > len(scheme) {
		return t[len(scheme):]
	}
	return cc.Target()
}
