package target

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/internet"
)

const (
	// systemBudget is how long the system's own lookup is waited for where no
	// server gave an address: name servers have had their say by then (1.2 s),
	// and mDNS answers within a second (RFC 6762, 5.2).
	systemBudget = 1500 * time.Millisecond
	// serversWait is how long this PC's own servers may follow its own lookup:
	// they tell more (a filter's 0.0.0.0), and mostly come in the same breath.
	serversWait = 50 * time.Millisecond
	// mostAddresses of one name and family that are tried.
	mostAddresses = 2
)

// resolve climbs the first rung: the hosts file, then this PC's own servers,
// the control resolvers and the system's own lookup at once. Addresses of this
// PC's own servers are taken as soon as one of them has answered for every
// family; those of a control resolver never, because no program of this PC
// would have them. A name that means something here only is not told to the
// control resolvers. It is false when ctx ended first.
func resolve(ctx context.Context, env *diag.Env, name string, local bool) (Lookup, []netip.Addr, bool) {
	l, begin := Lookup{AtMS: env.SinceMS()}, time.Now()
	if found := dns.FromHosts(env, name); len(found) > 0 {
		l.By = dns.ByHosts
		return l, found, true
	}
	stage, cancel := context.WithTimeout(ctx, systemBudget)
	defer cancel()
	heard := newHearing(stage, env, name, local)
	addrs := heard.addresses()
	cancel()
	l.By, l.System, l.Told = heard.by, heard.system, heard.told
	l.TookMS = diag.MS(time.Since(begin))
	return l, addrs, ctx.Err() == nil
}

// hearing collects what everybody says about one name.
type hearing struct {
	families []int
	answers  chan Told
	lookup   chan systemAnswer
	own      int // answers of this PC's own servers still out
	told     []Told
	by       string
	system   string
}

type systemAnswer struct {
	outcome string
	ips     []string
}

func newHearing(ctx context.Context, env *diag.Env, name string, local bool) *hearing {
	h := &hearing{lookup: make(chan systemAnswer, 1)}
	var own, control []dns.Server
	env.Facts.Look(func(f diag.Facts) {
		own, control = dns.Section.Of(f).Asked()
		own, control = append([]dns.Server{}, own...), append([]dns.Server{}, control...)
		for _, family := range []int{4, 6} {
			if family == 4 || internet.Usable(f, family) {
				h.families = append(h.families, family)
			}
		}
	})
	if local {
		control = nil
	}
	h.own = len(own) * len(h.families)
	h.answers = make(chan Told, h.own+len(control)*len(h.families)) // nobody blocks when it is over
	var all sync.WaitGroup
	for _, s := range append(own, control...) {
		for _, family := range h.families {
			all.Go(func() {
				if q, ok := dns.AskFor(ctx, env, s, name, family); ok {
					h.answers <- Told{Server: s.Address, Role: s.Role, Query: q}
				}
			})
		}
	}
	go func() { all.Wait(); close(h.answers) }()
	go func() {
		outcome, ips := dns.SystemLookup(ctx, env, name)
		if outcome != dns.Found && ctx.Err() != nil {
			outcome = dns.Slow
		}
		h.lookup <- systemAnswer{outcome, ips}
	}()
	return h
}

// addresses waits until programs of this PC would have addresses, or until
// everybody has spoken.
func (h *hearing) addresses() []netip.Addr {
	answers, lookup := h.answers, h.lookup
	var system []netip.Addr
	var enough <-chan time.Time
	for answers != nil || lookup != nil {
		select {
		case <-enough:
			return system
		case t, open := <-answers:
			if !open {
				answers = nil
				if len(system) > 0 {
					return system
				}
				continue
			}
			h.told = append(h.told, t)
			if found := h.complete(t.Server); len(found) > 0 && t.Role != dns.Control {
				h.by = dns.ByConfigured
				return parsed(found)
			}
		case s := <-lookup:
			lookup, h.system = nil, s.outcome
			if s.outcome == dns.Found {
				h.by, system, enough = BySystem, parsed(s.ips), time.After(serversWait)
				if answers == nil {
					return system
				}
			}
		}
	}
	return system
}

// complete returns a server's addresses once it has answered for every family.
func (h *hearing) complete(server string) []string {
	var ips []string
	n := 0
	for _, t := range h.told {
		if t.Server == server {
			n++
			ips = append(ips, t.IPs...)
		}
	}
	if n < len(h.families) {
		return nil
	}
	return ips
}

func parsed(ips []string) []netip.Addr {
	var out []netip.Addr
	for _, s := range ips {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, a.Unmap())
		}
	}
	return out
}

// few keeps some addresses of each family that has a way out, IPv4 first, in
// the order they were given.
func few(env *diag.Env, addrs []netip.Addr) []netip.Addr {
	var usable [2]bool
	env.Facts.Look(func(f diag.Facts) { usable = [2]bool{internet.Usable(f, 4), internet.Usable(f, 6)} })
	var byFamily [2][]netip.Addr
	for _, a := range addrs {
		family := 0
		if !a.Is4() {
			family = 1
		}
		if len(byFamily[family]) < mostAddresses {
			byFamily[family] = append(byFamily[family], a)
		}
	}
	for family, other := range []int{1, 0} {
		if !usable[family] && usable[other] && len(byFamily[other]) > 0 {
			byFamily[family] = nil
		}
	}
	return append(byFamily[0], byFamily[1]...)
}
