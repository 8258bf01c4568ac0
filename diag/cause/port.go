package cause

import (
	"deskside/diag"
	"deskside/diag/text"
)

// lockedPort: the switch lets nobody in who has not signed in (IEEE 802.1X),
// and this PC has not. The cable is fine, and nobody answers over it.
var lockedPort = Rule{
	ID: "link.auth_8021x", Severity: diag.Fail, Final: true,
	Gate: []Clue{
		linksRead, not(nothingCarries), either(not(hasAddress), routerSilentOnWire), not(portOpened), not(offered),
		either(portAsks, portRefuses, clientWaits, clientUnheard), unless(otherWay),
	},
	For:      []Weighed{{proof, portAsks}, {proof, portRefuses}, {proof, clientWaits}, {weak, clientUnheard}},
	Explains: beyondAddress,
	Also: func(s *scene) []string {
		if either(portAsks, portRefuses, clientWaits)(s) != diag.Yes {
			return nil // a possibility, beside the missing address
		}
		return []string{"link.flapping", "addr.*", "route.*", "gw.*", "wan.*", "dns.*", "fw.*", "proxy.*"}
	},
	Args: func(s *scene) text.Args { return text.Args{"Link": s.portLink()} },
	Evidence: func(s *scene) []diag.Evidence {
		p := s.lan.Port
		var out []diag.Evidence
		if p.Requests > 0 {
			out = append(out, s.seen(p.AtMS, "eapol", "evidence.link.eap_asked", "Link", s.portLink(), "Count", p.Requests))
		}
		if p.Refused > 0 {
			out = append(out, s.seen(p.AtMS, "eapol", "evidence.link.eap_refused", "Link", s.portLink()))
		}
		if p.Client != "" {
			key := "evidence.link.signs_in"
			if p.Waits == diag.Yes {
				key = "evidence.link.waits"
			}
			out = append(out, s.seen(s.link.AtMS, p.Client, key, "Link", s.portLink()))
		}
		return out
	},
}

func (s *scene) portLink() string {
	if name := s.linkName(s.lan.Port.Index); name != "" {
		return name
	}
	return s.carrying[0].Name
}

// otherWay: this PC reaches the world all the same: one with an address because
// something answers, one without by another way.
func otherWay(s *scene) diag.Tri {
	if hasAddress(s) == diag.Yes {
		return either(anchorsAnswer, webWorks)(s)
	}
	return wayOut(s)
}

// portAsks: the switch wants to know who is there.
func portAsks(s *scene) diag.Tri { return diag.TriOf(s.lan.Port.Requests > 0) }

// portRefuses: the switch said no.
func portRefuses(s *scene) diag.Tri { return diag.TriOf(s.lan.Port.Refused > 0) }

func portOpened(s *scene) diag.Tri { return diag.TriOf(s.lan.Port.Opened) }

// clientWaits: this PC's own client says that it was not let in.
func clientWaits(s *scene) diag.Tri {
	return diag.TriOf(s.lan.Port.Client != "" && s.lan.Port.Waits == diag.Yes)
}

// clientUnheard: this PC is set up to sign in, and this user may not listen
// for what the switch says.
func clientUnheard(s *scene) diag.Tri {
	return diag.TriOf(s.lan.Port.Client != "" && s.lan.Port.Waits != diag.No && s.lan.MayAsk == diag.No)
}

// offered: a server behind the port has answered, so the port is open.
func offered(s *scene) diag.Tri { return diag.TriOf(len(s.lan.DHCP.Offers) > 0) }
