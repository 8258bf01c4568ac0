package cause

import (
	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/text"
)

// linkRules: no interface of this PC carries anything.
var linkRules = []Rule{
	radioOff("link.rfkill_hard", "rfkill hard", radioOffHard),
	radioOff("link.rfkill_soft", "rfkill soft", radioOffSoft),
	{
		ID: "link.no_iface", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, noPlainLink, unless(wayOut)},
		For:      []Weighed{{proof, always}},
		Explains: beyondLink, Over: []string{"addr.*", "route.*", "gw.*", "wan.*", "dns.*"},
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(s.link.AtMS, "netlink link", "evidence.link.none", "Count", len(s.link.Links))}
		},
	},
	{
		ID: "link.admin_down", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, someLinkDown, unless(wayOut)},
		For:      []Weighed{{proof, downLinkHasAddress}, {proof, nothingCarries}},
		Against:  []Weighed{{strong, otherLinkWanted}, {proof, sessionOnPlainLink}},
		Explains: beyondLink, Over: []string{"link.no_carrier", "addr.*", "route.*", "gw.*", "wan.*", "dns.*"},
		Fixes: []string{"link-up"},
		Args:  func(s *scene) text.Args { return text.Args{"Link": s.downLink().Name} },
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(s.link.AtMS, "netlink link", "evidence.link.down", "Link", s.downLink().Name)}
		},
	},
	{
		ID: "link.no_carrier", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, someLinkUnplugged, nothingCarries, unless(wayOut)},
		For:      []Weighed{{proof, always}},
		Against:  []Weighed{{strong, adminDownIsLikelier}},
		Explains: beyondLink, Over: []string{"link.admin_down", "addr.*", "route.*", "gw.*", "wan.*", "dns.*"},
		Args: func(s *scene) text.Args { return text.Args{"Link": s.unpluggedLink().Name} },
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(s.link.AtMS, "netlink link", "evidence.link.no_carrier", "Link", s.unpluggedLink().Name)}
		},
	},
	lockedPort,
}

func linksRead(s *scene) diag.Tri { return s.link.Readable }

func noPlainLink(s *scene) diag.Tri { return diag.TriOf(len(s.plain) == 0) }

// nothingCarries: no link that could carry this PC's traffic is up with a
// carrier.
func nothingCarries(s *scene) diag.Tri { return diag.TriOf(len(s.carrying) == 0) }

func someLinkDown(s *scene) diag.Tri { return diag.TriOf(s.downLink().Index != 0) }

func someLinkUnplugged(s *scene) diag.Tri { return diag.TriOf(s.unpluggedLink().Index != 0) }

// downLinkHasAddress: IPv4 addresses stay on a link that is switched off, so
// this is one somebody meant to use.
func downLinkHasAddress(s *scene) diag.Tri {
	return diag.TriOf(len(s.link.AddressesOf(s.downLink().Index)) > 0)
}

// otherLinkWanted: another link has an address of its own, so the one that is
// down may simply be unused.
func otherLinkWanted(s *scene) diag.Tri {
	for _, l := range s.plain {
		if l.Up && s.hasUsableAddress(l.Index) {
			return diag.Yes
		}
	}
	return diag.No
}

// adminDownIsLikelier: a link that is switched off still has its address,
// while no unplugged one has any.
func adminDownIsLikelier(s *scene) diag.Tri {
	return diag.TriOf(downLinkHasAddress(s) == diag.Yes && len(s.link.AddressesOf(s.unpluggedLink().Index)) == 0)
}

// sessionOnPlainLink: the SSH session itself comes in over a link of this PC.
func sessionOnPlainLink(s *scene) diag.Tri {
	sess := s.link.Session
	if sess == nil || sess.OwnAddress != diag.Yes {
		return diag.Maybe
	}
	return diag.TriOf(sess.Index == s.downLink().Index)
}

// downLink is the link that is switched off: one with an address first.
func (s *scene) downLink() link.Link {
	return s.pick(func(l link.Link) bool { return !l.Up })
}

// unpluggedLink is up without a carrier: one with an address first.
func (s *scene) unpluggedLink() link.Link {
	return s.pick(func(l link.Link) bool { return l.Up && !l.Carrier })
}

func (s *scene) pick(want func(link.Link) bool) (best link.Link) {
	for _, l := range s.plain {
		if want(l) && (best.Index == 0 || len(s.link.AddressesOf(best.Index)) == 0 && len(s.link.AddressesOf(l.Index)) > 0) {
			best = l
		}
	}
	return best
}
