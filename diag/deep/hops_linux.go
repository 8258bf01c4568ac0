package deep

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/link"
)

const (
	rounds = 20                     // packets to every place
	pace   = 250 * time.Millisecond // between rounds: 5 s in all
	// patience for one packet. It ends before the kernel sends a SYN again
	// (1 s, RFC 6298), so every connect is one packet there and one back; what
	// takes longer is as good as lost to a person who waits.
	patience = 980 * time.Millisecond
	farthest = 20 // hops that are looked for
	series   = 8  // hops that are watched, nearest first
)

// watchPath finds the hops towards an anchor, then sends one packet to each
// hop and each far end in every round.
func watchPath(ctx context.Context, env *diag.Env) error {
	ends := reachable(env)
	if len(ends) == 0 {
		return nil
	}
	target := netip.MustParseAddr(ends[0].Address)
	hops := discover(ctx, env, target)
	Section.Update(env.Facts, func(f *Facts) { f.Hops, f.Ends = hops, ends })
	beat := time.NewTicker(pace)
	defer beat.Stop()
	var packets sync.WaitGroup
	defer packets.Wait()
	for round := range rounds {
		env.Step(round, rounds)
		for i, h := range hops {
			packets.Go(func() { askHop(ctx, env, target, i, h.TTL) })
		}
		for i, e := range ends {
			packets.Go(func() { knock(ctx, env, i, e) })
		}
		select {
		case <-beat.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	env.Step(rounds, rounds)
	return nil
}

// discover sends one packet for every hop. Those that speak are the path.
func discover(ctx context.Context, env *diag.Env, target netip.Addr) []Hop {
	answers := make([]gateway.Answer, farthest+1)
	var packets sync.WaitGroup
	for ttl := 1; ttl <= farthest; ttl++ {
		packets.Go(func() {
			note(env, target, ttl, "hop")
			answers[ttl] = gateway.Ask(ctx, target, ttl, 0, patience)
		})
	}
	packets.Wait()
	var hops []Hop
	for ttl, a := range answers {
		if a.Outcome == gateway.Expired && len(hops) < series {
			from := a.From.String()
			hops = append(hops, Hop{TTL: ttl, From: from, Scope: link.ScopeOf(from), Series: Series{AtMS: env.SinceMS()}})
		}
	}
	return hops
}

func askHop(ctx context.Context, env *diag.Env, target netip.Addr, i, ttl int) {
	note(env, target, ttl, "hop")
	a := gateway.Ask(ctx, target, ttl, 0, patience)
	switch a.Outcome {
	case gateway.Expired:
		Section.Update(env.Facts, func(f *Facts) { f.Hops[i].answered(a.RTT) })
	case gateway.Silent:
		Section.Update(env.Facts, func(f *Facts) { f.Hops[i].lost() })
	}
}

// note tells the ledger of a packet of [gateway.Ask].
func note(env *diag.Env, target netip.Addr, ttl int, why string) {
	env.Ledger.Sent(target.String(), gateway.BasePort+ttl, "udp", why, 8)
}

func (s *Series) answered(rtt time.Duration) {
	s.Sent++
	s.RTTMS = append(s.RTTMS, diag.MS(rtt))
}

func (s *Series) lost() {
	s.Sent++
	s.Lost++
}
