package lan

import (
	"bytes"
	"net/netip"
	"testing"
)

var sixRouter = netip.MustParseAddr("fe80::5e10:1")

// A solicitation as tcpdump shows it, and the group it goes to.
func TestSolicit(t *testing.T) {
	want := []byte{
		135, 0, 0, 0, 0, 0, 0, 0,
		0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5e, 0x10, 0, 1,
		1, 1, 2, 0, 0x5e, 0x10, 0, 1,
	}
	if got := solicit(sixRouter, somebody); !bytes.Equal(got, want) {
		t.Errorf("% x, want % x", got, want)
	}
	if got := solicited(sixRouter); got != netip.MustParseAddr("ff02::1:ff10:1") {
		t.Error(got)
	}
}

func TestAdvertised(t *testing.T) {
	there := solicit(sixRouter, nil)
	there[0] = advertisement
	if who, mac, ok := advertised(there); !ok || who != sixRouter || mac != nil {
		t.Errorf("%v %v %v", who, mac, ok)
	}
	if _, mac, ok := advertised(append(there, append([]byte{optTargetLink, 1}, somebody...)...)); !ok || mac.String() != somebody.String() {
		t.Errorf("%v %v", mac, ok)
	}
	nobody := append([]byte{advertisement}, make([]byte, 23)...)
	for name, b := range map[string][]byte{"empty": nil, "short": there[:23], "our own question": solicit(sixRouter, somebody), "nobody": nobody} {
		if who, _, ok := advertised(b); ok {
			t.Errorf("%s: %v", name, who)
		}
	}
}

func FuzzAdvertised(f *testing.F) {
	f.Add(solicit(sixRouter, somebody))
	f.Fuzz(func(t *testing.T, b []byte) {
		if who, _, ok := advertised(b); ok && (!who.Is6() || who.IsMulticast() || len(b) < ndHead) {
			t.Errorf("% x: %v", b, who)
		}
	})
}
