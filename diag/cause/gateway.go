package cause

import (
	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/text"
)

// gatewayRules: the router next door.
var gatewayRules = []Rule{
	{
		ID: "gw.arp_failed", Severity: diag.Fail, Final: true,
		Gate:     []Clue{routerSilentOnWire, unless(anchorsAnswer), unless(proxyWorks), unless(fightPossible), not(nothingCarries)},
		For:      []Weighed{{proof, always}},
		Against:  []Weighed{{proof, sessionFromAfar}},
		Explains: beyondGateway, Over: []string{"wan.*", "dns.server_silent", "dns.first_server_dead", "fw.upstream_port_block"},
		Args: routerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			r := s.router()
			return []diag.Evidence{s.seen(r.AtMS, "neighbour table", "evidence.gw.silent", "Router", r.Address, "Waited", int(r.WaitedMS), "State", r.State)}
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

// router is the next hop of the preferred default route.
func (s *scene) router() gateway.Router {
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
