package gateway

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag/link"
	"deskside/diag/link/icmp"
)

// basePort is traceroute's: nothing listens there, so a packet that arrives
// is answered with "port unreachable".
const basePort = 33434

// greeting says in the packet itself where it came from.
var greeting = []byte("deskside")

// shot is one UDP packet with a small TTL on its way, and the socket whose
// error queue hears what became of it. Every packet has a socket of its own:
// the error of the first would otherwise be returned by the sending of the
// second, which then looks like a refusal.
type shot struct {
	conn   *net.UDPConn
	raw    syscall.RawConn
	target netip.Addr
	fired  time.Time
}

// fire sends a greeting that may go ttl hops. An error is the kernel's refusal
// to send, or to give a socket.
func fire(target netip.Addr, ttl int) (*shot, error) { return launch(target, ttl, greeting) }

// option is a socket option with a whole number.
type option struct{ level, name, value int }

func launch(target netip.Addr, ttl int, payload []byte, more ...option) (*shot, error) {
	network, options := "udp4", []option{{unix.SOL_IP, unix.IP_RECVERR, 1}, {unix.SOL_IP, unix.IP_TTL, ttl}}
	if target.Is6() {
		network, options = "udp6", []option{{unix.SOL_IPV6, unix.IPV6_RECVERR, 1}, {unix.SOL_IPV6, unix.IPV6_UNICAST_HOPS, ttl}}
	}
	conn, err := net.ListenUDP(network, nil)
	if err != nil {
		return nil, err
	}
	raw, err := conn.SyscallConn()
	if err == nil {
		var refused error
		err = raw.Control(func(fd uintptr) {
			for _, o := range append(options, more...) {
				refused = errors.Join(refused, unix.SetsockoptInt(int(fd), o.level, o.name, o.value))
			}
		})
		err = errors.Join(err, refused)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	s := &shot{conn: conn, raw: raw, target: target, fired: time.Now()}
	if _, err := conn.WriteToUDPAddrPort(payload, netip.AddrPortFrom(target, uint16(basePort+ttl))); err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

// refusal sorts the errors of sending into the outcomes of a hop.
func refusal(err error) (outcome, errno string) {
	errno = link.Errno(err)
	switch errno {
	case "EPERM", "EACCES":
		return Denied, errno
	case "ENETUNREACH", "EHOSTUNREACH", "EINVAL", "EADDRNOTAVAIL", "ENETDOWN":
		return NoRoute, errno
	}
	return "", errno
}

// wait blocks until the packet's fate is known, patience is over, or ctx ends,
// and closes the socket. The error is os.ErrDeadlineExceeded for silence.
func (s *shot) wait(ctx context.Context, patience time.Duration) (e icmp.Error, rtt time.Duration, err error) {
	defer s.conn.Close()
	defer context.AfterFunc(ctx, func() { s.conn.Close() })()
	if err := s.conn.SetReadDeadline(s.fired.Add(patience)); err != nil {
		return e, 0, err
	}
	heard := false
	readErr := s.raw.Read(func(fd uintptr) bool {
		e, heard = hear(int(fd))
		return heard
	})
	rtt = time.Since(s.fired)
	switch {
	case heard:
		return e, rtt, nil
	case ctx.Err() != nil:
		return e, rtt, ctx.Err()
	case errors.Is(readErr, os.ErrDeadlineExceeded):
		return e, rtt, os.ErrDeadlineExceeded
	}
	return e, rtt, readErr
}

// hear takes an ICMP error from the queue; false when there was none. What
// arrives as data is dropped: nobody was asked for any.
func hear(fd int) (icmp.Error, bool) {
	if e, ok := icmp.Take(fd); ok {
		return e, true
	}
	data := make([]byte, 64)
	for {
		if _, _, err := unix.Recvfrom(fd, data, unix.MSG_DONTWAIT); err != nil {
			return icmp.Error{}, false
		}
	}
}
