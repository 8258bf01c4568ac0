package lan

import (
	"encoding/binary"
	"net/netip"
	"testing"
)

var six, far = netip.MustParseAddr("2001:db8:1::50"), netip.MustParseAddr("2620:fe::fe")

// quoting is how a router says that time was up.
func quoting(who netip.Addr, kind byte, packet []byte) []byte {
	b := make([]byte, icmp6Quote)
	b[0], b[6], b[ip6Len] = 0x60, protoICMP6, kind
	from := who.As16()
	copy(b[8:], from[:])
	return append(b, packet...)
}

func TestPacket6(t *testing.T) {
	b := packet6(six, far, 2)
	if b[7] != 2 || int(binary.BigEndian.Uint16(b[4:])) != len(b)-ip6Len || binary.BigEndian.Uint16(b[ip6Len+2:]) != probePort+2 {
		t.Errorf("% x", b)
	}
	pseudo := append(append(append([]byte{}, b[8:40]...), 0, 0, 0, byte(len(b)-ip6Len), 0, 0, 0, protoUDP), b[ip6Len:]...)
	if sum := checksum(pseudo); sum != 0 { // over its own checksum a sound packet sums to nothing
		t.Errorf("checksum is off by %x", sum)
	}
}

func TestEndOf(t *testing.T) {
	hop := netip.MustParseAddr("2001:db8:64::1")
	if who, ok := endOf(quoting(hop, timeout6, packet6(six, far, 2)), far); !ok || who != hop {
		t.Errorf("%v %v", who, ok)
	}
	for name, b := range map[string][]byte{
		"empty": nil, "our own packet": packet6(six, far, 2), "an echo": quoting(hop, 129, packet6(six, far, 2)),
		"another's":   quoting(hop, timeout6, packet6(six, hop, 2)),
		"cut short":   quoting(hop, timeout6, packet6(six, far, 2)[:ip6Len]),
		"too big":     quoting(hop, 2, packet6(six, far, 2)),
		"not its own": func() []byte { b := quoting(hop, timeout6, packet6(six, far, 2)); b[icmp6Quote+ip6Len]++; return b }(),
	} {
		if who, ok := endOf(b, far); ok {
			t.Errorf("%s: %v", name, who)
		}
	}
}

func FuzzEndOf(f *testing.F) {
	f.Add(quoting(six, timeout6, packet6(six, far, 2)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if who, ok := endOf(b, far); ok && (!who.Is6() || len(b) < icmp6Quote+ip6Len) {
			t.Errorf("% x: %v", b, who)
		}
	})
}
