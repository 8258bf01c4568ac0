package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

// gatewayRules: the router next door.
var gatewayRules = []Rule{
	{
		ID: "gw.arp_failed", Severity: diag.Fail, Final: true,
		Gate:     []Clue{either(routerSilentOnWire, nothingFromRouter), unless(anchorsAnswer), unless(proxyWorks), unless(fightPossible), not(nothingCarries)},
		For:      []Weighed{{proof, routerSilentOnWire}, {likely, nothingFromRouter}},
		Against:  []Weighed{{proof, sessionFromAfar}},
		Explains: beyondGateway, Over: []string{"wan.*", "dns.server_silent", "dns.first_server_dead", "fw.upstream_port_block"},
		Args: routerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			r := s.router()
			if routerSilentOnWire(s) != diag.Yes {
				return []diag.Evidence{s.seen(r.AtMS, "udp ttl 1, tcp, dns", "evidence.gw.nothing", "Router", r.Address)}
			}
			return []diag.Evidence{s.seen(r.AtMS, "neighbour table", "evidence.gw.silent", "Router", r.Address, "Waited", int(r.WaitedMS), "State", r.State)}
		},
	},
	{
		ID: "gw.duplicate", Severity: diag.Fail, Rivals: beyondRouter,
		Level: func(s *scene) diag.Status {
			if networkWorks(s) == diag.Yes {
				return diag.Warn
			}
			return diag.Fail
		},
		Gate:     []Clue{either(severalAnswerAsRouter, poserPossible)},
		For:      []Weighed{{proof, severalAnswerAsRouter}, {weak, poserPossible}},
		Explains: beyondGateway,
		Also: func(s *scene) []string {
			if severalAnswerAsRouter(s) != diag.Yes {
				return nil // one of several possibilities, beside them
			}
			return []string{"gw.no_forward", "gw.no_nat", "wan.*", "dns.server_silent", "dns.first_server_dead"}
		},
		Args: routerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			r := s.router()
			if severalAnswerAsRouter(s) != diag.Yes {
				return poserEvidence(s)
			}
			return []diag.Evidence{s.seen(r.AtMS, "arp", "evidence.gw.twins", "Router", r.Address, "MACs", r.MACs)}
		},
	},
	{
		ID: "gw.icmp_filtered", Severity: diag.OK,
		Gate: []Clue{routerAnswersWire, echoLost},
		For:  []Weighed{{proof, always}},
		Args: routerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			r := s.router()
			return []diag.Evidence{s.seen(r.Echo.AtMS, "icmp echo", "evidence.gw.no_echo", "Router", r.Address, "Sent", r.Echo.Sent)}
		},
	},
}

// router is the next hop that packets for the anchors leave through, or else
// that of the preferred default route.
func (s *scene) router() gateway.Router {
	for _, r := range s.gw.Routers {
		if r.Used {
			return r
		}
	}
	for _, family := range []int{4, 6} {
		for _, d := range s.link.Defaults(family) {
			for _, r := range s.gw.Routers {
				if r.Address == d.Gateway && r.Index == d.Index {
					return r
				}
			}
		}
	}
	if len(s.gw.Routers) > 0 {
		return s.gw.Routers[0]
	}
	return gateway.Router{}
}

func routerArgs(s *scene) text.Args { return text.Args{"Router": s.router().Address} }

// routerSilentOnWire: no router of any default route answers on layer 2.
func routerSilentOnWire(s *scene) diag.Tri {
	out := diag.Maybe
	for _, r := range s.gw.Routers {
		switch r.Answers {
		case diag.Yes:
			if r.Address == s.router().Address {
				return diag.No
			}
		case diag.No:
			if r.Address == s.router().Address {
				out = diag.Yes
			}
		}
	}
	return out
}

// nothingFromRouter: without the right to ask on the wire, and with an old
// entry in the neighbour table, silence of everything is all there is: no hop,
// no connection, no name server answered. A router that is off is the
// likelier reason; a mute router with a dead line behind it looks the same.
func nothingFromRouter(s *scene) diag.Tri {
	r := s.router()
	if r.Address == "" || r.OwnARP || r.Answers != diag.Maybe {
		return diag.No
	}
	if !s.run.Ended("gateway.router") || !s.run.Ended("gateway.hops") {
		return diag.Maybe
	}
	for _, h := range s.gw.Hops {
		if h.Outcome != gateway.Silent {
			return diag.No
		}
	}
	for _, a := range s.net.Anchors {
		if a.Outcome == internet.NoNetwork && a.Errno == "ENETUNREACH" && pathThere(s) == diag.Yes {
			return diag.No // the tables know a way, so it was a router that said there is none
		}
	}
	for _, srv := range s.dns.Servers {
		silent := []string{dns.StateSilent, dns.StateNoRoute, dns.NotKnown}
		if srv.Scope != link.Loopback && !slices.Contains(silent, srv.State()) {
			return diag.No
		}
	}
	return anchorsAll(internet.Timeout, internet.NoNetwork)(s)
}

// severalAnswerAsRouter: two devices answer for the router's address. The
// PC's own links are left out when the answers are gathered.
func severalAnswerAsRouter(s *scene) diag.Tri { return diag.TriOf(len(s.router().MACs) > 1) }

func routerAnswersWire(s *scene) diag.Tri { return s.router().Answers }

// fightPossible: there is another default route that has not been tried to
// its end; it may work.
func fightPossible(s *scene) diag.Tri {
	if severalDefaults(s) != diag.Yes || s.run.Ended("internet.bound") && otherWayWorks(s) == diag.No {
		return diag.No
	}
	return diag.Yes
}

// echoLost: a whole series of echoes went unanswered.
func echoLost(s *scene) diag.Tri {
	e := s.router().Echo
	if e.Skipped != "" || e.Sent < 3 {
		return diag.Maybe
	}
	return diag.TriOf(e.Received == 0)
}
