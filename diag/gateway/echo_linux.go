package gateway

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	probing "github.com/prometheus-community/pro-bing"

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

// echoRouters measures latency and loss to the routers in use, one of each
// family.
func echoRouters(ctx context.Context, env *diag.Env) error {
	var routers []Router
	env.Facts.Look(func(f diag.Facts) { routers = append(routers, Section.Of(f).Routers...) })
	plan := quick
	if env.Focus.Deep {
		plan = deep
	}
	var running sync.WaitGroup
	defer running.Wait()
	for _, family := range []int{4, 6} {
		if r, ok := first(routers, family); ok {
			running.Go(func() { echo(ctx, env, r, plan) })
		}
	}
	return nil
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

// echo runs one series. The routing table is asked first: pro-bing never ends
// when the kernel answers EACCES (a prohibit route), see [guard].
func echo(ctx context.Context, env *diag.Env, r Router, plan series) {
	addr, err := netip.ParseAddr(r.Address)
	if err != nil {
		return
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
		return
	}
	Section.Update(env.Facts, func(f *Facts) {
		router := f.at(r.Address, r.Index)
		router.Echo = result
		if result.Received > 0 {
			router.answered(byICMP, env.SinceMS(), env.SinceMS()-begin)
		}
	})
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
		switch err := run.until(ctx, plan.window); {
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

// run is one pro-bing series, its results collected here: pro-bing's own
// statistics come with its end, which is up to 0.1 s late.
type run struct {
	pinger *probing.Pinger
	done   chan struct{} // all answers are in
	ended  chan error    // pro-bing has returned

	mu     sync.Mutex
	closed bool // the result was taken; what comes later does not count
	sent   []time.Time
	rtt    map[int]time.Duration
	denied bool
}

func newRun(env *diag.Env, r Router, addr netip.Addr, plan series, privileged bool) *run {
	x := &run{pinger: probing.New(addr.String()), done: make(chan struct{}), ended: make(chan error, 1), rtt: map[int]time.Duration{}}
	p := x.pinger
	p.SetIPAddr(&net.IPAddr{IP: addr.AsSlice(), Zone: addr.Zone()})
	p.SetPrivileged(privileged)
	p.SetLogger(guard{NoopLogger: probing.NoopLogger{}, tripped: x.deny})
	p.Count, p.Interval, p.Timeout = plan.count, plan.interval, plan.window
	p.RecordRtts, p.RecordTTLs = false, false
	p.OnSend = func(pkt *probing.Packet) {
		env.Ledger.Sent(r.Address, 0, "icmp", "echo", pkt.Nbytes)
		x.mu.Lock()
		defer x.mu.Unlock()
		x.sent = append(x.sent, time.Now())
	}
	p.OnSendError = func(_ *probing.Packet, err error) {
		if errors.Is(err, syscall.ENOBUFS) { // pro-bing would repeat it without end
			x.deny()
			runtime.Goexit()
		}
	}
	p.OnRecv = func(pkt *probing.Packet) { x.got(pkt.Seq, plan.count) }
	return x
}

// got measures by the monotonic clock: pro-bing's RTT is wall-clock time from
// the payload, which a clock being set corrupts.
func (x *run) got(seq, count int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, twice := x.rtt[seq]; twice || x.closed || seq < 0 || seq >= len(x.sent) {
		return
	}
	x.rtt[seq] = time.Since(x.sent[seq])
	if len(x.rtt) == count {
		close(x.done)
	}
}

func (x *run) deny() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.denied = true
}

// until runs the series until all answers are in, the window is over, or ctx
// ends. pro-bing's reader looks up at most 0.1 s after it was told to stop;
// it is left to do so alone, and closes its socket then.
func (x *run) until(ctx context.Context, window time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, window)
	defer cancel()
	go func() { x.ended <- x.pinger.RunWithContext(ctx) }()
	select {
	case <-x.done:
	case <-ctx.Done():
	case err := <-x.ended:
		if ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// closedDoor reports that the socket itself was refused, not the packet.
func (x *run) closedDoor(err error) bool {
	var call *os.SyscallError
	return errors.As(err, &call) && call.Syscall == "socket"
}

func (x *run) result() Echo {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	if x.denied && len(x.rtt) == 0 {
		return Echo{Skipped: "denied"}
	}
	e := Echo{Sent: len(x.sent), Received: len(x.rtt)}
	for seq := range x.sent {
		if rtt, ok := x.rtt[seq]; ok {
			e.RTTMS = append(e.RTTMS, diag.MS(rtt))
		} else {
			e.Lost = append(e.Lost, seq)
		}
	}
	return e
}

// guard is pro-bing's logger, and the way out of its endless loop: when
// sending is answered with EACCES it logs "Pinging a broadcast address" and
// tries again for ever, deaf to its context (v0.9.1, sendICMP). That line ends
// the sending goroutine; the deferred calls of its loop then stop the rest.
// The routing table was asked before, but it can change while we send.
type guard struct {
	probing.NoopLogger
	tripped func()
}

// Infof ends the calling goroutine on the one line that matters.
func (g guard) Infof(format string, _ ...interface{}) {
	if strings.HasPrefix(format, "Pinging a broadcast") {
		g.tripped()
		runtime.Goexit()
	}
}
