package gateway

import (
	"encoding/binary"
	"net/netip"
)

// Origins of a queued error, linux/errqueue.h.
const (
	originICMP  = 2
	originICMP6 = 3
)

// icmpError is an ICMP error as the kernel queues it for the socket that
// caused it: struct sock_extended_err and the offender's address (ip(7),
// IP_RECVERR). It names who speaks, without any privilege.
type icmpError struct {
	Type, Code int
	From       netip.Addr // who sent the error; invalid when not told
	V6         bool
}

// parseQueued reads the control message of a queued error. False for errors
// that are not ICMP (local ones, timestamps) and for what is too short.
func parseQueued(b []byte) (e icmpError, ok bool) {
	const head = 16 // sizeof(struct sock_extended_err)
	if len(b) < head {
		return e, false
	}
	e.Type, e.Code = int(b[5]), int(b[6])
	offender := b[head:] // struct sockaddr_in or sockaddr_in6
	switch b[4] {
	case originICMP:
		if len(offender) >= 8 && binary.NativeEndian.Uint16(offender) == 2 {
			e.From = netip.AddrFrom4([4]byte(offender[4:8]))
		}
	case originICMP6:
		e.V6 = true
		if len(offender) >= 24 && binary.NativeEndian.Uint16(offender) == 10 {
			e.From = netip.AddrFrom16([16]byte(offender[8:24])).Unmap()
		}
	default:
		return icmpError{}, false
	}
	return e, true
}

// outcome says what the error means for a packet sent to target: RFC 792 and
// RFC 4443.
func (e icmpError) outcome(target netip.Addr) string {
	expired, unreachable, port := 11, 3, 3
	if e.V6 {
		expired, unreachable, port = 3, 1, 4
	}
	switch {
	case e.Type == expired:
		return Expired
	case e.Type == unreachable && e.Code == port && e.From == target.WithZone(""):
		return Reached
	case e.Type == unreachable:
		return Unreachable
	}
	return ""
}
