package cause

import (
	"deskside/diag"
	"deskside/diag/lan"
	"deskside/diag/text"
)

// twin: another device answers an ARP probe for this PC's own address
// (RFC 5227, section 2.1.1). The network may still work by turns.
var twin = Rule{
	ID: "addr.duplicate", Severity: diag.Fail,
	Gate:     []Clue{linksRead, ownAddressTaken},
	For:      []Weighed{{proof, always}},
	Explains: beyondAddress, Over: []string{"wan.*", "gw.icmp_filtered", "gw.no_forward", "gw.no_nat", "dns.server_silent", "dns.first_server_dead", "fw.upstream_port_block", "perf.*"},
	Args: func(s *scene) text.Args {
		o := s.takenAddress()
		return text.Args{"Address": o.Address, "Link": s.linkName(o.Index), "MACs": o.MACs}
	},
	Evidence: func(s *scene) []diag.Evidence {
		o := s.takenAddress()
		return []diag.Evidence{s.seen(o.AtMS, "arp probe", "evidence.addr.twin", "Address", o.Address, "MACs", o.MACs)}
	},
}

func (s *scene) takenAddress() lan.Own {
	for _, o := range s.lan.Own {
		if len(o.MACs) > 0 {
			return o
		}
	}
	return lan.Own{}
}

func ownAddressTaken(s *scene) diag.Tri { return diag.TriOf(s.takenAddress().Address != "") }

// mirrorFrames keeps a single frame that a switch sent back from counting.
const mirrorFrames = 3

// mirror: another device has this PC's hardware address, so that switches send
// by turns to it what is meant for us.
var mirror = Rule{
	ID: "addr.mac_conflict", Severity: diag.Fail, Final: true,
	Gate:     []Clue{linksRead, mirrorHeard},
	For:      []Weighed{{proof, always}},
	Explains: append([]string{"connectivity.route", "gateway.present"}, beyondGateway...),
	Over:     []string{"addr.duplicate", "link.errors", "route.gw_wrong", "gw.*", "wan.*", "fw.*", "dns.*", "proxy.*", "tls.*", "v6.*", "perf.*", "mtu.*", "svc.*"},
	Args: func(s *scene) text.Args {
		l, _ := s.link.Link(s.lan.Mirror.Index)
		return text.Args{"Link": l.Name, "MAC": l.MAC}
	},
	Evidence: func(s *scene) []diag.Evidence {
		l, _ := s.link.Link(s.lan.Mirror.Index)
		return []diag.Evidence{s.seen(s.lan.Mirror.AtMS, "packet socket", "evidence.addr.mirror", "Frames", s.lan.Mirror.Frames, "MAC", l.MAC)}
	},
}

func mirrorHeard(s *scene) diag.Tri { return diag.TriOf(s.lan.Mirror.Frames >= mirrorFrames) }

// wrongRouter: the router that is set is not there, while one that a lease,
// an offer or the configuration names is.
var wrongRouter = Rule{
	ID: "route.gw_wrong", Severity: diag.Fail, Final: true,
	Gate:     []Clue{linksRead, routerSilentOnWire, otherRouterThere, unless(anchorsAnswer), unless(proxyWorks)},
	For:      []Weighed{{proof, always}},
	Explains: append([]string{"connectivity.route"}, beyondGateway...),
	Over:     []string{"gw.*", "wan.*", "dns.server_silent", "dns.first_server_dead", "fw.upstream_port_block"},
	Args:     func(s *scene) text.Args { return text.Args{"Router": s.router().Address, "Other": s.otherRouter()} },
	Evidence: func(s *scene) []diag.Evidence {
		r := s.router()
		out := []diag.Evidence{s.seen(r.AtMS, "neighbour table", "evidence.gw.silent", "Router", r.Address, "Waited", int(r.WaitedMS), "State", r.State)}
		for _, o := range s.lan.Others {
			if o.Answers == diag.Yes && o.Inside {
				out = append(out, s.seen(o.AtMS, "arp probe", "evidence.route.other_"+o.Known, "Router", o.Address))
			}
		}
		return append(out, offerEvidence(s)...)
	},
}

// otherRouter is one that may be meant instead: asked and there, or named by
// a server that is there.
func (s *scene) otherRouter() string {
	for _, o := range s.lan.Others {
		if o.Answers == diag.Yes && o.Inside {
			return o.Address
		}
	}
	for _, o := range s.lan.DHCP.Offers {
		if !o.Refused && o.Router != "" && !o.IsGateway && !(o.Foreign && setByHand(s) == diag.Yes) {
			return o.Router
		}
	}
	return ""
}

func otherRouterThere(s *scene) diag.Tri { return diag.TriOf(s.otherRouter() != "") }

// outside is a device that answers where the router usually is, beyond the
// edge of this PC's own network.
func (s *scene) outside() lan.Other {
	for _, o := range s.lan.Others {
		if o.Answers == diag.Yes && !o.Inside {
			return o
		}
	}
	return lan.Other{}
}

// maskTooNarrow: no way out is set, and one of the addresses that the router
// may have answers on this very cable, but outside the network that the mask
// leaves: the kernel would refuse such a router (RTNETLINK: gateway invalid).
func maskTooNarrow(s *scene) diag.Tri {
	return diag.TriOf(s.outside().Address != "" && len(s.link.Defaults(4)) == 0)
}

// edgeLooked: whether the mask is too narrow is known, or there is no doubt
// about it. Without the right to ask on the cable a doubt stays.
func edgeLooked(s *scene) diag.Tri {
	for _, o := range s.lan.Others {
		if !o.Inside {
			return diag.TriOf(s.run.Ended("lan.arp"))
		}
	}
	return diag.Yes
}
