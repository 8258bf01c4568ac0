package cause

import (
	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

// divertedRules: the PC's ordinary way out would work, but something laid over
// it takes the packets elsewhere: a tunnel, or a leftover policy rule.
var divertedRules = []Rule{
	{
		ID: "route.vpn_dead", Severity: diag.Fail, Final: true,
		Gate: []Clue{
			linksRead, tunnelInUse, not(anchorsAnswer), anchorsAll(internet.Timeout, internet.NoNetwork, internet.Denied),
			unless(routerSilentOnWire), unless(nothingElseWorks), unless(webWorks),
		},
		For:      []Weighed{{weak, always}, {proof, otherWayOut}, {strong, tunnelSwallows}, {strong, handshakeOld}},
		Explains: append([]string{"connectivity.route"}, beyondGateway...),
		Over:     []string{"route.metric_fight", "route.rule_leftover", "gw.*", "wan.*", "fw.*", "dns.*", "mtu.*"},
		Args:     func(s *scene) text.Args { return text.Args{"Link": s.tunnel().Name} },
		Evidence: func(s *scene) []diag.Evidence {
			out := []diag.Evidence{s.seen(s.link.AtMS, "netlink route get", "evidence.route.tunnel", "Link", s.tunnel().Name)}
			if b := s.aroundWay(); b.Index != 0 {
				out = append(out, s.seen(b.AtMS, "tcp via "+s.linkName(b.Index), "evidence.route.bound_works", "Link", s.linkName(b.Index)))
			}
			if c := s.changeOf(s.tunnel().Index); c.Sent > 0 && c.Received == 0 {
				out = append(out, s.seen(s.link.AtMS, "sysfs statistics", "evidence.route.swallows", "Link", s.tunnel().Name, "Sent", c.Sent))
			}
			if w := s.wireGuard(); handshakeOld(s) == diag.Yes {
				key := "evidence.route.handshake_old"
				if w.AgeS < 0 {
					key = "evidence.route.handshake_none"
				}
				out = append(out, s.seen(s.link.AtMS, "wireguard netlink", key, "Link", s.tunnel().Name, "Age", int(w.AgeS)))
			}
			return out
		},
	},
	{
		ID: "route.rule_leftover", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, hasAddress, ruleDiverts, not(tunnelInUse), unless(anchorsAnswer)},
		For:      []Weighed{{proof, ruleRefuses}, {proof, otherWayOut}, {strong, divertedRouterSilent}, {proof, onlyDivertedRouterSilent}},
		Explains: append([]string{"connectivity.route"}, beyondGateway...),
		Over: []string{
			"route.denied", "route.blackhole", "route.unreachable", "route.no_default", "route.metric_fight", "route.gw_wrong",
			"gw.*", "wan.*", "fw.*", "dns.server_silent", "dns.server_closed", "dns.first_server_dead",
		},
		Args: func(s *scene) text.Args { return text.Args{"Table": s.divertedBy().Table} },
		Evidence: func(s *scene) []diag.Evidence {
			r, p := s.divertedBy(), s.diverted()
			out := []diag.Evidence{s.seen(s.link.AtMS, "netlink rule", "evidence.route.rule", "Priority", r.Priority, "Table", r.Table)}
			if p.Reachable == diag.No {
				out = append(out, s.seen(s.link.AtMS, "netlink route get", "evidence.route.refused", "Address", p.Dest, "Errno", p.Errno))
			}
			if b := s.aroundWay(); b.Index != 0 {
				out = append(out, s.seen(b.AtMS, "tcp via "+s.linkName(b.Index), "evidence.route.bound_works", "Link", s.linkName(b.Index)))
			}
			return out
		},
	},
	{
		ID: "route.vpn", Severity: diag.OK,
		Gate: []Clue{tunnelInUse, anchorsAnswer},
		For:  []Weighed{{proof, always}},
		Args: func(s *scene) text.Args { return text.Args{"Link": s.tunnel().Name} },
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(s.link.AtMS, "netlink route get", "evidence.route.tunnel", "Link", s.tunnel().Name)}
		},
	},
}

// tunnel is the link that packets for the anchors enter, where it stands on
// another one. A PC whose only link is a tunnel (a container, a dial-up line)
// has nothing else to go by.
func (s *scene) tunnel() link.Link {
	for _, p := range s.anchorPaths() {
		l, ok := s.link.Link(p.Index)
		if !ok || !l.Tunnel() || p.Reachable != diag.Yes {
			continue
		}
		for _, below := range s.carrying {
			if below.Index != l.Index && !below.Tunnel() {
				return l
			}
		}
	}
	return link.Link{}
}

