package target

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/internet"
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
	letOthersBegin(ctx, env)
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
			return c.decoy(ctx, conn, u)
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
