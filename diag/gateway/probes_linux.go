package gateway

import (
	"context"
	"time"

	"deskside/diag"
	"deskside/diag/link"
)

// Local names the routers and reads what the neighbour table says about them.
// It sends nothing.
func Local(_ context.Context, env *diag.Env) {
	var routers []Router
	env.Facts.Look(func(f diag.Facts) { routers = routersOf(link.Section.Of(f)) })
	if len(routers) == 0 {
		return
	}
	if table, err := neighbours(); err == nil {
		for i := range routers {
			r := &routers[i]
			r.State, r.AtMS = noEntry, env.SinceMS()
			for _, n := range table {
				if n.Address == r.Address && n.Index == r.Index {
					r.State = n.State
				}
			}
		}
	}
	Section.Update(env.Facts, func(f *Facts) { f.Routers = routers })
}

// Probes ask the routers and the hops behind them.
func Probes() []diag.Probe {
	return []diag.Probe{
		{ID: "gateway.router", First: true, Aside: true, Budget: 2500 * time.Millisecond, When: hasRouter, Run: watchRouters},
		{ID: "gateway.hops", First: true, Heard: firstHopHeard, Budget: 2200 * time.Millisecond, When: hasTarget, Run: traceHops},
		{ID: "gateway.overheard", First: true, Aside: true, Budget: earPatience + 500*time.Millisecond, When: hasRouter, Run: overhear},
		{ID: "gateway.echo", First: true, Aside: true, Budget: 1100 * time.Millisecond, When: hasRouter, Run: echoRouters(quick)},
		{ID: "gateway.series", Deep: true, Budget: 4300 * time.Millisecond, When: hasRouter, Run: echoRouters(deep)},
	}
}

func hasRouter(f diag.Facts) bool { return len(Section.Of(f).Routers) > 0 }

func hasTarget(f diag.Facts) bool { return len(link.Section.Of(f).To("anchor")) > 0 }
