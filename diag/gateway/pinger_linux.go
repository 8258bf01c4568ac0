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
)

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
//
// A router that has answered nothing when its far side has answered long ago
// is mute: waiting on tells no more. Once it answered anything all get their
// full time, so that a late answer is never counted as lost.
func (x *run) until(ctx context.Context, window time.Duration, farSide func(context.Context) <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, window)
	defer cancel()
	mute := farSide(ctx)
	go func() { x.ended <- x.pinger.RunWithContext(ctx) }()
	for {
		select {
		case <-mute:
			if x.heard() == 0 {
				return nil
			}
			mute = nil
		case <-x.done:
			return nil
		case <-ctx.Done():
			return nil
		case err := <-x.ended:
			if ctx.Err() != nil {
				err = nil
			}
			return err
		}
	}
}

func (x *run) heard() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.rtt)
}

// farSideAnswered returns a channel that is closed some time after an anchor
// of the family took a connection: never in the long series.
func farSideAnswered(env *diag.Env, family int, plan series) func(context.Context) <-chan struct{} {
	return func(ctx context.Context) <-chan struct{} {
		late := make(chan struct{})
		if plan == deep {
			return late
		}
		go func() {
			if connected(ctx, env, family) {
				time.AfterFunc(muteAfter, func() { close(late) })
			}
		}()
		return late
	}
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
