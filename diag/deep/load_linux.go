package deep

import (
	"context"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"time"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/internet"
)

const (
	loadTime  = 4 * time.Second // the load lasts at most so long
	sampling  = 100 * time.Millisecond
	idleAsked = 5
)

// loadLine measures round trips while a small upload of its own fills the
// line. It waits for the other measurements of this tier, which it would
// spoil, and does not load a line that is full or paid for by volume.
func loadLine(ctx context.Context, env *diag.Env) error {
	if no := refused(ctx, env); no != "" {
		Section.Update(env.Facts, func(f *Facts) { f.Load.Skipped = no })
		return nil
	}
	if !othersOver(ctx, env) {
		return ctx.Err()
	}
	var f Facts
	env.Facts.Look(func(all diag.Facts) { f = Section.Of(all) })
	_, hog := f.Uplink.Hog()
	_, _, waiting := f.Waiting()
	to, found := loadTarget(env)
	skipped := ""
	switch {
	case !found || len(f.Ends) == 0:
		skipped = Nowhere
	case hog || waiting:
		skipped = Busy
	}
	if skipped != "" {
		Section.Update(env.Facts, func(f *Facts) { f.Load.Skipped = skipped })
		return nil
	}
	return load(ctx, env, f.Ends[0], to)
}

// refused is why the person, or the connection, wants no load; "" for none.
func refused(ctx context.Context, env *diag.Env) string {
	switch {
	case env.Focus.NoLoad:
		return Declined
	case IsMetered(ctx, env.Host) == diag.Yes:
		return Metered
	}
	return ""
}

// others are the measurements that a load would spoil.
var others = []string{"path.hops", "path.mtu", "path.uplink"}

func othersOver(ctx context.Context, env *diag.Env) bool {
	return env.Facts.Await(ctx.Done(), func(f diag.Facts) bool {
		ended := map[string]bool{}
		for _, p := range diag.RunSection.Of(f).Probes {
			ended[p.ID] = true
		}
		for _, id := range others {
			if !ended[id] {
				return false
			}
		}
		return true
	})
}

// target of the load: a web endpoint of the configuration.
type target struct {
	at   netip.AddrPort
	host string
	path string
}

// loadTarget is the first configured web endpoint that took a connection.
func loadTarget(env *diag.Env) (t target, ok bool) {
	env.Facts.Look(func(f diag.Facts) {
		for _, w := range internet.Section.Of(f).Web {
			a, err := netip.ParseAddr(w.Address)
			u, bad := url.Parse(w.URL)
			if err != nil || bad != nil || w.Proxy != "" || w.Outcome != internet.Connected || ok {
				continue
			}
			port, _ := strconv.ParseUint(u.Port(), 10, 16)
			if port == 0 {
				port = 80
			}
			t, ok = target{netip.AddrPortFrom(a, uint16(port)), u.Host, u.EscapedPath()}, true
		}
	})
	return t, ok
}

func load(ctx context.Context, env *diag.Env, end End, to target) error {
	idle := make([]float64, 0, idleAsked)
	for range idleAsked {
		if rtt, ok, _ := open(ctx, env, end, "load"); ok {
			idle = append(idle, diag.MS(rtt))
		}
	}
	Section.Update(env.Facts, func(f *Facts) {
		f.Load.Address, f.Load.IdleMS, f.Load.AtMS = to.at.Addr().String(), idle, env.SinceMS()
	})
	bounded, enough := context.WithTimeout(ctx, loadTime)
	defer enough()
	m := &meter{over: enough, step: env.Step}
	var samples, uploads sync.WaitGroup
	samples.Go(func() { sample(bounded, env, end) })
	begin := time.Now()
	for i := range streams {
		uploads.Go(func() { upload(bounded, env, to, func(p passed) { m.note(i, p) }) })
	}
	uploads.Wait()
	took := time.Since(begin)
	enough()
	samples.Wait()
	Section.Update(env.Facts, func(f *Facts) { f.Load.Bytes, f.Load.TookMS = m.total().acked, diag.MS(took) })
	return ctx.Err()
}

// sample measures round trips until the load is over. What was sent while the
// line was loaded is waited for; the first moment, when the queue is still
// empty, does not count.
func sample(ctx context.Context, env *diag.Env, end End) {
	beat := time.NewTicker(sampling)
	defer beat.Stop()
	var running sync.WaitGroup
	defer running.Wait()
	for {
		select {
		case <-beat.C:
		case <-ctx.Done():
			return
		}
		running.Go(func() {
			// Not ctx: an answer that comes after the last byte still waited behind it.
			late, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
			defer cancel()
			if rtt, ok, _ := open(late, env, end, "load"); ok {
				Section.Update(env.Facts, func(f *Facts) { f.Load.LoadedMS = append(f.Load.LoadedMS, diag.MS(rtt)) })
			}
		})
		running.Go(func() {
			addr := end.addr().Addr()
			note(env, addr, 1, "load")
			if a := gateway.Ask(ctx, addr, 1, 0, patience); a.Outcome == gateway.Expired {
				Section.Update(env.Facts, func(f *Facts) { f.Load.NearMS = append(f.Load.NearMS, diag.MS(a.RTT)) })
			}
		})
	}
}
