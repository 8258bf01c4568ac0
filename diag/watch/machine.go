package watch

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/deep"
	"deskside/diag/host"
	"deskside/diag/link"
)

// Machine is a watch over a real machine.
type Machine struct {
	Host     host.Host
	Config   config.Config
	Interval time.Duration
	Observe  func(changes []Change, view func(samples int) View)
}

// diagnosed leaves out what cannot interrupt anything: disks are for the full
// check.
var diagnosed = []string{"connectivity", "gateway", "dns", "wifi"}

// Run watches until ctx ends. It returns the summary and everyone that was
// contacted.
func (m Machine) Run(ctx context.Context) (View, []diag.Contact) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	wake, news := Listen(ctx)
	var sent Contacts
	p := NewProber(m.Host, m.Config, news, sent.Add)
	w := Watch{
		Interval: m.Interval, Clock: Now, Observe: m.Observe, Wake: wake,
		Tick: p.Tick,
		Diagnose: func(ctx context.Context, i Incident) (Verdict, int) {
			res := catalog.Run(ctx, m.Host, catalog.Options{Config: m.Config, Focus: diag.Focus{Only: diagnosed}})
			for _, c := range res.Contacted {
				sent.Add(c)
			}
			d := res.Diagnosis
			if i.Signs != nil {
				d = catalog.Explain(m.watched(ctx, res.Facts, i)).Diagnosis
			}
			return verdictOf(d, i.Kind), Packets(res.Contacted)
		},
	}
	v := w.Run(ctx)
	return v, sent.Rows()
}

// watched adds to the facts of a short look what the watch saw over a minute,
// and who on this PC sends, so that the same rules name causes that show over
// time only. It sends nothing.
func (m Machine) watched(ctx context.Context, f diag.Facts, i Incident) diag.Facts {
	env := diag.NewEnv(m.Host, m.Config)
	link.Section.Update(env.Facts, func(l *link.Facts) { *l = link.Section.Of(f) })
	_ = deep.WatchUplink(ctx, env) // who sends stays unknown
	var seen deep.Facts
	env.Facts.Look(func(all diag.Facts) { seen = deep.Section.Of(all) })
	return deep.Section.In(f, withSigns(seen, i))
}

// withSigns puts an incident's signs where the second tier puts what it
// measures itself: the router is the first hop, the anchor is the far end.
func withSigns(f deep.Facts, i Incident) deep.Facts {
	if i.Signs == nil {
		return f
	}
	series := func(s Station) (out deep.Series) {
		for _, r := range i.Signs.Recent[s] {
			out.Sent++
			if r.State == Lost || r.Retried {
				out.Lost++
			} else {
				out.RTTMS = append(out.RTTMS, diag.MS(r.RTT))
			}
		}
		return out
	}
	switch router, provider := series(Router), series(Provider); i.Kind {
	case Losses:
		if router.Sent > 0 {
			f.Hops = []deep.Hop{{TTL: 1, From: i.Signs.Place, Scope: link.ScopeOf(i.Signs.Place), Series: router}}
		}
		at, _ := netip.ParseAddrPort(i.Signs.Anchor)
		family := 4
		if at.Addr().Is6() {
			family = 6
		}
		f.Ends = []deep.End{{Address: at.Addr().String(), Port: int(at.Port()), Family: family, Series: provider}}
	case Slow:
		before := func(s Station) float64 { return diag.MS(i.Signs.Usual[s]) }
		now := func(s Station) float64 { return diag.MS(i.Signs.Now[s]) }
		f.Before = &deep.Before{NearMS: before(Router), FarMS: before(Provider), NearNowMS: now(Router), FarNowMS: now(Provider)}
	}
	return f
}

// telling are the causes that make an incident of a kind what it is; others
// may be true as well, or follow from it.
var telling = map[Kind][]string{
	Losses: {"wan.loss_hop", "link.errors", "wifi.weak_signal", "wifi.congested"},
	Slow:   {"perf.uplink_hog", "perf.uplink_saturated_other", "dns.slow", "wifi.weak_signal", "wifi.congested"},
}

// verdictOf takes the first root cause that tells of this kind of incident,
// or else the first that breaks something, or else the first that annoys.
func verdictOf(d diag.Diagnosis, kind Kind) Verdict {
	for _, wanted := range []func(diag.Cause) bool{
		func(c diag.Cause) bool { return slices.Contains(telling[kind], c.ID) },
		func(c diag.Cause) bool { return c.Severity == diag.Fail },
		func(c diag.Cause) bool { return c.Severity == diag.Warn },
	} {
		if n := slices.IndexFunc(d.Causes, wanted); n >= 0 {
			return Verdict{Naming: Named, Cause: d.Causes[n].ID, Title: d.Causes[n].Message("title")}
		}
	}
	return Verdict{Naming: Unclear}
}
