package deep

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/link"
)

// findSizes searches for the largest packet that arrives, in both families:
// each has routers and filters of its own. Only TCP is asked at first, since
// TCP is what stalls: the size is set by the MSS (TCP_MAXSEG, tcp(7)), which
// needs no rights and works where ICMP does not.
func findSizes(ctx context.Context, env *diag.Env) error {
	nearSizes(ctx, env)
	s := search{env: env}
	env.Facts.Look(func(f diag.Facts) { s.suspected = stalledFamilies(f) })
	var families sync.WaitGroup
	for _, family := range []int{4, 6} {
		families.Go(func() { s.family(ctx, family) })
	}
	families.Wait()
	return ctx.Err()
}

// search is one run of findSizes.
type search struct {
	env       *diag.Env
	suspected map[int]bool // families in which a connection stalled before
	done, of  atomic.Int32 // trials, of both families
}

// family tries places until sizes make a difference at one of them, and then
// has packets without a connection confirm it.
func (s *search) family(ctx context.Context, family int) {
	update := func(change func(*MTU)) {
		Section.Update(s.env.Facts, func(f *Facts) {
			if family == 6 {
				change(&f.MTU6)
			} else {
				change(&f.MTU)
			}
		})
	}
	for _, p := range places(ctx, s.env, family) {
		top := mtuOf(s.env, link.Ask(p.at.Addr()).Index)
		if top == 0 {
			return
		}
		update(func(m *MTU) {
			m.Link, m.Family, m.Address, m.Port, m.AtMS, m.Trials = top, family, p.at.Addr().String(), int(p.at.Port()), s.env.SinceMS(), nil
		})
		tried := s.sizes(ctx, p, top, update)
		if low, _, split := bounds(tried); split && stalls(tried) >= witnesses {
			alone(ctx, s.env, p.at.Addr(), low, min(top, ethernet), func(l Lone) {
				update(func(m *MTU) { m.Lone = append(m.Lone, l) })
			})
			return
		}
	}
}

// sizes tries sizes at one place until the limit is known, or cannot be.
func (s *search) sizes(ctx context.Context, p place, top int, update func(func(*MTU))) (tried []Trial) {
	for {
		sizes := nextSizes(top, tried, s.suspected[familyOf(p.at.Addr())])
		if len(sizes) == 0 || ctx.Err() != nil {
			return tried
		}
		s.step(0, len(sizes))
		tried = append(tried, tryAll(ctx, s.env, p, sizes)...)
		update(func(m *MTU) { m.Trials = tried })
		s.step(len(sizes), 0)
	}
}

func (s *search) step(done, of int) {
	s.env.Step(int(s.done.Add(int32(done))), int(s.of.Add(int32(of))))
}

func familyOf(a netip.Addr) int {
	if a.Is4() {
		return 4
	}
	return 6
}

func mtuOf(env *diag.Env, index int) (mtu int) {
	env.Facts.Look(func(f diag.Facts) {
		l, _ := link.Section.Of(f).Link(index)
		mtu = l.MTU
	})
	return mtu
}

// nearSizes asks the first hop with large frames, on a link that is set to
// them: a switch or router that is not loses them without a word.
func nearSizes(ctx context.Context, env *diag.Env) {
	ends := reachable(env)
	if len(ends) == 0 {
		return
	}
	target := ends[0].addr().Addr()
	large := mtuOf(env, link.Ask(target).Index)
	if large <= ethernet {
		return
	}
	var packets sync.WaitGroup
	for range witnesses {
		for _, size := range []int{smallest, large} {
			packets.Go(func() {
				env.Ledger.Sent(target.String(), gateway.BasePort+1, "udp", "mtu", size)
				a := gateway.Ask(ctx, target, 1, size, patience)
				if a.Outcome == gateway.Expired || a.Outcome == gateway.Silent {
					Section.Update(env.Facts, func(f *Facts) {
						f.MTU.Near = append(f.MTU.Near, Near{Size: size, Answered: a.Outcome == gateway.Expired})
					})
				}
			})
		}
	}
	packets.Wait()
}
