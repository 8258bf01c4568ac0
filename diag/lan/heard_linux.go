package lan

import (
	"net/netip"

	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/link/arp"
)

const (
	maxHeard   = 64 // senders told apart: more of them say nothing new
	maxSenders = 8  // kept as evidence
)

// eavesdropper counts who speaks on the links while others are being asked. It
// sends nothing.
type eavesdropper struct {
	local link.Facts
	known map[arp.Claim]bool
}

func (e *eavesdropper) note(env *diag.Env, c arp.Claim) {
	ip, err := netip.ParseAddr(c.Address)
	who := arp.Claim{Address: c.Address, Index: c.Index} // one device may have several addresses, and one address several devices
	if err != nil || e.known[who] || len(e.known) >= maxHeard || ip.IsLinkLocalUnicast() || ip.IsLoopback() || ip.IsMulticast() {
		return
	}
	e.known[who] = true
	at, near := env.SinceMS(), inside(e.local, c.Index, ip)
	Section.Update(env.Facts, func(f *Facts) {
		h := f.heardOn(c.Index, at)
		switch {
		case near:
			h.Inside++
		case len(h.Senders) < maxSenders:
			h.Senders = append(h.Senders, c.Address)
			fallthrough
		default:
			h.Outside++
		}
	})
}

func (f *Facts) heardOn(index int, atMS float64) *Heard {
	for i := range f.Heard {
		if f.Heard[i].Index == index {
			return &f.Heard[i]
		}
	}
	f.Heard = append(f.Heard, Heard{Index: index, AtMS: atMS})
	return &f.Heard[len(f.Heard)-1]
}

// inside reports that an address lies in a network of this PC on that link.
func inside(f link.Facts, index int, ip netip.Addr) bool {
	for _, a := range f.AddressesOf(index) {
		own, err := netip.ParseAddr(a.IP)
		if err == nil && own.Is4() && netip.PrefixFrom(own, a.Bits).Contains(ip) {
			return true
		}
	}
	return false
}
