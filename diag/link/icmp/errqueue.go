// Package icmp hears the ICMP errors that the kernel keeps for the socket that
// caused them. They name who speaks, and need no rights.
package icmp

import (
	"encoding/binary"
	"net/netip"
)

// Origins of a queued error, linux/errqueue.h.
const (
	origin4 = 2
	origin6 = 3
)

// Error is an ICMP error as the kernel queues it: struct sock_extended_err and
// the offender's address (ip(7), IP_RECVERR). Type and code are as on the wire.
type Error struct {
	Type, Code int
	From       netip.Addr // who sent the error; invalid when not told
	V6         bool
}

// Parse reads the control message of a queued error. False for errors that are
// not ICMP (local ones, timestamps) and for what is too short.
func Parse(b []byte) (e Error, ok bool) {
	const head = 16 // sizeof(struct sock_extended_err)
	if len(b) < head {
		return e, false
	}
	e.Type, e.Code = int(b[5]), int(b[6])
	offender := b[head:] // struct sockaddr_in or sockaddr_in6
	switch b[4] {
	case origin4:
		if len(offender) >= 8 && binary.NativeEndian.Uint16(offender) == 2 {
			e.From = netip.AddrFrom4([4]byte(offender[4:8]))
		}
	case origin6:
		e.V6 = true
		if len(offender) >= 24 && binary.NativeEndian.Uint16(offender) == 10 {
			e.From = netip.AddrFrom16([16]byte(offender[8:24])).Unmap()
		}
	default:
		return Error{}, false
	}
	return e, true
}

// Passing reports an error that may pass, so that the kernel keeps it from
// sockets that do not ask for errors: "fatal" is 0 in icmp_err_convert (Linux,
// net/ipv4/icmp.c) and tab_unreach (net/ipv6/icmp.c).
func (e Error) Passing() bool {
	if e.V6 {
		return e.Type == 1 && (e.Code == 0 || e.Code == 2 || e.Code == 3) || e.Type == 2 || e.Type == 3
	}
	return e.Type == 3 && (e.Code <= 1 || e.Code == 4 || e.Code == 5 || e.Code == 11 || e.Code == 12) || e.Type == 4 || e.Type == 11
}

// NoWay reports net or host unreachable (RFC 792, type 3 code 0 or 1), no route
// or address unreachable (RFC 4443, type 1 code 0 or 3): whoever says so knows
// no way on. Refusals by policy and closed ports are other codes.
func (e Error) NoWay() bool {
	if e.V6 {
		return e.Type == 1 && (e.Code == 0 || e.Code == 3)
	}
	return e.Type == 3 && e.Code <= 1
}
