package gateway

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/host"
	"deskside/diag/link"
)

// series says how many echoes, how far apart, and how long to wait in all.
type series struct {
	count            int
	interval, window time.Duration
}

// Five echoes in 100 ms leave every one of them 600 ms to come back; the deep
// look sees short outages and answers as late as [tooSlow].
var (
	quick = series{5, 25 * time.Millisecond, 700 * time.Millisecond}
	deep  = series{20, 100 * time.Millisecond, 3900 * time.Millisecond}
)

// muteAfter is what a silent router gets beyond the time its far side took.
const muteAfter = 250 * time.Millisecond

// echoRouters measures latency and loss to the routers in use. A later series
// takes the place of an earlier one.
func echoRouters(plan series) func(context.Context, *diag.Env) error {
	return func(ctx context.Context, env *diag.Env) error {
		var routers []Router
		env.Facts.Look(func(f diag.Facts) { routers = append(routers, Section.Of(f).Routers...) })
		var running sync.WaitGroup
		defer running.Wait()
		for _, box := range boxes(routers) {
			running.Go(func() {
				for _, r := range box {
					if echo(ctx, env, r, plan) {
						return
					}
				}
			})
		}
		return nil
	}
}

// boxes are the routers to be asked, one of each family, grouped by link: what
// speaks both families there is one box at the end of one cable, and once it
// was asked in one of them the other tells nothing new.
func boxes(routers []Router) map[int][]Router {
	out := map[int][]Router{}
	for _, family := range []int{4, 6} {
		if r, ok := first(routers, family); ok {
			out[r.Index] = append(out[r.Index], r)
		}
	}
	return out
}

// first is the router of a family that is in use, or else the best there is.
func first(routers []Router, family int) (best Router, ok bool) {
	for _, r := range routers {
		if r.Family == family && (!ok || r.Used && !best.Used) {
			best, ok = r, true
		}
	}
	return best, ok
}

// echo runs one series and reports whether it could. The routing table is asked first: pro-bing never ends
// when the kernel answers EACCES (a prohibit route), see [guard].
func echo(ctx context.Context, env *diag.Env, r Router, plan series) (ran bool) {
	addr, err := netip.ParseAddr(r.Address)
	if err != nil {
		return false
	}
	addr = zoned(addr, r.Index)
	begin := env.SinceMS()
	result := Echo{AtMS: begin}
	switch way := link.Ask(addr); {
	case way.Errno == "EACCES":
		result.Skipped = "denied"
	case way.Reachable != diag.Yes || way.Index != r.Index:
		result.Skipped = "route"
	default:
		result = ladder(ctx, env, r, addr, plan)
		result.AtMS = begin
	}
	if ctx.Err() == context.Canceled {
		return true
	}
	Section.Update(env.Facts, func(f *Facts) {
		router := f.at(r.Address, r.Index)
		router.Echo = result
		if result.Received > 0 {
			router.answered(byICMP, env.SinceMS(), env.SinceMS()-begin)
		}
	})
	return result.Skipped == ""
}

// ladder tries the socket that needs no privilege (ping_group_range, icmp(7)),
// then the raw one.
func ladder(ctx context.Context, env *diag.Env, r Router, addr netip.Addr, plan series) Echo {
	rungs := []bool{false}
	if env.Host.Can(host.NetRaw) {
		rungs = append(rungs, true)
	}
	for _, privileged := range rungs {
		run := newRun(env, r, addr, plan, privileged)
		switch err := run.until(ctx, plan.window, farSideAnswered(env, r.Family, plan)); {
		case run.closedDoor(err):
			continue
		case err != nil:
			if outcome, _ := refusal(err); outcome == Denied {
				return Echo{Skipped: "denied"}
			}
			return Echo{Skipped: "route"}
		}
		return run.result()
	}
	return Echo{Skipped: "permission"}
}
