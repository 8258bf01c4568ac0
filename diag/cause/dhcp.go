package cause

import (
	"deskside/diag"
	"deskside/diag/lan"
	"deskside/diag/text"
)

// dhcpRules: who gives out addresses here, and how. They rest on one
// DHCPDISCOVER, which only an administrator may send; without it the
// diagnosis stays at addr.none or addr.apipa.
var dhcpRules = []Rule{
	{
		ID: "addr.dhcp_rogue", Severity: diag.Fail, Final: true, Rivals: beyondRouter,
		Gate:     []Clue{linksRead, either(offersDisagree, gaveRoutersAway), unless(anchorsAnswer), unless(webWorks)},
		For:      []Weighed{{proof, offersDisagree}, {weak, gaveRoutersAway}, {likely, earlierRouterThere}},
		Explains: beyondAddress,
		Also: func(s *scene) []string {
			if offersDisagree(s) != diag.Yes && earlierRouterThere(s) != diag.Yes {
				return nil // one of several possibilities, beside them
			}
			return []string{"addr.none", "addr.apipa", "addr.no_dhcp_server", "addr.dhcp_refused", "route.gw_wrong", "route.no_default", "gw.*", "wan.*", "dns.*", "fw.upstream_port_block"}
		},
		Args:     rogueArgs,
		Evidence: rogueEvidence,
	},
	{
		ID: "addr.dhcp_refused", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, not(nothingCarries), not(hasAddress), onlyRefusals, unless(wayOut)},
		For:      []Weighed{{proof, always}},
		Explains: beyondAddress, Over: []string{"addr.none", "addr.apipa", "addr.no_dhcp_server", "route.*", "gw.*", "wan.*", "dns.*"},
		Args:     func(s *scene) text.Args { return text.Args{"Server": s.lan.DHCP.Offers[0].Server} },
		Evidence: offerEvidence,
	},
	{
		ID: "addr.no_dhcp_server", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, not(nothingCarries), not(hasAddress), asksByItself, serversSilent, unless(wayOut)},
		For:      []Weighed{{proof, always}},
		Explains: beyondAddress, Over: []string{"addr.none", "addr.apipa", "route.*", "gw.*", "wan.*", "dns.*"},
		Args:     func(s *scene) text.Args { return text.Args{"Link": s.linkName(s.lan.DHCP.Index)} },
		Evidence: discoverEvidence,
	},
}

// serversAsked: what a DHCPDISCOVER could say is said; No while it is still
// out. Where none is planned there is nothing to wait for.
func serversAsked(s *scene) diag.Tri {
	return diag.TriOf(!s.lan.DHCP.Planned || s.run.Ended("lan.dhcp") || len(s.lan.DHCP.Offers) > 0)
}

// asksByItself: a DHCP client is set up here, so that an answer was due.
func asksByItself(s *scene) diag.Tri { return diag.TriOf(s.lan.DHCP.Client != "") }

func serversSilent(s *scene) diag.Tri {
	if s.lan.DHCP.Sent == 0 || !s.run.Ended("lan.dhcp") {
		return diag.Maybe
	}
	return diag.TriOf(len(s.lan.DHCP.Offers) == 0)
}

// onlyRefusals: servers are there, and none has an address for this PC.
func onlyRefusals(s *scene) diag.Tri {
	for _, o := range s.lan.DHCP.Offers {
		if !o.Refused {
			return diag.No
		}
	}
	return diag.TriOf(len(s.lan.DHCP.Offers) > 0)
}

// offersDisagree: two servers name different routers. Two that agree are one
// network with a spare.
func offersDisagree(s *scene) diag.Tri { return diag.TriOf(s.odds().Server != "") }

// odds is the offer that names another router than the first one; of two, the
// one whose server names itself the router this PC uses now, since that is how
// a stray device takes a PC over.
func (s *scene) odds() (odd lan.Offer) {
	var first lan.Offer
	for _, o := range s.lan.DHCP.Offers {
		switch {
		case o.Refused || o.Router == "":
		case first.Server == "":
			first = o
		case o.Router != first.Router && o.Server != first.Server:
			if first.IsGateway && !o.IsGateway {
				return first
			}
			return o
		}
	}
	return odd
}

func offerEvidence(s *scene) []diag.Evidence {
	var out []diag.Evidence
	for _, o := range s.lan.DHCP.Offers {
		key := "evidence.addr.offer"
		if o.Refused {
			key = "evidence.addr.no_offer"
		}
		out = append(out, s.seen(o.AtMS, "dhcp discover", key, "Server", o.Server, "MAC", o.MAC, "Router", o.Router))
	}
	return out
}

func discoverEvidence(s *scene) []diag.Evidence {
	d := s.lan.DHCP
	if d.Sent == 0 {
		return nil
	}
	if len(d.Offers) > 0 {
		return offerEvidence(s)
	}
	return []diag.Evidence{s.seen(d.AtMS, "dhcp discover", "evidence.addr.unanswered", "Link", s.linkName(d.Index), "Count", d.Sent)}
}
