package deep

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"time"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/internet"
)

// reachable are the anchors that took a connection in the first tier: two of
// them, of one family, so that they share a path and neither's own trouble is
// taken for the path's.
func reachable(env *diag.Env) (out []End) {
	env.Facts.Look(func(f diag.Facts) {
		for _, family := range []int{4, 6} {
			for _, a := range internet.Section.Of(f).Anchors {
				if a.Outcome == internet.Connected && a.Family == family && len(out) < 2 {
					out = append(out, End{Address: a.Address, Port: a.Port, Family: family, Series: Series{AtMS: env.SinceMS()}})
				}
			}
			if len(out) > 0 {
				return
			}
		}
	})
	return out
}

func (e End) addr() netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(e.Address), uint16(e.Port))
}

func knock(ctx context.Context, env *diag.Env, i int, e End) {
	rtt, ok, err := open(ctx, env, e, "loss")
	switch {
	case err != nil: // cut short, or this PC's own refusal: no packet, no loss
	case ok:
		Section.Update(env.Facts, func(f *Facts) { f.Ends[i].answered(rtt) })
	default:
		Section.Update(env.Facts, func(f *Facts) { f.Ends[i].lost() })
	}
}

// open makes one connection and closes it again; ok is false for silence.
func open(ctx context.Context, env *diag.Env, e End, why string) (rtt time.Duration, ok bool, err error) {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	env.Ledger.Sent(e.Address, e.Port, "tcp", why, 0)
	begin := time.Now()
	conn, err := env.Host.Dial(bounded, host.DialOptions{}, "tcp", e.addr().String())
	rtt = time.Since(begin)
	if err == nil {
		conn.Close()
		return rtt, true, nil
	}
	var timeout net.Error
	if ctx.Err() == nil && (errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()) {
		return rtt, false, nil
	}
	return rtt, false, err
}
