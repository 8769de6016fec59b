package fabric

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"farol/clients/wire"
	"farol/state/fault"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-protos-go-apiv2/gateway"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// signs are the words by which Fabric's answers are told apart, for it sends no codes (read in the source of
// 2.5.9 and seen from real nodes). The first that fits wins.
var signs = []struct {
	words     string
	code      fault.Code
	transient bool
}{
	{"already successfully installed", Exists, false},
	{"already exists", Exists, false},
	{"with unchanged content", Exists, false}, // approved with the same parameters before
	{"new definition must be sequence", SequenceTaken, false},
	{"is larger than requested sequence", SequenceTaken, false},
	{"larger than the next available sequence", SequenceTaken, false},
	{"access denied", Forbidden, false},
	{"failed ACL check", Forbidden, false},
	{"not agreed to by this org", PolicyUnmet, false},
	{"no peer combination can satisfy", Endorsers, true},
	{"not installed on sufficient peers", Endorsers, true},
	{"failed to select a set of endorsers", Endorsers, true},
	{"failed to find any endorsing peers", Endorsers, true},
	{"no endorsers found", Endorsers, true},
	{"no peers available", Endorsers, true},
	{"could not launch chaincode", ContractDown, true},
	{"no orderer nodes available", Unavailable, true},
	{"no orderers could successfully process", Unavailable, true},
	{"failed to get config for channel", NotFound, true},
	{"status=FORBIDDEN", Forbidden, false},
	{"status=NOT_FOUND", NotFound, false},
	{"Invalid chain ID", NotFound, false},
	{"nknown channel ID", NotFound, false},
}

// refusal words a node's definite no: the far side answered and did not do the work.
func refusal(n Node, text string) *fault.Fault {
	f := fault.New(Rejected, "host", n.Addr, "detail", printable(text)).Certain(fault.Refused)
	if strings.HasPrefix(text, "channel '") && strings.HasSuffix(text, "' not found") {
		f.Code = NotFound
		return f
	}
	for _, s := range signs {
		if strings.Contains(text, s.words) {
			f.Code, f.Transient = s.code, s.transient
			break
		}
	}
	return f
}

// failure words the error of a gRPC call. What the node itself said is a refusal; everything about getting
// there and back is wire's.
func failure(n Node, err error) *fault.Fault {
	if f, ok := fault.Of(err); ok {
		return f
	}
	if tx := (*client.TransactionError)(nil); errors.As(err, &tx) {
		err = tx.Unwrap() // the gateway library's wrapping makes a status of everything
	}
	st, ok := status.FromError(err)
	if !ok {
		return wire.Classify(err, n.Addr) // never reached the wire, or was kept from it
	}
	text := said(st)
	switch st.Code() {
	case codes.Unavailable:
		if f := refusal(n, text); f.Code != Rejected { // a gateway says so about others
			return f.Because(err)
		}
		return wire.Classify(err, n.Addr)
	case codes.Canceled, codes.DeadlineExceeded, codes.ResourceExhausted, codes.Internal, codes.DataLoss:
		return wire.Classify(err, n.Addr)
	case codes.PermissionDenied, codes.Unauthenticated:
		return fault.New(Forbidden, "host", n.Addr, "detail", printable(text)).Because(err).Certain(fault.Refused)
	case codes.NotFound:
		return fault.New(NotFound, "host", n.Addr, "detail", printable(text)).Because(err).Certain(fault.Refused)
	case codes.Unimplemented:
		return fault.New(Unavailable, "host", n.Addr, "detail", printable(text)).Because(err).Certain(fault.Refused)
	default:
		return refusal(n, text).Because(err)
	}
}

// said joins a status's message with its details, which hold the real cause ("see attached details").
func said(st *status.Status) string {
	parts := []string{st.Message()}
	for _, d := range st.Details() {
		if e, ok := d.(*gateway.ErrorDetail); ok {
			parts = append(parts, fmt.Sprintf("%s (%s): %s", e.GetAddress(), e.GetMspId(), e.GetMessage()))
		}
	}
	return strings.Join(parts, "; ")
}

// printable makes a stranger's text fit for one line of a screen and a log.
func printable(text string) string {
	const most = 400
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if !unicode.IsPrint(r) {
			continue
		}
		if b.Len() >= most {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// garbled is for answers that cannot be read.
func garbled(n Node, err error) *fault.Fault {
	return fault.New(Garbled, "host", n.Addr).Because(err)
}
