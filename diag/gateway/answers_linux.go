package gateway

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/link/arp"
)

// When own ARP asks: the first may be lost to a sleeping radio, the third
// still has 300 ms to be answered before [decideAfter].
var askAt = []time.Duration{0, 150 * time.Millisecond, 400 * time.Millisecond}

var decideAt = []time.Duration{decideAfter, decideKernelAfter}

const (
	// twinWindow is how long a second MAC may take after the first: on one
	// LAN two owners of an address answer within a millisecond of each other.
	twinWindow = 100 * time.Millisecond
	// secondThoughts lets a late answer take a "no" back, while others are
	// still measuring.
	secondThoughts = 1300 * time.Millisecond
)

// watchRouters finds out which routers answer on the wire: by our own ARP
// where we may, by the kernel's neighbour table everywhere, and by ICMP that
// the other probes of this package hear.
func watchRouters(ctx context.Context, env *diag.Env) error {
	v := newVigil(env)
	ctx, cancel := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer v.close()
	defer cancel()

	news, claims := make(chan neighbour), make(chan arp.Claim)
	if table, err := changes(); err == nil {
		readers.Go(func() { follow(ctx, table, news) })
		defer table.Close()
	}
	for _, w := range v.wires {
		readers.Go(func() { w.Listen(ctx, claims) })
	}
	v.look()
	quiet := v.whenSettled(ctx, &readers)
	readers.Go(func() { v.poke(ctx) })

	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-quiet:
			return nil
		case n := <-news:
			v.heard(n)
		case c := <-claims:
			v.claimed(c)
		case <-tick.C:
			next := v.due()
			if next < 0 {
				return nil
			}
			tick.Reset(next)
		}
	}
}

// whenSettled is closed when every router has answered and twins had their
// time.
func (v *vigil) whenSettled(ctx context.Context, running *sync.WaitGroup) <-chan struct{} {
	settled := make(chan struct{})
	running.Go(func() {
		all := v.env.Facts.Await(ctx.Done(), func(f diag.Facts) bool {
			for _, r := range Section.Of(f).Routers {
				if r.Answers != diag.Yes {
					return false
				}
			}
			return true
		})
		if !all {
			return
		}
		if len(v.wires) > 0 {
			twins := time.NewTimer(twinWindow)
			defer twins.Stop()
			select {
			case <-twins.C:
			case <-ctx.Done():
			}
		}
		close(settled)
	})
	return settled
}

// knockAfter is when a router that our other packets leave through, and that
// has given no sign of life, is knocked at by itself. Sooner would cost every
// healthy run a packet.
const knockAfter = 400 * time.Millisecond

// poke makes the kernel look for those routers that nobody else will ask: no
// ARP of our own, and no packet of the hop probe leaves through them. Its
// answer ("port unreachable") is proof too, so what lets nothing past, and is
// in the neighbour table from before, is asked as well, later.
func (v *vigil) poke(ctx context.Context) {
	via := map[string]bool{}
	for _, p := range targets(v.local) {
		via[p.Gateway] = true
	}
	var shots sync.WaitGroup
	defer shots.Wait()
	for _, r := range v.routers {
		a, err := netip.ParseAddr(r.Address)
		if err != nil || r.Family == 4 && v.wires[r.Index] != nil {
			continue
		}
		shots.Go(func() {
			if !via[r.Address] || v.mute(ctx, r) {
				v.knock(ctx, r, a)
			}
		})
	}
}

// mute waits for knockAfter, and reports that nothing was heard of the router
// until then.
func (v *vigil) mute(ctx context.Context, r Router) bool {
	patience, cancel := context.WithTimeout(ctx, knockAfter)
	defer cancel()
	heard := v.env.Facts.Await(patience.Done(), func(f diag.Facts) bool {
		now := Section.Of(f)
		return now.at(r.Address, r.Index).Answers != diag.Maybe
	})
	return !heard && ctx.Err() == nil
}

// knock sends the router itself one packet and hears what becomes of it.
func (v *vigil) knock(ctx context.Context, r Router, a netip.Addr) {
	s, err := fire(zoned(a, r.Index), 1)
	if err != nil {
		return
	}
	v.env.Ledger.Sent(r.Address, basePort+1, "udp", "router", len(greeting))
	e, _, err := s.wait(ctx, decideKernelAfter)
	if err == nil && e.From == a {
		Section.Update(v.env.Facts, func(f *Facts) {
			f.at(r.Address, r.Index).answered(byICMP, v.env.SinceMS(), diag.MS(v.waited()))
		})
	}
}
