package lan

import (
	"net"
	"net/netip"
)

// Neighbour discovery, RFC 4861 sections 4.3 and 4.4.
const (
	solicitation, advertisement = 135, 136 // ICMPv6 types
	optSourceLink               = 1        // of a solicitation: who asks
	optTargetLink               = 2        // of an advertisement: who answers
	ndHead                      = 24       // type, code, checksum, flags, target
)

// solicit is "who is target? tell me", without its checksum, which the kernel
// fills in.
func solicit(target netip.Addr, mac net.HardwareAddr) []byte {
	b := make([]byte, ndHead, ndHead+8)
	b[0] = solicitation
	to := target.As16()
	copy(b[8:], to[:])
	if len(mac) == 6 {
		b = append(append(b, optSourceLink, 1), mac...)
	}
	return b
}

// solicited is the group that listens for questions about an address (RFC 4291,
// section 2.7.1).
func solicited(target netip.Addr) netip.Addr {
	t := target.As16()
	return netip.AddrFrom16([16]byte{0xff, 2, 11: 1, 12: 0xff, 13: t[13], 14: t[14], 15: t[15]})
}

// advertised reads an ICMPv6 message as somebody's word that they are there,
// and under which hardware address, where they say so first.
func advertised(b []byte) (who netip.Addr, mac net.HardwareAddr, ok bool) {
	if len(b) < ndHead || b[0] != advertisement || b[1] != 0 {
		return who, nil, false
	}
	who = netip.AddrFrom16([16]byte(b[8:24]))
	if option := b[ndHead:]; len(option) >= 8 && option[0] == optTargetLink && option[1] == 1 {
		mac = append(mac, option[2:8]...)
	}
	return who, mac, !who.IsMulticast() && !who.IsUnspecified()
}
