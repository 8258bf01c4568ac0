package gateway

import (
	"net/netip"

	"deskside/diag"
	"deskside/diag/link"
)

// Overheard is a router's word that it knows no way, spoken to any program of
// this PC. For whom the packet was is that program's business and not kept.
type Overheard struct {
	From   string  `json:"from" privacy:"ip"` // the address of a router of this PC
	Family int     `json:"family" privacy:"none"`
	AtMS   float64 `json:"at_ms" privacy:"none"`
}

// noWayOut reads an ICMP message as it came (RFC 792): true for "net
// unreachable" about a packet to a public address. A router that knows any
// default route does not say that.
func noWayOut(b []byte) bool {
	const icmpHead, ipHead, ipDest = 8, 20, 16
	if len(b) < icmpHead+ipHead || b[0] != 3 || b[1] != 0 || b[icmpHead]>>4 != 4 {
		return false
	}
	to := netip.AddrFrom4([4]byte(b[icmpHead+ipDest : icmpHead+ipHead]))
	return link.ScopeOf(to.String()) == link.Public
}

// goesOn reports that the way does not end at the router: then there is
// nothing to overhear.
func goesOn(f diag.Facts) bool {
	for _, h := range Section.Of(f).Hops {
		if h.TTL > 1 && (h.Outcome == Expired || h.Outcome == Reached) {
			return true
		}
	}
	return reaches(f, 4) || reaches(f, 6)
}

// overheard notes what a router of this PC said, once of each.
func (f *Facts) overheard(from netip.Addr, atMS float64) (noted bool) {
	for _, o := range f.Overheard {
		if o.From == from.String() {
			return false
		}
	}
	for _, r := range f.Routers {
		if r.Address == from.String() {
			f.Overheard = append(f.Overheard, Overheard{From: r.Address, Family: r.Family, AtMS: atMS})
			return true
		}
	}
	return false
}
