package icmp

import (
	"encoding/binary"
	"net/netip"
	"testing"
)

var addrA, addrB = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")

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

func TestParse(t *testing.T) {
	for _, c := range []struct {
		raw            []byte
		want           Error
		noWay, passing bool
	}{
		{queued(2, 11, 0, addrA), Error{11, 0, addrA, false}, false, true},
		{queued(2, 3, 0, addrA), Error{3, 0, addrA, false}, true, true},
		{queued(2, 3, 1, addrA), Error{3, 1, addrA, false}, true, true},
		{queued(2, 3, 3, addrA), Error{3, 3, addrA, false}, false, false},   // a closed port
		{queued(2, 3, 13, addrA), Error{3, 13, addrA, false}, false, false}, // a firewall's refusal
		{queued(3, 1, 0, addrB), Error{1, 0, addrB, true}, true, true},
		{queued(3, 1, 3, addrB), Error{1, 3, addrB, true}, true, true},
		{queued(3, 1, 1, addrB), Error{1, 1, addrB, true}, false, false},
		{queued(3, 3, 0, addrB), Error{3, 0, addrB, true}, false, true},
	} {
		if got, ok := Parse(c.raw); !ok || got != c.want || got.NoWay() != c.noWay || got.Passing() != c.passing {
			t.Errorf("% x: %+v %v, want %+v; no way: %v, passing: %v", c.raw, got, ok, c.want, got.NoWay(), got.Passing())
		}
	}
	for _, raw := range [][]byte{nil, queued(1, 11, 0, addrA), queued(4, 0, 0, addrA), queued(2, 11, 0, addrA)[:15]} {
		if e, ok := Parse(raw); ok {
			t.Errorf("% x: %+v", raw, e)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(queued(2, 11, 0, addrA))
	f.Add(queued(3, 3, 0, addrB))
	f.Add(make([]byte, 16))
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, ok := Parse(b); ok && b[4] != origin4 && b[4] != origin6 {
			t.Errorf("% x: %+v", b, e)
		}
	})
}
