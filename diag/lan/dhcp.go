package lan

import (
	"encoding/binary"
	"net"
	"net/netip"
)

// DHCP over BOOTP, RFC 2131 and 2132; the fields and numbers used here.
const (
	clientPort, serverPort = 68, 67
	bootpLen               = 236
	ipLen, udpLen          = 20, 8

	optMask, optRouter, optType, optServer, optParams, optCaptive, optEnd = 1, 3, 53, 54, 55, 114, 255 // 114: RFC 8910, 2.1

	typeDiscover, typeOffer, typeNAK = 1, 2, 6
)

var cookie = []byte{99, 130, 83, 99}

// discover is a whole IPv4 packet with a DHCPDISCOVER from an address-less
// client. The answer is asked for by broadcast, as the kernel would not take a
// packet for an address this PC does not have.
func discover(mac net.HardwareAddr, xid uint32) []byte {
	b := make([]byte, ipLen+udpLen+bootpLen, ipLen+udpLen+300)
	boot := b[ipLen+udpLen:]
	boot[0], boot[1], boot[2] = 1, 1, 6 // BOOTREQUEST, Ethernet
	binary.BigEndian.PutUint32(boot[4:], xid)
	binary.BigEndian.PutUint16(boot[10:], 0x8000) // answer by broadcast
	copy(boot[28:34], mac)
	b = append(b, cookie...)
	b = append(b, optType, 1, typeDiscover, optParams, 4, optMask, optRouter, optServer, optCaptive, optEnd)
	for len(b) < ipLen+udpLen+300 { // RFC 1542: some servers want 300 bytes
		b = append(b, 0)
	}
	udp := b[ipLen:]
	binary.BigEndian.PutUint16(udp[0:], clientPort)
	binary.BigEndian.PutUint16(udp[2:], serverPort)
	binary.BigEndian.PutUint16(udp[4:], uint16(len(udp))) // checksum zero: none (RFC 768)
	b[0], b[8], b[9] = 0x45, 64, 17
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	copy(b[16:20], []byte{255, 255, 255, 255})
	binary.BigEndian.PutUint16(b[10:], checksum(b[:ipLen]))
	return b
}

// checksum is the Internet checksum of a header whose own field is zero
// (RFC 1071).
func checksum(b []byte) uint16 {
	sum := uint32(0)
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// answer is what a DHCP server said to us.
type answer struct {
	kind            byte
	server, address netip.Addr
	router          netip.Addr
	bits            int
	captive         string // where the network says who is signed in (RFC 8908)
}

// answerIn reads an IPv4 packet as a server's answer to the question with this
// number; false for everything else that crosses the wire.
func answerIn(b []byte, xid uint32) (a answer, ok bool) {
	if len(b) < ipLen || b[0]>>4 != 4 || b[9] != 17 {
		return a, false
	}
	head := int(b[0]&15) * 4
	if fragment := binary.BigEndian.Uint16(b[6:]) & 0x3fff; head < ipLen || fragment != 0 || len(b) < head+udpLen+bootpLen+len(cookie) {
		return a, false
	}
	sender := netip.AddrFrom4([4]byte(b[12:16]))
	udp := b[head:]
	boot := udp[udpLen:]
	if binary.BigEndian.Uint16(udp[2:]) != clientPort || boot[0] != 2 || binary.BigEndian.Uint32(boot[4:]) != xid || string(boot[bootpLen:bootpLen+4]) != string(cookie) {
		return a, false
	}
	a = answer{server: sender, address: netip.AddrFrom4([4]byte(boot[16:20]))}
	for o := boot[bootpLen+4:]; len(o) > 0 && o[0] != optEnd; {
		if o[0] == 0 { // padding
			o = o[1:]
			continue
		}
		if len(o) < 2 || len(o) < 2+int(o[1]) {
			break
		}
		a.option(o[0], o[2:2+int(o[1])])
		o = o[2+int(o[1]):]
	}
	return a, a.kind == typeOffer || a.kind == typeNAK
}

func (a *answer) option(code byte, value []byte) {
	switch {
	case code == optType && len(value) == 1:
		a.kind = value[0]
	case code == optServer && len(value) == 4:
		a.server = netip.AddrFrom4([4]byte(value))
	case code == optRouter && len(value) >= 4:
		a.router = netip.AddrFrom4([4]byte(value[:4]))
	case code == optCaptive:
		a.captive = string(value)
	case code == optMask && len(value) == 4:
		a.bits, _ = net.IPMask(value).Size()
	}
}
