package arp

import (
	"bytes"
	"net"
	"net/netip"
	"testing"
)

var (
	somebody = net.HardwareAddr{0x02, 0, 0x5e, 0x10, 0, 1}
	addrA    = netip.MustParseAddr("192.0.2.1")
	addrB    = netip.MustParseAddr("192.0.2.50")
)

// An ARP request as tcpdump shows it: "who-has 192.0.2.1 tell 192.0.2.50".
func TestARPRequest(t *testing.T) {
	want := []byte{
		0, 1, 8, 0, 6, 4, 0, 1,
		0x02, 0, 0x5e, 0x10, 0, 1, 192, 0, 2, 50,
		0, 0, 0, 0, 0, 0, 192, 0, 2, 1,
	}
	got := Body(somebody, addrB, addrA)
	if !bytes.Equal(got, want) {
		t.Errorf("% x, want % x", got, want)
	}
	who, mac, ok := Said(got)
	if !ok || who != addrB || mac.String() != somebody.String() {
		t.Errorf("said %v %v %v", who, mac, ok)
	}
}

func TestARPThatClaimsNothing(t *testing.T) {
	probe := Body(somebody, netip.IPv4Unspecified(), addrA) // RFC 5227
	group := Body(net.HardwareAddr{1, 0, 0x5e, 0, 0, 1}, addrB, addrA)
	wide := Body(somebody, addrB, addrA)
	wide[4] = 8
	for name, b := range map[string][]byte{"empty": nil, "short": wide[:27], "probe": probe, "group MAC": group, "not Ethernet": wide} {
		if who, _, ok := Said(b); ok {
			t.Errorf("%s: %v", name, who)
		}
	}
}

func FuzzARP(f *testing.F) {
	f.Add(Body(somebody, addrB, addrA))
	f.Add([]byte{0, 1, 8, 0, 6, 4, 0, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		if who, mac, ok := Said(b); ok && (!who.Is4() || len(mac) != 6 || len(b) < Len) {
			t.Errorf("% x: %v %v", b, who, mac)
		}
	})
}
