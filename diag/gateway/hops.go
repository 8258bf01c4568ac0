package gateway

import (
	"deskside/diag"
	"deskside/diag/internet"
)

// nameRouters marks the hops whose sender is a router of this PC. A router
// often speaks from another of its addresses (IPv6: next hop fe80::1, ICMP
// from its public address). But a packet that may go one hop only is spoken of
// by the first hop only, so whoever does is the router.
func (f *Facts) nameRouters() {
	known, families := map[string]bool{}, map[int]bool{}
	for _, r := range f.Routers {
		known[r.Address], families[r.Family] = true, true
	}
	for _, h := range f.Hops {
		if h.TTL == 1 && families[h.Family] && !h.Self && (h.Outcome == Expired || h.Outcome == Unreachable) {
			known[h.From] = true
		}
	}
	for i, h := range f.Hops {
		f.Hops[i].Router = h.From != "" && known[h.From]
	}
}

// reaches reports that an anchor of the family took a connection.
func reaches(f diag.Facts, family int) bool {
	for _, c := range internet.Section.Of(f).Anchors {
		if c.Family == family && c.Outcome == internet.Connected {
			return true
		}
	}
	return false
}
