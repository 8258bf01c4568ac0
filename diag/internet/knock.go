package internet

import (
	"context"
	"net"
	"net/netip"
	"time"

	"deskside/diag"
)

// Knock is one TCP connect that costs as little as can be: it is closed by a
// reset, so that three packets are sent (SYN, ACK, RST). Repeated tells that
// the kernel had to send a SYN again: a packet was lost, and TookMS is not the
// round trip. It is false when ctx ended first: then nothing is known.
func Knock(ctx context.Context, env *diag.Env, to netip.AddrPort) (row Connect, repeated, known bool) {
	stage, cancel := context.WithTimeout(ctx, connectBudget)
	defer cancel()
	row, begin := Connect{Address: to.Addr().String(), Port: int(to.Port()), Family: familyOf(to), AtMS: env.SinceMS()}, time.Now()
	conn, err := line{env: env, why: "anchor"}.dial(stage, to)
	row.TookMS = diag.MS(time.Since(begin))
	if err != nil && ctx.Err() != nil {
		return row, false, false
	}
	row.Outcome, row.Errno = classify(err)
	if m, ok := conn.(*metered); ok {
		if tcp, ok := m.Conn.(*net.TCPConn); ok {
			repeated = synRepeated(tcp)
		}
	}
	if conn != nil {
		hangUp(conn)
	}
	return row, repeated, true
}

// Anchors returns the configured anchors of the families that have a way out,
// as the facts of package link in env tell.
func Anchors(env *diag.Env) []netip.AddrPort { return anchors(env) }
