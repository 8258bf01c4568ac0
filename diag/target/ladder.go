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
	if c.rungs(ctx) {
		c.update(func(t *Target) { t.Ended = true })
	}
}

// rungs is false when ctx ended before the ladder did.
func (c climber) rungs(ctx context.Context) bool {
	addrs, known := c.name(ctx)
	if !known || len(addrs) == 0 {
		return known
	}
	var late sync.WaitGroup
	defer late.Wait() // a dead family is known only when its connects have ended
	for _, port := range c.wanted.Ports {
		before, countable := internet.RetransFails(c.env)
		conn, silent := c.connect(ctx, addrs, port, &late)
		if after, ok := internet.RetransFails(c.env); silent && ok && countable && after > before {
			c.update(func(t *Target) { t.Dropped = true })
		}
		if ctx.Err() != nil && conn == nil {
			return false
		}
		if conn != nil {
			defer conn.Close()
			return c.talk(ctx, conn, port)
		}
		if silent && len(c.wanted.Ports) == 1 {
			return c.companion(ctx, addrs[0], companion(port))
		}
	}
	return true
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
func (c climber) companion(ctx context.Context, a netip.Addr, port int) bool {
	conn, row, ok := c.open(ctx, netip.AddrPortFrom(a, uint16(port)))
	if conn != nil {
		conn.Close()
	}
	if row.Companion = true; ok {
		c.update(func(t *Target) { t.Connects = append(t.Connects, row) })
	}
	return ok
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
