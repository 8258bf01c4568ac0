package link

import "net/netip"

var (
	cgnat   = netip.MustParsePrefix("100.64.0.0/10")
	standIn = netip.MustParsePrefix("198.18.0.0/15")
)

// ScopeOf classifies an address; what is not an address is Other.
func ScopeOf(s string) Scope {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return Other
	}
	a = a.Unmap()
	switch {
	case a.IsUnspecified():
		return Null
	case a.IsLoopback():
		return Loopback
	case a.IsLinkLocalUnicast():
		return LinkLocal
	case a.IsPrivate():
		return Private
	case a.Is4() && cgnat.Contains(a):
		return CGNAT
	case a.Is4() && standIn.Contains(a):
		return StandIn
	case a.IsGlobalUnicast():
		return Public
	}
	return Other
}

// blocks are the address blocks that a LAN may take its network from
// (RFC 1918, RFC 6598).
var blocks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"), cgnat,
}

// wide reports an IPv4 network that reaches outside the block its address is
// from. For a public address the bound is /8: no network was ever given out
// larger (RFC 7020, IANA allocates /8s).
func wide(address string, bits int) bool {
	a, err := netip.ParseAddr(address)
	if err != nil || !a.Is4() {
		return false
	}
	for _, b := range blocks {
		if b.Contains(a) {
			return bits < b.Bits()
		}
	}
	return ScopeOf(address) == Public && bits < 8
}
