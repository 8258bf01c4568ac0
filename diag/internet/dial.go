package internet

import (
	"context"
	"net"
	"net/netip"
	"time"

	"deskside/diag"
	"deskside/diag/host"
)

// line opens TCP connections for one purpose and keeps the ledger.
type line struct {
	env   *diag.Env
	why   string // contact.<why>
	iface string // bind to this interface; empty: the routing table decides
	terse bool   // we speak first, and little: host.DialOptions.Terse
}

func (l line) dial(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	l.note(to, 0)
	conn, err := l.env.Host.Dial(ctx, host.DialOptions{Interface: l.iface, Terse: l.terse}, "tcp", to.String())
	if err != nil {
		return nil, err
	}
	return &metered{Conn: conn, sent: func(n int) { l.note(to, n) }}, nil
}

// hangUp ends a connection by a reset: where nothing was said, no farewell is
// due, which would take two packets more.
func hangUp(conn net.Conn) {
	if m, ok := conn.(*metered); ok {
		if tcp, ok := m.Conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a connection that cannot be reset is closed the long way
		}
	}
	conn.Close()
}

func (l line) note(to netip.AddrPort, bytes int) {
	l.env.Ledger.Sent(to.Addr().String(), int(to.Port()), "tcp", l.why, bytes)
}

// metered tells the ledger what is written.
type metered struct {
	net.Conn
	sent func(bytes int)
}

func (m *metered) Write(p []byte) (int, error) {
	n, err := m.Conn.Write(p)
	m.sent(n)
	return n, err
}

// attempt is the fate of one connect.
type attempt struct {
	order int
	to    netip.AddrPort
	conn  net.Conn
	err   error
}

// first connects to the addresses of one name, each a little later than the
// one before or as soon as that failed, and keeps the first that answers
// (RFC 8305, 5). When none does it returns the fate of the first address.
// No connect is under way any more when it returns. What comes back is for a
// short talk in which we speak first.
func (l line) first(ctx context.Context, addrs []netip.AddrPort) attempt {
	l.terse = true
	ctx, giveUp := context.WithTimeout(ctx, connectBudget)
	defer giveUp()
	ended := make(chan attempt)
	started, running := 0, 0
	start := func() {
		a := attempt{order: started, to: addrs[started]}
		started++
		running++
		go func() {
			a.conn, a.err = l.dial(ctx, a.to)
			ended <- a
		}()
	}
	tick := time.NewTicker(stagger)
	defer tick.Stop()
	start()
	var best attempt
	for running > 0 {
		select {
		case <-tick.C:
			if best.conn == nil && started < len(addrs) {
				start()
			}
		case a := <-ended:
			running--
			switch {
			case a.conn != nil && best.conn != nil:
				a.conn.Close() // it crossed the finish line second
			case a.conn != nil:
				best = a
				giveUp()
			case best.conn == nil:
				if best.err == nil || a.order < best.order {
					best = a
				}
				if started < len(addrs) && ctx.Err() == nil {
					start()
				}
			}
		}
	}
	return best
}

// armed bounds everything said on conn by budget, and by ctx; disarm it
// before the connection is given away.
func armed(ctx context.Context, conn net.Conn, budget time.Duration) (disarm func() bool) {
	conn.SetDeadline(time.Now().Add(budget))
	return context.AfterFunc(ctx, func() { conn.Close() })
}
