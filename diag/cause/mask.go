package cause

import (
	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
)

// wrongMask: the network of an address is larger than it can be, so that this
// PC looks for strangers on its own cable instead of sending to the router; or
// smaller than it is, so that the router lies outside.
var wrongMask = Rule{
	ID: "addr.wrong_mask", Severity: diag.Fail, Final: true,
	Gate:     []Clue{linksRead, not(nothingCarries), either(maskTooWide, maskTooNarrow), unless(onLinkWorks)},
	For:      []Weighed{{proof, always}},
	Explains: beyondAddress, Over: []string{"route.no_default", "route.metric_fight", "gw.*", "wan.*", "fw.upstream_port_block", "addr.duplicate", "proxy.dead"},
	Also: func(s *scene) []string {
		if s.serverOnWideNet() || maskTooNarrow(s) == diag.Yes {
			return []string{"dns.*"}
		}
		return nil
	},
	Args: func(s *scene) text.Args {
		a := s.wrongAddress()
		return text.Args{"Link": s.linkName(a.Index), "Address": a.IP, "Bits": a.Bits}
	},
	Evidence: func(s *scene) []diag.Evidence {
		a := s.wrongAddress()
		if o := s.outside(); !a.Wide {
			return []diag.Evidence{s.seen(o.AtMS, "arp probe", "evidence.addr.outside", "Router", o.Address, "Address", a.IP, "Bits", a.Bits)}
		}
		out := []diag.Evidence{s.seen(s.link.AtMS, "netlink address", "evidence.addr.wide", "Link", s.linkName(a.Index), "Address", a.IP, "Bits", a.Bits)}
		if p, ok := s.straightTo("anchor"); ok {
			out = append(out, s.seen(s.link.AtMS, "netlink route get", "evidence.addr.straight", "Dest", p.Dest, "Link", s.linkName(p.Index)))
		}
		return out
	},
}

// wrongAddress is the one that is too wide, or the first of the link on whose
// cable something answers outside of it.
func (s *scene) wrongAddress() link.Address {
	if a := s.wideAddress(); a.Bits != 0 {
		return a
	}
	for _, a := range s.link.AddressesOf(s.outside().Index) {
		if a.Family == 4 {
			return a
		}
	}
	return link.Address{}
}

// wideAddress is one on a link that carries; a link nobody uses may have any.
func (s *scene) wideAddress() link.Address {
	for _, l := range s.carrying {
		for _, a := range s.link.AddressesOf(l.Index) {
			if a.Wide {
				return a
			}
		}
	}
	return link.Address{}
}

func maskTooWide(s *scene) diag.Tri { return diag.TriOf(s.wideAddress().Bits != 0) }

// straightTo is a path that leaves by the wide address's link without a
// router, though it leads to no neighbour of this PC.
func (s *scene) straightTo(purpose string) (link.Path, bool) {
	for _, p := range s.link.To(purpose) {
		if p.Family == 4 && p.Reachable == diag.Yes && p.Gateway == "" && p.Index == s.wideAddress().Index {
			return p, true
		}
	}
	return link.Path{}, false
}

func (s *scene) serverOnWideNet() bool {
	_, ok := s.straightTo("dns")
	return ok
}

// onLinkWorks: what should be strangers answer on this cable all the same (a
// router that answers for everybody, RFC 1027 proxy ARP).
func onLinkWorks(s *scene) diag.Tri {
	if _, ok := s.straightTo("anchor"); !ok {
		return diag.No
	}
	return anchorsAnswer(s)
}
