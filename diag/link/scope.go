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
