package main

import (
	"encoding/binary"
	"net"
	"sync"

	"golang.org/x/sys/unix"

	"deskside/diag/lab"
)

// traffic is what passed the PC's cable.
type traffic struct {
	packets, bytes int // that the PC sent, whole frames
	errors         int // ICMP errors that it was sent: RFC 792 types 3 and 11, RFC 4443 types 1 to 4
}

// counter counts at the other end of the PC's cable.
type counter struct {
	fd   int
	over chan struct{}
	done sync.WaitGroup
	sum  traffic
}

// tap starts counting. A world without a cable has nothing to count.
func tap(l *lab.Lab) *counter {
	c := &counter{fd: -1, over: make(chan struct{})}
	all := int(binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ALL)))
	err := l.LAN.Do(func() error {
		port, err := net.InterfaceByName("p_pc")
		if err != nil {
			return err
		}
		if c.fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, all); err != nil {
			return err
		}
		wake := unix.Timeval{Usec: 20_000} // how soon stop is seen; nothing is lost meanwhile
		if err := unix.SetsockoptTimeval(c.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wake); err != nil {
			return err
		}
		return unix.Bind(c.fd, &unix.SockaddrLinklayer{Protocol: uint16(all), Ifindex: port.Index})
	})
	if err == nil {
		c.done.Go(c.count)
	}
	return c
}

func (c *counter) count() {
	frame := make([]byte, 256)
	for {
		n, from, err := unix.Recvfrom(c.fd, frame, unix.MSG_TRUNC)
		if err != nil {
			select {
			case <-c.over:
				return
			default:
				continue
			}
		}
		at, ok := from.(*unix.SockaddrLinklayer)
		switch {
		case !ok:
		case at.Pkttype != unix.PACKET_OUTGOING: // came out of the PC's end
			c.sum.packets++
			c.sum.bytes += n
		case icmpError(frame[:min(n, len(frame))]):
			c.sum.errors++
		}
	}
}

// icmpError: an Ethernet frame with an ICMP error.
func icmpError(f []byte) bool {
	const ethernet, v4, v6 = 14, 20, 40
	switch {
	case len(f) > ethernet+v4 && binary.BigEndian.Uint16(f[12:]) == unix.ETH_P_IP && f[ethernet+9] == unix.IPPROTO_ICMP:
		t := f[ethernet+v4]
		return t == 3 || t == 11
	case len(f) > ethernet+v6 && binary.BigEndian.Uint16(f[12:]) == unix.ETH_P_IPV6 && f[ethernet+6] == unix.IPPROTO_ICMPV6:
		t := f[ethernet+v6]
		return t >= 1 && t <= 4
	}
	return false
}

func (c *counter) stop() traffic {
	close(c.over)
	c.done.Wait()
	if c.fd >= 0 {
		unix.Close(c.fd)
	}
	return c.sum
}
