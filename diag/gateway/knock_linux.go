package gateway

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"time"

	"deskside/diag"
	"deskside/diag/link"
)

// Means of asking a router once.
const (
	ByEcho = "icmp" // ICMP echo, by the socket that is allowed
	ByTTL  = "ttl"  // a UDP packet towards an anchor that ends at the first hop
)

// Knock asks a router once, by one packet of the given means, and waits for
// at most patience. It is false when the means is not allowed here, or ctx
// ended: then nothing is known. The error is [os.ErrDeadlineExceeded] for
// silence, and the kernel's own where the packet could not leave.
func Knock(ctx context.Context, env *diag.Env, r Router, means string, patience time.Duration) (rtt time.Duration, err error, known bool) {
	addr, perr := netip.ParseAddr(r.Address)
	if perr != nil {
		return 0, perr, false
	}
	addr = zoned(addr, r.Index)
	if way := link.Ask(addr); way.Reachable != diag.Yes || way.Index != r.Index {
		return 0, errNoWay, true
	}
	if means == ByTTL {
		return knockTTL(ctx, env, r, patience)
	}
	// A deep look waits its full time whatever others hear, see farSideAnswered.
	own := *env
	own.Focus.Deep = true
	e := ladder(ctx, &own, r, addr, series{1, patience, patience})
	switch {
	case ctx.Err() != nil, e.Skipped == "permission":
		return 0, nil, false
	case e.Skipped != "":
		return 0, errNoWay, true
	case e.Received == 0:
		return 0, os.ErrDeadlineExceeded, true
	}
	return time.Duration(e.RTTMS[0] * float64(time.Millisecond)), nil, true
}

var errNoWay = errors.New("the kernel has no way to the router")

// knockTTL counts any answer that is not this PC's own: the first hop may
// speak under another of its addresses.
func knockTTL(ctx context.Context, env *diag.Env, r Router, patience time.Duration) (time.Duration, error, bool) {
	var local link.Facts
	env.Facts.Look(func(f diag.Facts) { local = link.Section.Of(f) })
	for _, p := range targets(local) {
		target, err := netip.ParseAddr(p.Dest)
		if err != nil || p.Gateway != r.Address || p.Index != r.Index {
			continue
		}
		s, err := fire(target, 1)
		if err != nil {
			return 0, err, true
		}
		env.Ledger.Sent(p.Dest, basePort+1, "udp", "hop", len(greeting))
		e, rtt, err := s.wait(ctx, patience)
		if err == nil && (tracer{local: local}).own(e.From.String()) {
			return 0, os.ErrDeadlineExceeded, true
		}
		return rtt, err, ctx.Err() == nil
	}
	return 0, nil, false
}
