package deep

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
)

// stallTime is when packets that nobody confirmed count as vanished: TCP has
// then sent them again after 0.2, 0.6 and 1.4 s (RFC 6298 with Linux's least
// RTO), and a line that loses one packet in five loses four in a row once in
// six hundred times.
const stallTime = 1600 * time.Millisecond

// place is where sizes are tried.
type place struct {
	at   netip.AddrPort
	host string
	way  string
}

// findSizes searches for the largest packet that arrives. Only TCP is asked,
// since TCP is what stalls: the size is set by the MSS (TCP_MAXSEG, tcp(7)),
// which needs no rights and works where ICMP does not.
func findSizes(ctx context.Context, env *diag.Env) error {
	nearSizes(ctx, env)
	suspected := false
	env.Facts.Look(func(f diag.Facts) { suspected = stalled(f) })
	done, of := 0, 0
	for _, p := range places(env) {
		path := link.Ask(p.at.Addr())
		top := mtuOf(env, path.Index)
		if top == 0 {
			return nil
		}
		Section.Update(env.Facts, func(f *Facts) {
			f.MTU.Link, f.MTU.Family, f.MTU.Address, f.MTU.Port, f.MTU.AtMS, f.MTU.Trials = top, path.Family, p.at.Addr().String(), int(p.at.Port()), env.SinceMS(), nil
		})
		var tried []Trial
		for sizes := nextSizes(top, tried, suspected); len(sizes) > 0 && ctx.Err() == nil; sizes = nextSizes(top, tried, suspected) {
			of += len(sizes)
			env.Step(done, of)
			tried = append(tried, tryAll(ctx, env, p, sizes)...)
			Section.Update(env.Facts, func(f *Facts) { f.MTU.Trials = tried })
			done += len(sizes)
			env.Step(done, of)
		}
		if _, _, split := bounds(tried); split {
			break
		}
	}
	return ctx.Err()
}

// places are the first web endpoint that answered, for what we send, and the
// first that speaks TLS, where the far side sends large packets too.
func places(env *diag.Env) (out []place) {
	env.Facts.Look(func(f diag.Facts) {
		net := internet.Section.Of(f)
		for _, w := range net.Web {
			if a, err := netip.ParseAddr(w.Address); err == nil && w.Proxy == "" && w.Outcome == internet.Connected && len(out) == 0 {
				out = append(out, placeOf(w.URL, a, 80, Up))
			}
		}
		for _, t := range net.TLS {
			if a, err := netip.ParseAddr(t.Address); err == nil && t.Dialed {
				out = append(out, placeOf(t.URL, a, 443, TLS))
				return
			}
		}
	})
	return out
}

func placeOf(raw string, a netip.Addr, port uint16, way string) place {
	p := place{at: netip.AddrPortFrom(a, port), way: way}
	if u, err := url.Parse(raw); err == nil {
		p.host = u.Hostname()
		if u.Port() != "" {
			fmt.Sscan(u.Port(), &port)
			p.at = netip.AddrPortFrom(a, port)
		}
	}
	return p
}

func mtuOf(env *diag.Env, index int) (mtu int) {
	env.Facts.Look(func(f diag.Facts) {
		l, _ := link.Section.Of(f).Link(index)
		mtu = l.MTU
	})
	return mtu
}

func tryAll(ctx context.Context, env *diag.Env, p place, sizes []int) []Trial {
	found := make([]Trial, len(sizes))
	var all sync.WaitGroup
	for i, size := range sizes {
		all.Go(func() { found[i] = try(ctx, env, p, size) })
	}
	all.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return found
}

// try opens a connection whose packets are at most size bytes and says more
// than fits into one of them.
func try(ctx context.Context, env *diag.Env, p place, size int) Trial {
	t := Trial{Size: size, Way: p.way, Outcome: Unopened}
	headers := 40 // IPv4 and TCP; TCP's options come out of the segment
	if p.at.Addr().Is6() {
		headers = 60
	}
	begin := time.Now()
	d := net.Dialer{Timeout: stallTime, Control: func(_, _ string, c syscall.RawConn) (err error) {
		inner := c.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_TCP, unix.TCP_MAXSEG, size-headers) })
		if err == nil {
			err = inner
		}
		return err
	}}
	conn, err := d.DialContext(ctx, "tcp", p.at.String())
	if err != nil {
		return t
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	conn.SetDeadline(time.Now().Add(stallTime))
	answered := speak(conn, p, size)
	env.Ledger.Sent(p.at.Addr().String(), int(p.at.Port()), "tcp", "mtu", size)
	info, err := infoOf(conn)
	if err != nil {
		return t
	}
	t.TookMS, t.Retrans, t.Unacked = diag.MS(time.Since(begin)), int(info.Total_retrans), int(info.Unacked)
	switch {
	case answered, p.way == Up && info.Unacked == 0:
		t.Outcome = Passed
	default:
		t.Outcome = Stalled
	}
	return t
}

// speak says something larger than one packet; true when an answer came.
func speak(conn net.Conn, p place, size int) bool {
	if p.way == TLS {
		// Nothing is sent inside and nothing is believed: only the packets count.
		err := tls.Client(conn, &tls.Config{ServerName: p.host, InsecureSkipVerify: true}).Handshake()
		timeout, ok := err.(net.Error)
		return err == nil || !ok || !timeout.Timeout()
	}
	request := "GET / HTTP/1.1\r\nHost: " + p.host + "\r\nUser-Agent: deskside (connectivity check)\r\nConnection: close\r\nX-Padding: "
	request += strings.Repeat("x", max(0, size-len(request))) + "\r\n\r\n"
	if _, err := conn.Write([]byte(request)); err != nil {
		return false
	}
	n, _ := conn.Read(make([]byte, 1))
	return n > 0
}

// infoOf reads TCP_INFO, tcp(7).
func infoOf(conn net.Conn) (info *unix.TCPInfo, err error) {
	raw, err := conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return nil, err
	}
	inner := raw.Control(func(fd uintptr) { info, err = unix.GetsockoptTCPInfo(int(fd), unix.SOL_TCP, unix.TCP_INFO) })
	if err == nil {
		err = inner
	}
	return info, err
}

// nearSizes asks the first hop with large frames, on a link that is set to
// them: a switch or router that is not loses them without a word.
func nearSizes(ctx context.Context, env *diag.Env) {
	ends := reachable(env)
	if len(ends) == 0 {
		return
	}
	target := ends[0].addr().Addr()
	large := mtuOf(env, link.Ask(target).Index)
	if large <= ethernet {
		return
	}
	var packets sync.WaitGroup
	for range witnesses {
		for _, size := range []int{smallest, large} {
			packets.Go(func() {
				env.Ledger.Sent(target.String(), gateway.BasePort+1, "udp", "mtu", size)
				a := gateway.Ask(ctx, target, 1, size, patience)
				if a.Outcome == gateway.Expired || a.Outcome == gateway.Silent {
					Section.Update(env.Facts, func(f *Facts) {
						f.MTU.Near = append(f.MTU.Near, Near{Size: size, Answered: a.Outcome == gateway.Expired})
					})
				}
			})
		}
	}
	packets.Wait()
}
