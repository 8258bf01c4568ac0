// Package arp asks who has an address on a link, and hears who claims one.
package arp

import (
	"encoding/binary"
	"net"
	"net/netip"
)

// ARP for IPv4 over Ethernet, RFC 826: 28 bytes.
const (
	Len        = 28
	arpRequest = 1
	arpReply   = 2
	etherIPv4  = 0x0800
)

// Body is the body of "who has target? tell sender". A zero sender address
// (RFC 5227, ARP probe) leaves no trace in the neighbour's table; an own one is
// also answered by routers that ignore probes.
func Body(mac net.HardwareAddr, sender, target netip.Addr) []byte {
	b := make([]byte, Len)
	binary.BigEndian.PutUint16(b[0:], 1) // Ethernet
	binary.BigEndian.PutUint16(b[2:], etherIPv4)
	b[4], b[5] = 6, 4
	binary.BigEndian.PutUint16(b[6:], arpRequest)
	copy(b[8:14], mac)
	s, t := sender.As4(), target.As4()
	copy(b[14:18], s[:])
	copy(b[24:28], t[:])
	return b
}

// Said reads who claims which address in an ARP body. Requests claim too.
// False for anything that is not ARP for IPv4 over Ethernet, and for a sender
// that claims no address or has a group MAC.
func Said(b []byte) (who netip.Addr, mac net.HardwareAddr, ok bool) {
	if len(b) < Len || binary.BigEndian.Uint16(b[0:]) != 1 || binary.BigEndian.Uint16(b[2:]) != etherIPv4 || b[4] != 6 || b[5] != 4 {
		return who, nil, false
	}
	if op := binary.BigEndian.Uint16(b[6:]); op != arpRequest && op != arpReply {
		return who, nil, false
	}
	who = netip.AddrFrom4([4]byte(b[14:18]))
	mac = append(net.HardwareAddr{}, b[8:14]...)
	return who, mac, !who.IsUnspecified() && mac[0]&1 == 0
}
