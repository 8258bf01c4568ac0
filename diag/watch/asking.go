package watch

import (
	"context"
	"net/netip"
	"time"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/wifi"
)

// routerPatience: what takes longer than a second feels like silence.
const routerPatience = time.Second

func (p *Prober) askAnchor(ctx context.Context, env *diag.Env, anchors []netip.AddrPort) Reading {
	if len(anchors) == 0 {
		return Reading{State: Lost} // there are some, and no way to any
	}
	row, repeated, known := internet.Knock(ctx, env, p.pick.next(anchors))
	switch {
	case !known || row.Outcome == internet.Exhausted:
		return Reading{}
	case row.Outcome == internet.Connected || row.Outcome == internet.Refused:
		return Reading{State: Answered, RTT: ms(row.TookMS), Retried: repeated}
	}
	return Reading{State: Lost}
}

func (p *Prober) askName(ctx context.Context, env *diag.Env) Reading {
	var own []dns.Server
	env.Facts.Look(func(f diag.Facts) { own, _ = dns.Section.Of(f).Asked() })
	if len(own) == 0 || len(p.cfg.Probe.Names) == 0 {
		return Reading{}
	}
	q, known := dns.AskFor(ctx, env, own[0], p.cfg.Probe.Names[0], 4)
	switch {
	case !known || q.Outcome == dns.Failed:
		return Reading{}
	case q.Outcome == dns.Answered && (q.Rcode == "NOERROR" || q.Rcode == "NXDOMAIN"):
		return p.named(q)
	}
	return Reading{State: Lost}
}

// named reads an answer. A question that had to be sent again was lost, or the
// server took its time: when the answer came as soon after the last sending as
// answers do here, it was that one which was heard.
func (p *Prober) named(q dns.Query) Reading {
	r := Reading{State: Answered, RTT: ms(q.TookMS)}
	if q.Sends <= 1 {
		if p.soonest == 0 || r.RTT < p.soonest {
			p.soonest = r.RTT
		}
		return r
	}
	const air = 10 * time.Millisecond
	r.Retried = p.soonest > 0 && ms(q.LastMS) < 3*p.soonest+air
	return r
}

// askRouter asks by the first means that is allowed here, and returns those
// that are left.
func askRouter(ctx context.Context, env *diag.Env, r gateway.Router, means []string) (Reading, []string) {
	for len(means) > 0 {
		rtt, err, known := gateway.Knock(ctx, env, r, means[0], routerPatience)
		switch {
		case ctx.Err() != nil:
			return Reading{}, means
		case !known:
			means = means[1:]
			continue
		case err != nil:
			return Reading{State: Lost}, means
		}
		return Reading{State: Answered, RTT: rtt}, means
	}
	return Reading{}, nil
}

// flapped reports a link in use that lost its carrier and has it again: the
// kernel joins quick changes into one message, and only counts them.
func flapped(before, now link.Facts) bool {
	for _, p := range before.To("anchor") {
		old, was := before.Link(p.Index)
		l, is := now.Link(p.Index)
		if was && is && old.Carrier && l.Carrier && l.Flaps >= old.Flaps+2 {
			return true
		}
	}
	return false
}

// online says whether there is a way out of this PC at all: a default route
// through a link that is up and has its carrier.
func online(env *diag.Env, dropped bool) (r Reading) {
	env.Facts.Look(func(all diag.Facts) {
		f := link.Section.Of(all)
		if f.Readable != diag.Yes {
			return
		}
		r.State = Lost
		for _, family := range []int{4, 6} {
			for _, d := range f.Defaults(family) {
				if l, known := f.Link(d.Index); known && l.Up && l.Carrier && !d.Dead && !dropped {
					r.State = Answered
				}
			}
		}
	})
	return r
}

// wayOut is the link that packets to the outside leave by.
func wayOut(env *diag.Env) (w Way) {
	env.Facts.Look(func(all diag.Facts) {
		f := link.Section.Of(all)
		for _, p := range f.To("anchor") {
			if l, known := f.Link(p.Index); known && p.Reachable == diag.Yes && w == (Way{}) {
				w = Way{Name: l.Name, Kind: l.Kind}
			}
		}
	})
	return w
}

func signal(env *diag.Env) (dbm int) {
	env.Facts.Look(func(f diag.Facts) {
		if l := wifi.Section.Of(f).Link; l != nil {
			dbm = l.Signal
		}
	})
	return dbm
}

func ms(v float64) time.Duration { return time.Duration(v * float64(time.Millisecond)) }
