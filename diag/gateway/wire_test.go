package gateway

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"

	"deskside/diag/link/icmp"
)

var (
	somebody = net.HardwareAddr{0x02, 0, 0x5e, 0x10, 0, 1}
	addrA    = netip.MustParseAddr("192.0.2.1")
)

// queued builds sock_extended_err and an offender, as the kernel does.
func queued(origin, kind, code byte, from netip.Addr) []byte {
	b := make([]byte, 16)
	b[4], b[5], b[6] = origin, kind, code
	if from.Is4() {
		b = binary.NativeEndian.AppendUint16(b, 2)
		b = append(append(b, 0, 0), from.AsSlice()...)
		return append(b, make([]byte, 8)...)
	}
	b = binary.NativeEndian.AppendUint16(b, 10)
	b = append(append(b, 0, 0, 0, 0, 0, 0), from.AsSlice()...)
	return append(b, 0, 0, 0, 0)
}

func TestQueuedErrors(t *testing.T) {
	six, target6 := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::9")
	target := netip.MustParseAddr("203.0.113.1")
	for _, c := range []struct {
		raw    []byte
		target netip.Addr
		want   string
		from   netip.Addr
	}{
		{queued(2, 11, 0, addrA), target, Expired, addrA},
		{queued(2, 3, 0, addrA), target, Unreachable, addrA},
		{queued(2, 3, 13, addrA), target, Unreachable, addrA},
		{queued(2, 3, 3, target), target, Reached, target},
		{queued(2, 3, 3, addrA), target, Unreachable, addrA}, // a firewall on the way says "port unreachable"
		{queued(2, 4, 0, addrA), target, "", addrA},          // source quench: nothing to us
		{queued(3, 3, 0, six), target6, Expired, six},
		{queued(3, 1, 0, six), target6, Unreachable, six},
		{queued(3, 1, 4, target6), target6, Reached, target6},
		{queued(3, 1, 4, target6), target6.WithZone("eth0"), Reached, target6},
	} {
		e, ok := icmp.Parse(c.raw)
		if !ok || e.From != c.from || fateOf(e, c.target) != c.want {
			t.Errorf("% x: %+v %v = %q, want %q", c.raw, e, ok, fateOf(e, c.target), c.want)
		}
	}
}

// change builds an RTM_NEWNEIGH body.
func change(index uint32, state uint16, ip netip.Addr, mac net.HardwareAddr) []byte {
	b := make([]byte, 12)
	binary.NativeEndian.PutUint32(b[4:], index)
	binary.NativeEndian.PutUint16(b[8:], state)
	for kind, value := range map[uint16][]byte{1: ip.AsSlice(), 2: mac} {
		b = binary.NativeEndian.AppendUint16(b, uint16(4+len(value)))
		b = binary.NativeEndian.AppendUint16(b, kind)
		b = append(b, value...)
		b = append(b, make([]byte, -len(value)&3)...)
	}
	return b
}

func TestNeighbourChange(t *testing.T) {
	got, ok := neighbourIn(change(7, 0x02, addrA, somebody))
	if want := (neighbour{"192.0.2.1", 7, reachable, somebody.String()}); !ok || got != want {
		t.Errorf("%+v %v, want %+v", got, ok, want)
	}
	for name, b := range map[string][]byte{"empty": nil, "no address": make([]byte, 12), "odd state": change(7, 0x300, addrA, somebody), "cut": change(7, 2, addrA, somebody)[:15]} {
		if n, ok := neighbourIn(b); ok {
			t.Errorf("%s: %+v", name, n)
		}
	}
}

func FuzzNeighbour(f *testing.F) {
	f.Add(change(7, 0x02, addrA, somebody))
	f.Add(change(7, 0x20, netip.MustParseAddr("fe80::1"), nil))
	f.Add(append(make([]byte, 12), 3, 0, 1, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, ok := neighbourIn(b); ok {
			if _, err := netip.ParseAddr(n.Address); err != nil || n.State == "" {
				t.Errorf("% x: %+v", b, n)
			}
		}
	})
}

// refusalOf is an ICMP message with the head of the packet it is about.
func refusalOf(kind, code byte, to netip.Addr) []byte {
	b := make([]byte, 8+20+8)
	b[0], b[1], b[8] = kind, code, 0x45
	copy(b[8+16:], to.AsSlice())
	return b
}

func TestNoWayOut(t *testing.T) {
	far := netip.MustParseAddr("9.9.9.9")
	for _, c := range []struct {
		name string
		raw  []byte
		want bool
	}{
		{"net unreachable", refusalOf(3, 0, far), true},
		{"host unreachable: that one may be off", refusalOf(3, 1, far), false},
		{"port unreachable", refusalOf(3, 3, far), false},
		{"refused by a rule", refusalOf(3, 13, far), false},
		{"time exceeded", refusalOf(11, 0, far), false},
		{"a private network that the router does not know", refusalOf(3, 0, netip.MustParseAddr("10.9.9.9")), false},
		{"nothing to read", nil, false},
		{"cut short", refusalOf(3, 0, far)[:27], false},
		{"no IPv4 inside", append([]byte{3, 0, 0, 0, 0, 0, 0, 0, 0x60}, make([]byte, 30)...), false},
	} {
		if got := noWayOut(c.raw); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
