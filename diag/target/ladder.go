package target

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// budget of the whole ladder: less than the five seconds of a run (see
// diag.Runner), so that it is the ladder that ends and says how far it came.
const budget = 4800 * time.Millisecond

// answerBudget is for a server's own time: who has waited three seconds for
// the first byte calls it slow (see slowMS) or not answering.
const answerBudget = 3 * time.Second

// Probes are this family's measurements.
func Probes() []diag.Probe {
	return []diag.Probe{
		{ID: "target.ladder", Budget: budget, When: Given, Run: climbAll},
		{ID: "target.proxied", Budget: budget, When: anyProxied, Run: passAll},
	}
}

func anyProxied(f diag.Facts) bool {
	for _, t := range Section.Of(f).Targets {
		if t.Proxied {
			return true
		}
	}
	return false
}

// climbAll tries every target directly, all at once.
func climbAll(ctx context.Context, env *diag.Env) error {
	var all sync.WaitGroup
	for i, w := range wanted(env) {
		all.Go(func() { climber{env: env, at: i, wanted: w}.climb(ctx) })
	}
	all.Wait()
	return nil
}

// climber climbs one ladder and writes each rung into its target's facts.
type climber struct {
	env    *diag.Env
	at     int
	wanted Wanted
}

func (c climber) update(change func(*Target)) {
	Section.Update(c.env.Facts, func(f *Facts) {
		if c.at < len(f.Targets) {
			change(&f.Targets[c.at])
		}
	})
}

func (c climber) climb(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() {
		// A proxy that reaches the target answers the question: whether it could
		// be reached without is nobody's business.
		if c.env.Facts.Await(ctx.Done(), c.passed) {
			stop()
		}
	})
	if c.rungs(ctx) {
		c.update(func(t *Target) { t.Ended = true })
	}
	stop()
	watch.Wait()
}

// passed: the target answers through its proxy.
func (c climber) passed(f diag.Facts) bool {
	all := Section.Of(f).Targets
	return c.at < len(all) && all[c.at].Passage != nil && all[c.at].through() == Whole
}

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

func (c climber) name(ctx context.Context) ([]netip.Addr, bool) {
	if c.wanted.Name == "" {
		a, err := netip.ParseAddr(c.wanted.IP)
		return []netip.Addr{a}, err == nil
	}
	l, addrs, known := resolve(ctx, c.env, c.wanted.Name, c.wanted.Local)
	if !known {
		return nil, false
	}
	c.update(func(t *Target) { t.Lookup = &l })
	return few(c.env, addrs), true
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

// talk climbs the rungs above TCP.
func (c climber) talk(ctx context.Context, conn net.Conn, port int) bool {
	page := c.wanted.page(c.wanted, port)
	inner := c.wanted.protocol(port)
	if inner == secure || inner == webSecure {
		u := page
		if u == nil {
			u = &url.URL{Scheme: "tls", Host: c.wanted.hostPort(port, 0)}
		}
		inside, t, known := internet.Shake(ctx, c.env, conn, u)
		if !known {
			return false
		}
		c.update(func(row *Target) { row.TLS = &t })
		if inside == nil {
			return true
		}
		conn = inside
	}
	if page == nil {
		return true
	}
	h, known := internet.Ask(ctx, c.env, conn, page, c.left(ctx))
	if known {
		c.update(func(row *Target) { row.HTTP = &h })
	}
	return known
}

// left is the time for an answer: it ends before the whole probe does, so that
// silence is said and not cut.
func (c climber) left(ctx context.Context) time.Duration {
	end, ok := ctx.Deadline()
	if !ok {
		return answerBudget
	}
	return min(answerBudget, max(0, time.Until(end)-100*time.Millisecond))
}

// passAll asks for the pages through the proxies that apply.
func passAll(ctx context.Context, env *diag.Env) error {
	var all sync.WaitGroup
	for i, w := range wanted(env) {
		u := w.page(w, w.Port())
		if u == nil || !internet.ProxyFor(env, u) {
			continue
		}
		c := climber{env: env, at: i, wanted: w}
		all.Go(func() {
			if p, known := internet.Pass(ctx, env, u); known {
				c.update(func(t *Target) { t.Passage = &p })
			}
		})
	}
	all.Wait()
	return nil
}
