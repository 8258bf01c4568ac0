package dns

import (
	"net"

	"golang.org/x/sys/unix"

	"deskside/diag/link/icmp"
)

// droppedHere: this PC's own device threw the packet away, which only sockets
// that hear errors are told (udp(7)); for the others it is a lost packet.
const droppedHere = unix.ENOBUFS

// hearErrors lets a UDP socket hear what routers say of its packets: without
// it the kernel keeps "net unreachable" to itself, since it may pass. Where
// that cannot be set, silence stays silence.
func hearErrors(c net.Conn) {
	family := 4
	if to, ok := c.RemoteAddr().(*net.UDPAddr); ok && to.IP.To4() == nil {
		family = 6
	}
	withSocket(c, func(fd int) { _ = icmp.Listen(fd, family) })
}

// heardOf takes what routers said off the socket. Passing: there was something,
// and a socket that hears no errors would go on. From is who said that he knows
// no way, if one did.
func heardOf(c net.Conn) (from string, passing bool) {
	withSocket(c, func(fd int) {
		e, ok := icmp.Take(fd)
		for passing = ok; ok; e, ok = icmp.Take(fd) {
			passing = passing && e.Passing()
			if e.NoWay() && e.From.IsValid() {
				from = e.From.String()
			}
		}
	})
	return from, passing
}

func withSocket(c net.Conn, do func(fd int)) {
	if udp, ok := c.(*net.UDPConn); ok {
		if raw, err := udp.SyscallConn(); err == nil {
			_ = raw.Control(func(fd uintptr) { do(int(fd)) })
		}
	}
}
