package lan

import (
	"encoding/binary"
	"net/netip"
)

// A packet of our own making, because the kernel chooses among routers by
// itself: IPv6 (RFC 8200), UDP, and the ICMPv6 errors that quote it (RFC 4443).
const (
	ip6Len                    = 40
	protoUDP, protoICMP6      = 17, 58
	unreachable6, timeout6    = 1, 3 // ICMPv6 types
	probePort, probeSource    = 33434, 0x8dd5
	icmp6Quote                = ip6Len + 8 // where an error quotes the packet it is about
	beyondRouter6, farthestTo = 2, 3       // hops: past the router, and one more for a hop that never speaks
)

// packet6 is a short UDP packet that may go so many hops. Who hears of its end
// beyond the first hop knows that the router passes packets on.
func packet6(from, to netip.Addr, hops int) []byte {
	payload := []byte("deskside")
	b := make([]byte, ip6Len+udpLen, ip6Len+udpLen+len(payload))
	b = append(b, payload...)
	b[0], b[6], b[7] = 0x60, protoUDP, byte(hops)
	udp := b[ip6Len:]
	binary.BigEndian.PutUint16(b[4:], uint16(len(udp)))
	source, target := from.As16(), to.As16()
	copy(b[8:], source[:])
	copy(b[24:], target[:])
	binary.BigEndian.PutUint16(udp[0:], probeSource)
	binary.BigEndian.PutUint16(udp[2:], uint16(probePort+hops))
	binary.BigEndian.PutUint16(udp[4:], uint16(len(udp)))
	pseudo := append(append(append([]byte{}, b[8:40]...), 0, 0, 0, byte(len(udp)), 0, 0, 0, protoUDP), udp...)
	binary.BigEndian.PutUint16(udp[6:], checksum(pseudo)) // zero would be no checksum: of 2^16 such packets one, and these are two
	return b
}

// endOf reads an IPv6 packet as the news of how such a packet to target ended,
// and who told.
func endOf(b []byte, target netip.Addr) (who netip.Addr, ok bool) {
	if len(b) < icmp6Quote+ip6Len+4 || b[0]>>4 != 6 || b[6] != protoICMP6 {
		return who, false
	}
	kind, quoted := b[ip6Len], b[icmp6Quote:]
	if kind != timeout6 && kind != unreachable6 || quoted[6] != protoUDP || binary.BigEndian.Uint16(quoted[ip6Len:]) != probeSource {
		return who, false
	}
	return netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(quoted[24:40])) == target
}
