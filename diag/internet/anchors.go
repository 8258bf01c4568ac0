package internet

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/link"
)

// probeAnchors connects to every anchor at once. While at least one stays
// silent it also watches whether the kernel itself drops the retransmitted
// SYN, which tells a rule on this PC from silence on the path. Once all the
// rest works, one that stays silent is not waited for: it is its own trouble.
func probeAnchors(ctx context.Context, env *diag.Env) error {
	ctx, enough := context.WithCancel(ctx)
	var others sync.WaitGroup
	defer others.Wait()
	defer enough()
	others.Go(func() { whenRestWorks(ctx, env, enough) })
	before, countable := retransFails(env.Host)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		var all sync.WaitGroup
		for _, to := range anchors(env) {
			all.Go(func() { connect(ctx, line{env: env, why: "anchor"}, to, 0) })
		}
		all.Wait()
	}()
	if countable {
		watch := time.NewTimer(retransAfter)
		defer watch.Stop()
		select {
		case <-answered:
		case <-watch.C:
			if after, ok := retransFails(env.Host); ok {
				Section.Update(env.Facts, func(f *Facts) { f.Retrans = Retrans{Known: true, Delta: after - before} })
			}
		}
	}
	<-answered
	return nil
}

// whenRestWorks calls enough once an anchor of every family that has any took a
// connection and a known page came directly, and the others had twice the time
// of those that answered.
func whenRestWorks(ctx context.Context, env *diag.Env, enough func()) {
	var slowest float64
	works := env.Facts.Await(ctx.Done(), func(f diag.Facts) bool {
		took, yes := Section.Of(f).restWorks()
		slowest = took
		return yes
	})
	if !works {
		return
	}
	late := time.AfterFunc(2*time.Duration(slowest*float64(time.Millisecond))+lateWait, enough)
	<-ctx.Done()
	late.Stop()
}

// restWorks also says how long the slowest anchor took, in milliseconds.
func (f Facts) restWorks() (tookMS float64, yes bool) {
	good := map[int]int{}
	for _, c := range f.Anchors {
		if took(c) {
			good[c.Family]++
			tookMS = max(tookMS, c.TookMS)
		}
	}
	reached := (f.Asked.Anchors4 == 0 || good[4] > 0) && (f.Asked.Anchors6 == 0 || good[6] > 0)
	return tookMS, reached && matched(f.direct())
}

// anchors returns the configured anchors of the families that have a way out.
func anchors(env *diag.Env) []netip.AddrPort {
	var out []netip.AddrPort
	env.Facts.Look(func(f diag.Facts) { out = anchorsFor(env.Config.Probe.Anchors, f) })
	return out
}

func anchorsFor(configured []string, f diag.Facts) []netip.AddrPort {
	var out []netip.AddrPort
	for _, s := range configured {
		if to, err := netip.ParseAddrPort(s); err == nil && usable(f, familyOf(to)) {
			out = append(out, to)
		}
	}
	return out
}

func familyOf(a netip.AddrPort) int {
	if a.Addr().Unmap().Is4() {
		return 4
	}
	return 6
}

// connect makes one TCP connect and records it, unless it was cut.
func connect(ctx context.Context, l line, to netip.AddrPort, index int) {
	stage, cancel := context.WithTimeout(ctx, connectBudget)
	defer cancel()
	at, begin := l.env.SinceMS(), time.Now()
	conn, err := l.dial(stage, to)
	if conn != nil {
		hangUp(conn)
	}
	if err != nil && ctx.Err() != nil {
		return // cut: absent is unknown
	}
	if l.iface != "" && bindRefused(err) {
		Section.Update(l.env.Facts, func(f *Facts) { f.BindDenied = true })
		return
	}
	outcome, errno := classify(err)
	row := Connect{
		Address: to.Addr().String(), Port: int(to.Port()), Family: familyOf(to), Index: index,
		Outcome: outcome, Errno: errno, AtMS: at, TookMS: diag.MS(time.Since(begin)),
	}
	Section.Update(l.env.Facts, func(f *Facts) {
		if index != 0 {
			f.Bound = append(f.Bound, row)
		} else {
			f.Anchors = append(f.Anchors, row)
		}
	})
}

// probeBound connects to two anchors through each link that has a default
// route, where one family has several: the winner may be the dead one.
func probeBound(ctx context.Context, env *diag.Env) error {
	if env.Host.OS() != "linux" {
		return nil // only there host.DialOptions.Interface binds
	}
	type way struct {
		link link.Link
		to   netip.AddrPort
	}
	var ways []way
	env.Facts.Look(func(f diag.Facts) {
		for _, family := range []int{4, 6} {
			for _, l := range rivals(link.Section.Of(f), family) {
				left := 2
				for _, to := range anchorsFor(env.Config.Probe.Anchors, f) {
					if left > 0 && familyOf(to) == family {
						left--
						ways = append(ways, way{l, to})
					}
				}
			}
		}
	})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all, well sync.WaitGroup
	defer well.Wait()
	well.Go(func() { // the way that packets take works: which others do is idle curiosity
		if env.Facts.Await(ctx.Done(), func(f diag.Facts) bool { return slices.ContainsFunc(Section.Of(f).Anchors, took) }) {
			cancel()
		}
	})
	defer cancel()
	for _, w := range ways {
		all.Go(func() { connect(ctx, line{env: env, why: "anchor", iface: w.link.Name}, w.to, w.link.Index) })
	}
	all.Wait()
	return nil
}

func took(c Connect) bool { return c.Outcome == Connected }

// rivals returns the links that hold a default route of a family, when there
// are at least two; a link that packets really leave by without one (a tunnel
// that laid two halves over the default route) is one of them.
func rivals(l link.Facts, family int) []link.Link {
	seen := map[int]bool{}
	var out []link.Link
	add := func(index int) {
		if via, ok := l.Link(index); ok && !seen[index] {
			seen[index] = true
			out = append(out, via)
		}
	}
	for _, r := range l.Defaults(family) {
		add(r.Index)
	}
	for _, p := range l.To("anchor") {
		if p.Family == family && p.Reachable == diag.Yes {
			add(p.Index)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}
