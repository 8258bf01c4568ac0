package deep

import (
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
	"golang.org/x/sys/unix"

	"deskside/diag"
)

// pings are echo requests of exact sizes. Where no socket for them is allowed
// nothing is said.
func pings(env *diag.Env, to netip.Addr) shoot {
	return func(ctx context.Context, size int) string {
		conn, raw, err := pingSocket(to)
		if err != nil {
			return ""
		}
		defer conn.Close()
		defer context.AfterFunc(ctx, func() { conn.Close() })()
		_ = conn.SetDeadline(time.Now().Add(patience)) // a socket without one waits for ctx
		echo := &icmp.Echo{ID: rand.IntN(1 << 16), Seq: 1, Data: make([]byte, max(0, size-headersOf(to)))}
		var dest net.Addr = &net.UDPAddr{IP: to.AsSlice(), Zone: to.Zone()}
		if raw {
			dest = &net.IPAddr{IP: to.AsSlice(), Zone: to.Zone()}
		}
		m, err := (&icmp.Message{Type: request(to), Body: echo}).Marshal(nil)
		if err != nil {
			return ""
		}
		if _, err := conn.WriteTo(m, dest); err != nil {
			return ""
		}
		env.Ledger.Sent(to.String(), 0, "icmp", "mtu", size)
		return fateOf(ctx, echoed(conn, to, raw, echo.ID))
	}
}

func request(to netip.Addr) icmp.Type {
	if to.Is6() {
		return ipv6.ICMPTypeEchoRequest
	}
	return ipv4.ICMPTypeEcho
}

// pingSocket needs no rights where ping_group_range allows it (icmp(7)), and
// is a raw one for those who may have one.
func pingSocket(to netip.Addr) (conn net.PacketConn, raw bool, err error) {
	family, proto := unix.AF_INET, unix.IPPROTO_ICMP
	if to.Is6() {
		family, proto = unix.AF_INET6, unix.IPPROTO_ICMPV6
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, proto)
	if err != nil {
		raw = true
		fd, err = unix.Socket(family, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, proto)
	}
	if err != nil {
		return nil, raw, os.NewSyscallError("socket", err)
	}
	f := os.NewFile(uintptr(fd), "icmp")
	defer f.Close() // FilePacketConn has its own copy
	if err := wholeFD(fd, to); err != nil {
		return nil, raw, os.NewSyscallError("setsockopt", err)
	}
	conn, err = net.FilePacketConn(f)
	return conn, raw, err
}

// echoed waits for the reply; nil when it came. A raw socket hears what is
// meant for others too, and keeps the number that the kernel otherwise gives.
func echoed(conn net.PacketConn, to netip.Addr, raw bool, id int) error {
	buf := make([]byte, 1<<11)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return err
		}
		const header = 8 // type, code, checksum, identifier, sequence
		var sender net.IP
		switch a := from.(type) {
		case *net.UDPAddr:
			sender = a.IP
		case *net.IPAddr:
			sender = a.IP
		}
		reply := n >= header && (buf[0] == byte(ipv4.ICMPTypeEchoReply) || buf[0] == byte(ipv6.ICMPTypeEchoReply))
		if reply && sender.Equal(to.AsSlice()) && (!raw || int(binary.BigEndian.Uint16(buf[4:])) == id) {
			return nil
		}
	}
}

// fateOf turns the end of waiting into an outcome.
func fateOf(ctx context.Context, err error) string {
	switch {
	case err == nil:
		return Answered
	case ctx.Err() != nil:
		return ""
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Vanished
	case errors.Is(err, unix.EMSGSIZE):
		return Told
	}
	return ""
}
