package gateway

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"sort"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/link"
)

const (
	// hopPatience is one second: what is silent for longer does not speak.
	hopPatience = time.Second
	// headStart is how long the first hop is listened to before more is asked.
	headStart = 25 * time.Millisecond
	// afterProof is what hops still get once a connection through them works:
	// they are nearer than its far end, so they have spoken or will not.
	afterProof = 50 * time.Millisecond
)

// traceHops sends one UDP packet for each of the first hops towards an anchor
// of each family and hears what becomes of it. At most five packets that may
// elicit an ICMP error: a Linux router sends six in a burst, then one a second
// (net.ipv4.icmp_ratelimit), and silence must not be our own doing. For the
// same reason the first hop is heard out before the second is asked: a router
// that has no way says so once, and the next look finds it still talking.
func traceHops(ctx context.Context, env *diag.Env) error {
	var local link.Facts
	env.Facts.Look(func(f diag.Facts) { local = link.Section.Of(f) })
	var families sync.WaitGroup
	defer families.Wait()
	for family, ttls := range budget(targets(local)) {
		families.Go(func() { trace(ctx, env, local, family, ttls) })
	}
	return nil
}

// targets picks the anchor to aim at in each family: the first the kernel
// knows a way to, or else the first, whose refusal is a fact too.
func targets(local link.Facts) []link.Path {
	best := map[int]link.Path{}
	for _, p := range local.To("anchor") {
		if old, ok := best[p.Family]; !ok || old.Reachable != diag.Yes && p.Reachable == diag.Yes {
			best[p.Family] = p
		}
	}
	var out []link.Path
	for _, family := range []int{4, 6} {
		if p, ok := best[family]; ok {
			out = append(out, p)
		}
	}
	return out
}

// budget shares five packets: three hops for one family, two for a second.
func budget(paths []link.Path) map[link.Path]int {
	out, left := map[link.Path]int{}, 5
	for _, p := range paths {
		out[p] = 1 // where there is no way, one refusal says it all
		if p.Reachable != diag.No {
			out[p] = min(3, left)
		}
		left -= out[p]
	}
	return out
}

// firstHopHeard reports that the fate of the first packet of every family is
// known: what gateway.hops goes first for.
func firstHopHeard(f diag.Facts) bool {
	for _, p := range targets(link.Section.Of(f)) {
		if _, known := Section.Of(f).hop(p.Family, 1); !known {
			return false
		}
	}
	return true
}

// trace fires at every TTL, and listens to all.
func trace(ctx context.Context, env *diag.Env, local link.Facts, path link.Path, ttls int) {
	target, err := netip.ParseAddr(path.Dest)
	if err != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	t := tracer{env: env, local: local, path: path, target: target}
	var ears, watch sync.WaitGroup
	for ttl := 1; ttl <= ttls; ttl++ {
		h := Hop{TTL: ttl, Target: path.Dest, Family: path.Family, AtMS: env.SinceMS()}
		s, err := fire(target, ttl)
		if err != nil {
			if h.Outcome, h.Errno = refusal(err); h.Outcome != "" {
				t.record(h)
			}
			break // the next would be refused too
		}
		env.Ledger.Sent(path.Dest, basePort+ttl, "udp", "hop", len(greeting))
		ears.Go(func() { t.hear(ctx, s, h) })
		if ttl == 1 && ttls > 1 && t.heardNoWay(ctx) {
			break
		}
	}
	watch.Go(func() {
		if connected(ctx, env, path.Family) {
			late := time.AfterFunc(afterProof, cancel)
			<-ctx.Done()
			late.Stop()
		}
	})
	ears.Wait()
	cancel()
	watch.Wait()
}

// heardNoWay gives the first hop its head start, and reports that it said it
// knows no way: it would say the same about the next packet.
func (t tracer) heardNoWay(ctx context.Context) (no bool) {
	wait, cancel := context.WithTimeout(ctx, headStart)
	defer cancel()
	t.env.Facts.Await(wait.Done(), func(f diag.Facts) bool {
		h, known := Section.Of(f).hop(t.path.Family, 1)
		no = h.NoWay()
		return known
	})
	return no
}

// connected waits until an anchor of the family took a connection.
func connected(ctx context.Context, env *diag.Env, family int) bool {
	return env.Facts.Await(ctx.Done(), func(f diag.Facts) bool { return reaches(f, family) })
}

type tracer struct {
	env    *diag.Env
	local  link.Facts
	path   link.Path
	target netip.Addr
}

// hear records a packet's fate. Waiting that was cut short records nothing.
func (t tracer) hear(ctx context.Context, s *shot, h Hop) {
	e, rtt, err := s.wait(ctx, hopPatience)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		h.Outcome = Silent
	case err != nil:
		return
	default:
		h.Outcome = fateOf(e, t.target)
		h.Type, h.Code, h.RTTMS = e.Type, e.Code, diag.MS(rtt)
		if e.From.IsValid() {
			h.From = e.From.String()
			h.Scope = link.ScopeOf(h.From)
			h.Self = t.own(h.From)
		}
	}
	if h.Outcome != "" {
		t.record(h)
	}
}

func (t tracer) own(address string) bool {
	for _, a := range t.local.Addresses {
		if a.IP == address {
			return true
		}
	}
	return false
}

func (t tracer) record(h Hop) {
	Section.Update(t.env.Facts, func(f *Facts) {
		f.Hops = append(f.Hops, h)
		sort.Slice(f.Hops, func(i, j int) bool {
			a, b := f.Hops[i], f.Hops[j]
			return a.Family < b.Family || a.Family == b.Family && a.TTL < b.TTL
		})
		f.nameRouters()
		if r := f.at(t.path.Gateway, t.path.Index); r != nil && h.From != "" && !h.Self {
			r.answered(byICMP, t.env.SinceMS(), h.RTTMS)
		}
	})
}
