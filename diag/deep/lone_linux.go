package deep

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/gateway"
)

// lonePace keeps apart what must not be taken for a burst: Linux answers six
// packets to closed ports at once and then one a second (icmp_ratelimit).
const lonePace = 150 * time.Millisecond

// shoot sends one packet of so many bytes and says what became of it; empty
// when nothing can be said.
type shoot func(ctx context.Context, size int) (outcome string)

// alone sends small and large packets that must not be cut up, in turns, by
// every means at once, and tells of each.
func alone(ctx context.Context, env *diag.Env, to netip.Addr, small, large int, tell func(Lone)) {
	type means struct {
		name string
		to   netip.Addr
		shoot
	}
	all := []means{{Echo, to, pings(env, to)}, {Port, to, strays(env, to)}}
	if server, ok := control(env, familyOf(to)); ok {
		all = append(all, means{Question, server, questions(env, server)})
	}
	var packets sync.WaitGroup
	defer packets.Wait()
	beat := time.NewTicker(lonePace)
	defer beat.Stop()
	for range witnesses {
		for _, size := range []int{small, large} {
			for _, m := range all {
				packets.Go(func() {
					if outcome := m.shoot(ctx, size); outcome != "" {
						tell(Lone{m.name, m.to.String(), size, outcome})
					}
				})
			}
			select {
			case <-beat.C:
			case <-ctx.Done():
				return
			}
		}
	}
}

// strays are packets to a port where nothing listens; the host says so.
func strays(env *diag.Env, to netip.Addr) shoot {
	const far = 64 // hops: as far as any packet goes
	return func(ctx context.Context, size int) string {
		env.Ledger.Sent(to.String(), gateway.BasePort+far, "udp", "mtu", size)
		switch gateway.Ask(ctx, to, far, size, patience).Outcome {
		case gateway.Reached:
			return Answered
		case gateway.Silent:
			return Vanished
		}
		return ""
	}
}

// control is the first control resolver of a family.
func control(env *diag.Env, family int) (netip.Addr, bool) {
	for _, s := range env.Config.Probe.DNSControl {
		if a, err := netip.ParseAddr(s); err == nil && familyOf(a.Unmap()) == family {
			return a.Unmap(), true
		}
	}
	return netip.Addr{}, false
}

// questions to a name server, padded to a size. The answers are short.
func questions(env *diag.Env, server netip.Addr) shoot {
	return func(ctx context.Context, size int) string {
		q, err := padded(env.Config.Probe.Names, size, server)
		if err != nil {
			return ""
		}
		d := net.Dialer{Timeout: patience, Control: func(_, _ string, c syscall.RawConn) error { return whole(c, server) }}
		conn, err := d.DialContext(ctx, "udp", netip.AddrPortFrom(server, 53).String())
		if err != nil {
			return ""
		}
		defer conn.Close()
		defer context.AfterFunc(ctx, func() { conn.Close() })()
		_ = conn.SetDeadline(time.Now().Add(patience)) // a socket without one waits for ctx
		if _, err := conn.Write(q); err != nil {
			return ""
		}
		env.Ledger.Sent(server.String(), 53, "udp", "mtu", size)
		_, err = conn.Read(make([]byte, 2048))
		return fateOf(ctx, err)
	}
}

// padded is a question whose IP packet has exactly so many bytes (RFC 7830).
func padded(names []string, size int, server netip.Addr) ([]byte, error) {
	if len(names) == 0 {
		names = []string{"."}
	}
	q := new(dns.Msg).SetQuestion(dns.Fqdn(names[0]), dns.TypeA)
	q.SetEdns0(dns.MinMsgSize, false)
	padding := &dns.EDNS0_PADDING{}
	q.IsEdns0().Option = append(q.IsEdns0().Option, padding)
	padding.Padding = make([]byte, max(0, size-headersOf(server)-q.Len()))
	return q.Pack()
}

// headersOf is what IP and UDP, or IP and ICMP, take of a packet.
func headersOf(a netip.Addr) int {
	if a.Is4() {
		return 20 + 8
	}
	return 40 + 8
}

// whole keeps packets of a socket in one piece, whatever the kernel has heard
// of the path (IP_PMTUDISC_PROBE, ip(7)), and has it hear of those that are
// too big.
func whole(c syscall.RawConn, to netip.Addr) (err error) {
	inner := c.Control(func(fd uintptr) { err = wholeFD(int(fd), to) })
	if err == nil {
		err = inner
	}
	return err
}

func wholeFD(fd int, to netip.Addr) error {
	level, discover, hear, probe := unix.SOL_IP, unix.IP_MTU_DISCOVER, unix.IP_RECVERR, unix.IP_PMTUDISC_PROBE
	if to.Is6() {
		level, discover, hear, probe = unix.SOL_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_RECVERR, unix.IPV6_PMTUDISC_PROBE
	}
	if err := unix.SetsockoptInt(fd, level, discover, probe); err != nil {
		return err
	}
	return unix.SetsockoptInt(fd, level, hear, 1)
}
