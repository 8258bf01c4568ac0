package cause

import (
	"deskside/diag"
	"deskside/diag/lan"
	"deskside/diag/text"
)

// strangersNeeded is how many devices with addresses of another network must
// be heard, and none of this PC's own, before this PC is taken for the one that
// is wrong: a single one may be a printer that kept its factory setting.
const strangersNeeded = 2

// foreigner: somebody gave this PC an address by hand that belongs to another
// network. Its router is not here, and everybody who speaks speaks of others.
var foreigner = Rule{
	ID: "addr.static_foreign", Severity: diag.Fail, Final: true,
	Gate: []Clue{
		linksRead, not(nothingCarries), setByHand, routerSilentOnWire, not(neighbourInside), either(offersElsewhere, strangersAround),
		unless(anchorsAnswer), unless(webWorks), unless(fightPossible),
	},
	For:      []Weighed{{proof, offersElsewhere}, {proof, strangersAround}},
	Explains: append([]string{"connectivity.address"}, beyondRoute...),
	Over:     []string{"addr.wrong_mask", "route.*", "gw.*", "wan.*", "dns.*", "fw.*", "proxy.*"},
	Args: func(s *scene) text.Args {
		index := s.router().Index
		out := text.Args{"Link": s.linkName(index), "Address": ""}
		for _, a := range s.link.AddressesOf(index) {
			if a.Family == 4 && out["Address"] == "" {
				out["Address"] = a.IP
			}
		}
		return out
	},
	Evidence: func(s *scene) []diag.Evidence {
		r := s.router()
		out := []diag.Evidence{s.seen(r.AtMS, "arp", "evidence.gw.silent", "Router", r.Address, "Waited", int(r.WaitedMS), "State", r.State)}
		if h := s.heard(); h.Outside > 0 {
			out = append(out, s.seen(h.AtMS, "arp", "evidence.addr.strangers", "Link", s.linkName(h.Index), "Count", h.Outside, "Senders", h.Senders))
		}
		return append(out, offerEvidence(s)...)
	},
}

// handClients are signs of DHCP clients that may set an address without its
// lifetime, so that it looks as if it was set by hand.
var handClients = map[string]bool{"interfaces": true, "dhclient": true, "dhcpcd": true}

// setByHand: no server gave this PC the address of the link to its router.
func setByHand(s *scene) diag.Tri {
	any := false
	for _, a := range s.link.AddressesOf(s.router().Index) {
		if a.Family == 4 {
			if a.Leased {
				return diag.No
			}
			any = true
		}
	}
	return diag.TriOf(any && !handClients[s.lan.DHCP.Client])
}

func (s *scene) heard() lan.Heard {
	for _, h := range s.lan.Heard {
		if h.Index == s.router().Index {
			return h
		}
	}
	return lan.Heard{}
}

// neighbourInside: somebody else here uses this PC's network.
func neighbourInside(s *scene) diag.Tri {
	for _, o := range s.lan.Others {
		if o.Inside && o.Answers == diag.Yes {
			return diag.Yes
		}
	}
	return diag.TriOf(s.heard().Inside > 0)
}

func strangersAround(s *scene) diag.Tri { return diag.TriOf(s.heard().Outside >= strangersNeeded) }

// offersElsewhere: whoever hands out addresses here hands out those of another
// network.
func offersElsewhere(s *scene) diag.Tri {
	any := false
	for _, o := range s.lan.DHCP.Offers {
		if !o.Refused {
			if !o.Foreign {
				return diag.No
			}
			any = true
		}
	}
	return diag.TriOf(any)
}
