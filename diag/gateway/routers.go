package gateway

import (
	"net/netip"

	"deskside/diag/link"
)

// maxRouters bounds what a PC with many default routes makes us ask.
const maxRouters = 4

// routersOf lists the next hops to ask: first those that packets for the
// anchors leave through, then those of the other default routes, best metric
// first. A next hop on a link that is down, or that has none to ask (TUN, PPP,
// WireGuard), is not listed.
func routersOf(f link.Facts) []Router {
	var out []Router
	add := func(address string, index int, used bool) {
		a, err := netip.ParseAddr(address)
		l, known := f.Link(index)
		if err != nil || !known || !l.Up || !l.Carrier || l.NoARP || l.Kind == "loopback" || len(out) == maxRouters {
			return
		}
		for i := range out {
			if out[i].Address == address && out[i].Index == index {
				out[i].Used = out[i].Used || used
				return
			}
		}
		r := Router{Address: address, Family: 6, Scope: link.ScopeOf(address), Index: index, Used: used}
		if a.Is4() {
			r.Family = 4
		}
		out = append(out, r)
	}
	for _, p := range f.To("anchor") {
		if p.Gateway != "" {
			add(p.Gateway, p.Index, true)
		}
	}
	for _, family := range []int{4, 6} {
		for _, r := range f.Defaults(family) {
			if r.Gateway != "" {
				add(r.Gateway, r.Index, false)
			}
		}
	}
	return out
}

// at finds a router by what names it.
func (f *Facts) at(address string, index int) *Router {
	for i := range f.Routers {
		if f.Routers[i].Address == address && f.Routers[i].Index == index {
			return &f.Routers[i]
		}
	}
	return nil
}
