package target

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// patience is how long the first port has the field to itself: a satellite's
// round trip (600 ms) and some slack. Then the second is tried beside it, so
// that silence costs little more than one connect.
const patience = 750 * time.Millisecond

// tried is what became of one port.
type tried struct {
	port   int
	conn   net.Conn // nil: no connection
	silent bool     // an address said nothing for the whole budget
}

// rungs is false when ctx ended before the ladder did.
func (c climber) rungs(ctx context.Context) bool {
	addrs, known := c.name(ctx)
	if !known || len(addrs) == 0 {
		return known
	}
	var late sync.WaitGroup
	defer late.Wait() // a dead family is known only when its connects have ended
	before, countable := internet.RetransFails(c.env)
	got := c.ports(ctx, addrs, &late)
	if after, ok := internet.RetransFails(c.env); got.silent && ok && countable && after > before {
		c.update(func(t *Target) { t.Dropped = true })
	}
	if got.conn == nil {
		return ctx.Err() == nil
	}
	defer got.conn.Close()
	return c.talk(ctx, got.conn, got.port)
}

// ports tries the first port and, when it fails or takes long, the second; of
// a port that stands alone its companion is that second one, and only tells
// whether the host is alive.
func (c climber) ports(ctx context.Context, addrs []netip.Addr, late *sync.WaitGroup) tried {
	wanted := c.wanted.Ports
	first := c.try(ctx, addrs, wanted[0], late)
	var second <-chan tried
	start := func() {
		if len(wanted) > 1 {
			second = c.try(ctx, addrs, wanted[1], late)
		} else {
			second = c.companion(ctx, addrs[0], companion(wanted[0]), late)
		}
	}
	var got tried
	select {
	case got = <-first:
		if got.conn == nil && len(wanted) > 1 {
			start()
		}
	case <-time.After(patience):
		start()
		got = <-first
	}
	if second == nil {
		return got
	}
	if got.conn == nil && len(wanted) > 1 {
		other := <-second
		other.silent = other.silent || got.silent
		return other
	}
	late.Go(func() {
		if other := <-second; other.conn != nil {
			other.conn.Close()
		}
	})
	return got
}

// try connects to a port in a goroutine that late waits for.
func (c climber) try(ctx context.Context, addrs []netip.Addr, port int, late *sync.WaitGroup) <-chan tried {
	out := make(chan tried, 1)
	late.Go(func() {
		conn, silent := c.connect(ctx, addrs, port, late)
		out <- tried{port, conn, silent}
	})
	return out
}

// connect tries all addresses at once and returns the first connection, or
// whether one stayed silent when all have failed. Those that lose end later.
func (c climber) connect(ctx context.Context, addrs []netip.Addr, port int, late *sync.WaitGroup) (net.Conn, bool) {
	type end struct {
		conn   net.Conn
		silent bool
	}
	ends := make(chan end, len(addrs))
	for _, a := range addrs {
		late.Go(func() {
			conn, row, ok := c.open(ctx, netip.AddrPortFrom(a, uint16(port)))
			if ok {
				c.update(func(t *Target) { t.Connects = append(t.Connects, row) })
			}
			ends <- end{conn, row.Outcome == internet.Timeout}
		})
	}
	silent := false
	for left := len(addrs); left > 0; left-- {
		e := <-ends
		if e.conn == nil {
			silent = silent || e.silent
			continue
		}
		late.Go(func() {
			for range left - 1 {
				if second := <-ends; second.conn != nil {
					second.conn.Close()
				}
			}
		})
		return e.conn, false
	}
	return nil, silent
}

// open makes one connect. On a link without a router in between it also looks
// whether the neighbour answered at all.
func (c climber) open(ctx context.Context, to netip.AddrPort) (net.Conn, Connect, bool) {
	path := link.PathTo(c.env, "target", to.Addr().String())
	conn, row, ok := internet.Open(ctx, c.env, "target", to)
	out := Connect{Connect: row, Scope: link.ScopeOf(row.Address), OnLink: diag.Maybe}
	if path.Reachable == diag.Yes {
		out.OnLink = diag.TriOf(path.Gateway == "" && out.Scope != link.Loopback)
	}
	if conn == nil && out.OnLink == diag.Yes {
		out.Neighbour = gateway.NeighbourState(path.Index, row.Address)
	}
	return conn, out, ok
}

// companion tries the other port of a silent host.
func (c climber) companion(ctx context.Context, a netip.Addr, port int, late *sync.WaitGroup) <-chan tried {
	out := make(chan tried, 1)
	late.Go(func() {
		conn, row, ok := c.open(ctx, netip.AddrPortFrom(a, uint16(port)))
		if row.Companion = true; ok {
			c.update(func(t *Target) { t.Connects = append(t.Connects, row) })
		}
		out <- tried{port: port, conn: conn}
	})
	return out
}