func tunnelInUse(s *scene) diag.Tri { return diag.TriOf(s.tunnel().Index != 0) }

// aroundWay is an anchor's answer over a link that packets do not take now.
func (s *scene) aroundWay() internet.Connect {
	taken := map[int]bool{}
	for _, p := range s.anchorPaths() {
		taken[p.Index] = p.Reachable == diag.Yes
	}
	for _, b := range s.net.Bound {
		if !taken[b.Index] && answered(b.Outcome) {
			return b
		}
	}
	return internet.Connect{}
}

func otherWayOut(s *scene) diag.Tri { return diag.TriOf(s.aroundWay().Index != 0) }

// nothingElseWorks: the link below the tunnel was tried by itself, and is as
// dead: the tunnel is only the first to suffer.
func nothingElseWorks(s *scene) diag.Tri {
	tried := false
	for _, b := range s.net.Bound {
		tried = tried || b.Index != s.tunnel().Index
	}
	return diag.TriOf(tried && s.run.Ended("internet.bound") && otherWayOut(s) != diag.Yes)
}

func (s *scene) changeOf(index int) link.Change {
	for _, c := range s.link.Change {
		if c.Index == index {
			return c
		}
	}
	return link.Change{}
}

// tunnelSwallows: packets go in and none comes out.
func tunnelSwallows(s *scene) diag.Tri {
	c := s.changeOf(s.tunnel().Index)
	if c.Index == 0 || c.Sent == 0 {
		return diag.Maybe
	}
	return diag.TriOf(c.Received == 0)
}

func (s *scene) wireGuard() link.WireGuard {
	for _, w := range s.link.WireGuard {
		if w.Index == s.tunnel().Index {
			return w
		}
	}
	return link.WireGuard{}
}

// handshakeOld: the far end has not spoken for longer than keys are good for.
// By itself that is an idle tunnel.
func handshakeOld(s *scene) diag.Tri {
	w := s.wireGuard()
	if w.Readable != diag.Yes || w.Peers == 0 {
		return diag.Maybe
	}
	return diag.TriOf(w.AgeS < 0 || w.AgeS > link.HandshakeLimitS)
}

// diverted is a path to an anchor that the main table would have led
// elsewhere.
func (s *scene) diverted() link.Path {
	for _, p := range s.anchorPaths() {
		plain, refusing := false, false
		for _, r := range s.link.Routes {
			if r.Default && r.Table == link.Main && r.Family == p.Family {
				plain = plain || r.Type == "unicast" && !r.Dead
				refusing = refusing || r.Type != "unicast"
			}
		}
		if !plain {
			continue
		}
		if p.Reachable == diag.No && !refusing || p.Reachable == diag.Yes && p.Table != 0 && p.Table != link.Main {
			return p
		}
	}
	return link.Path{}
}

// divertedBy is the rule that takes the packets: the one whose table answered,
// or the first that can refuse.
func (s *scene) divertedBy() link.Rule {
	p := s.diverted()
	for _, r := range s.link.Rules {
		if r.Family == p.Family && (p.Reachable == diag.Yes && r.Table == p.Table || p.Reachable == diag.No && (r.Refuses || s.refusingTable(r.Table))) {
			return r
		}
	}
	return link.Rule{}
}

func (s *scene) refusingTable(table int) bool {
	for _, r := range s.link.Routes {
		if r.Table == table && r.Default && r.Type != "unicast" {
			return true
		}
	}
	return false
}

func ruleDiverts(s *scene) diag.Tri { return diag.TriOf(s.divertedBy().Family != 0) }

func ruleRefuses(s *scene) diag.Tri { return diag.TriOf(s.diverted().Reachable == diag.No) }

// divertedRouterSilent: the router that packets are diverted to is not there.
func divertedRouterSilent(s *scene) diag.Tri {
	p := s.diverted()
	for _, r := range s.gw.Routers {
		if r.Address == p.Gateway && r.Index == p.Index {
			return diag.TriOf(r.Answers == diag.No)
		}
	}
	return diag.Maybe
}

// onlyDivertedRouterSilent: the router that packets are diverted to is not
// there, the one of the main table is.
func onlyDivertedRouterSilent(s *scene) diag.Tri {
	p, there := s.diverted(), false
	for _, r := range s.gw.Routers {
		there = there || (r.Address != p.Gateway || r.Index != p.Index) && r.Answers == diag.Yes
	}
	return diag.TriOf(there && divertedRouterSilent(s) == diag.Yes)
}
