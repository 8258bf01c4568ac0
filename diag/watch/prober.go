package watch

import (
	"context"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/host"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/wifi"
)

const (
	// refreshEvery is how many quiet ticks go by between two looks at the
	// kernel's tables and the resolver's files; a loss, and word from the
	// kernel, make the next tick look at once.
	refreshEvery = 15
	// giveUp is how often a means of asking the router may fail, while what
	// lies behind the router answers, before another is tried.
	giveUp = 3
)

// Prober asks the stations of this PC. It is used by one goroutine.
type Prober struct {
	host  host.Host
	cfg   config.Config
	facts diag.Facts // the local ones, as last read
	age   int        // ticks since then
	stale bool
	means []string // of asking the router that are left, the one in use first
	vain  int      // how often that one failed while the far side answered
	pick  choosing // which anchor
	// soonest is the quickest answer to a name so far.
	soonest time.Duration
	place   string
	news    <-chan News // the kernel's word about links, addresses and routes
	sent    func(diag.Contact)
}

// News is one thing the kernel said changed.
type News struct {
	Index int  // of the link; 0: an address or a route
	Down  bool // the link lost its carrier or went away
}

// NewProber returns a prober. news may be nil; sent is told of everything
// that was sent, from the goroutine that calls Tick.
func NewProber(h host.Host, cfg config.Config, news <-chan News, sent func(diag.Contact)) *Prober {
	return &Prober{host: h, cfg: cfg, stale: true, news: news, sent: sent}
}

// Tick asks every station once, all at the same time: at most one packet to
// the router, one TCP connect (three packets), one question (one packet, three
// when there is no answer). It takes at most 1.5 s.
func (p *Prober) Tick(ctx context.Context) (Tick, int) {
	k, timers := Tick{At: Now()}, watchTimers()
	dropped := p.dropped() // before the tables are read again: what was in use until now counts
	before := link.Section.Of(p.facts)
	env := p.look(ctx)
	dropped = dropped || flapped(before, link.Section.Of(p.facts))
	router, named := p.router(env)
	if named {
		k.Place = router.Address
	}
	k.Readings[Link] = online(env, dropped)
	k.Signal, k.Way = signal(env), wayOut(env)

	var asking sync.WaitGroup
	if named {
		asking.Go(func() { k.Readings[Router], p.means = askRouter(ctx, env, router, p.means) })
	}
	anchors := internet.Anchors(env)
	if len(anchors) > 0 {
		k.Anchor = p.pick.next(anchors).String()
	}
	if len(p.cfg.Probe.Anchors) > 0 {
		asking.Go(func() { k.Readings[Provider] = p.askAnchor(ctx, env, anchors) })
	}
	asking.Go(func() { k.Readings[Names] = p.askName(ctx, env) })
	asking.Wait()
	p.learn(k)
	k.Late = timers.end()
	k.Ended = Now()
	return k, p.account(env)
}

// look returns an environment with the local facts, read anew when they are
// old. Each tick has its own, so that nothing piles up.
func (p *Prober) look(ctx context.Context) *diag.Env {
	env := diag.NewEnv(p.host, p.cfg)
	if p.stale || p.age >= refreshEvery {
		link.Local(ctx, env)
		gateway.Local(ctx, env)
		dns.Local(ctx, env)
		wifi.Local(ctx, env)
		for _, probe := range wifi.Probes() {
			if ok := true; probe.When != nil {
				env.Facts.Look(func(f diag.Facts) { ok = probe.When(f) })
				if !ok {
					continue
				}
			}
			_ = probe.Run(ctx, env) // the signal stays unknown
		}
		p.facts, p.age, p.stale = keep(env), 0, false
		return env
	}
	p.age++
	link.Section.Update(env.Facts, func(f *link.Facts) { *f = link.Section.Of(p.facts) })
	gateway.Section.Update(env.Facts, func(f *gateway.Facts) { *f = gateway.Section.Of(p.facts) })
	dns.Section.Update(env.Facts, func(f *dns.Facts) { *f = dns.Section.Of(p.facts) })
	wifi.Section.Update(env.Facts, func(f *wifi.Facts) { *f = wifi.Section.Of(p.facts) })
	return env
}

// keep takes the sections out of a store.
func keep(env *diag.Env) (out diag.Facts) {
	env.Facts.Look(func(f diag.Facts) {
		out = link.Section.In(out, link.Section.Of(f))
		out = gateway.Section.In(out, gateway.Section.Of(f))
		out = dns.Section.In(out, dns.Section.Of(f))
		out = wifi.Section.In(out, wifi.Section.Of(f))
	})
	return out
}

// router is the one in use. Another router is asked by all means again.
func (p *Prober) router(env *diag.Env) (best gateway.Router, ok bool) {
	env.Facts.Look(func(f diag.Facts) {
		for _, r := range gateway.Section.Of(f).Routers {
			if !ok || r.Used && !best.Used {
				best, ok = r, true
			}
		}
	})
	if ok && best.Address != p.place {
		p.soonest = 0
		p.place, p.means, p.vain = best.Address, []string{gateway.ByEcho, gateway.ByTTL}, 0
	}
	return best, ok
}

// learn chooses what the next tick does differently: another anchor after a
// loss, another means for a router that is there and does not answer to this.
func (p *Prober) learn(k Tick) {
	passes := k.Readings[Provider].State == Answered
	for _, r := range k.Readings {
		p.stale = p.stale || r.State == Lost
	}
	p.pick.heard(k.Anchor, k.Readings[Provider].State)
	switch k.Readings[Router].State {
	case Answered:
		p.vain = 0
	case Lost:
		if passes {
			p.vain++
		}
	}
	if p.vain >= giveUp && len(p.means) > 0 {
		p.means, p.vain = p.means[1:], 0
	}
}

// dropped takes the kernel's word: true when a link in use was down, if only
// for a moment.
func (p *Prober) dropped() (yes bool) {
	for {
		select {
		case n := <-p.news:
			p.stale = true
			for _, path := range link.Section.Of(p.facts).Paths {
				yes = yes || n.Down && path.Index == n.Index && path.For == "anchor"
			}
		default:
			return yes
		}
	}
}

// account tells what was sent, and counts the packets of it: those of a
// handshake that is reset are three, see [internet.Knock].
func (p *Prober) account(env *diag.Env) int {
	rows := env.Ledger.Rows()
	for _, c := range rows {
		if p.sent != nil {
			p.sent(c)
		}
	}
	return Packets(rows)
}

// Packets estimates what rows of the ledger cost on the wire: the kernel adds
// its own to every TCP connection.
func Packets(rows []diag.Contact) (n int) {
	for _, c := range rows {
		if c.Proto == "tcp" {
			n += 2
		}
		n += c.Packets
	}
	return n
}
