package deep

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/host"
	"deskside/diag/internet"
)

const (
	loadBytes = 960_000         // at most this much is sent, headers and all
	loadTime  = 4 * time.Second // and for at most so long
	// streams side by side fill a line sooner than one, and each stays below
	// what web servers read of a request that they refuse (256 KiB in Go,
	// client_max_body_size of 1 MiB in nginx).
	streams   = 4
	sampling  = 100 * time.Millisecond
	idleAsked = 5
	chunk     = 16 << 10
)

// loadLine measures round trips while a small upload of its own fills the
// line. It waits for the other measurements of this tier, which it would
// spoil, and does not load a line that is full or paid for by volume.
func loadLine(ctx context.Context, env *diag.Env) error {
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
	case metered(ctx, env):
		skipped = Metered
	}
	if skipped != "" {
		Section.Update(env.Facts, func(f *Facts) { f.Load.Skipped = skipped })
		return nil
	}
	return load(ctx, env, f.Ends[0], to)
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
	bounded, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	var samples, uploads sync.WaitGroup
	samples.Go(func() { sample(bounded, env, end) })
	begin := time.Now()
	var acked atomic.Int64
	for range streams {
		uploads.Go(func() { acked.Add(upload(bounded, env, to)) })
	}
	uploads.Wait()
	took := time.Since(begin)
	cancel()
	samples.Wait()
	Section.Update(env.Facts, func(f *Facts) { f.Load.Bytes, f.Load.TookMS = acked.Load(), diag.MS(took) })
	return ctx.Err()
}

// upload sends a request with a body of nothing in particular, and returns how
// much of it the far side confirmed. The endpoint may refuse it; what counts
// is that the line was filled on the way.
func upload(ctx context.Context, env *diag.Env, to target) int64 {
	conn, err := env.Host.Dial(ctx, host.DialOptions{}, "tcp", to.at.String())
	if err != nil {
		return 0
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Now()) })()
	head := "POST " + to.path + " HTTP/1.1\r\nHost: " + to.host + "\r\nUser-Agent: deskside (connectivity check)\r\n" +
		"Content-Type: application/octet-stream\r\nContent-Length: "
	body := loadBytes/streams - len(head) - 10
	rest := append([]byte(head+strconv.Itoa(body)+"\r\n\r\n"), make([]byte, body)...)
	for len(rest) > 0 {
		n, err := conn.Write(rest[:min(chunk, len(rest))])
		env.Ledger.Sent(to.at.Addr().String(), int(to.at.Port()), "tcp", "load", n)
		if err != nil {
			break
		}
		rest = rest[n:]
	}
	return drained(ctx, conn)
}

// drained waits until the far side has confirmed everything, or hung up, or
// the time is over, and returns how much it confirmed.
func drained(ctx context.Context, conn net.Conn) (acked int64) {
	tick := time.NewTicker(10 * time.Millisecond) // the kernel tells nobody when its queue is empty
	defer tick.Stop()
	for {
		info, err := infoOf(conn)
		if err != nil {
			return acked
		}
		acked = int64(info.Bytes_acked)
		const closed = 7 // TCP_CLOSE, net/tcp_states.h
		if info.Unacked == 0 && info.Notsent_bytes == 0 || info.State == closed {
			return acked
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return acked
		}
	}
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
