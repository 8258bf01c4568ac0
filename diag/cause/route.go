package cause

import (
	"deskside/diag"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

// routeRules: there is an address, but the kernel would not send anything
// out, or sends it the wrong way.
var routeRules = []Rule{
	wrongRouter,
	{
		ID: "route.no_default", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, hasAddress, pathsEndIn("ENETUNREACH")},
		For:      []Weighed{{strong, always}, {proof, edgeLooked}},
		Explains: beyondRoute, Over: []string{"gw.*", "wan.*", "dns.server_silent", "dns.server_closed", "dns.first_server_dead"},
		Fixes: []string{"route-restore-default"}, Evidence: pathEvidence,
	},
	refusedRoute("route.denied", "EACCES"),
	refusedRoute("route.blackhole", "EINVAL"),
	refusedRoute("route.unreachable", "EHOSTUNREACH"),
	{
		ID: "route.metric_fight", Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, severalDefaults, not(anchorsAnswer), otherWayWorks},
		For:      []Weighed{{proof, always}},
		Explains: append([]string{"connectivity.route"}, beyondGateway...), Over: []string{"gw.*", "wan.*", "dns.server_silent", "dns.first_server_dead", "fw.upstream_port_block"},
		Args: func(s *scene) text.Args {
			dead, live := s.fight()
			return text.Args{"Dead": s.linkName(dead.Index), "Live": s.linkName(live.Index)}
		},
		Evidence: func(s *scene) []diag.Evidence {
			dead, live := s.fight()
			return []diag.Evidence{
				s.seen(s.link.AtMS, "netlink route", "evidence.route.two_defaults", "First", s.linkName(dead.Index), "Metric", dead.Metric, "Second", s.linkName(live.Index), "Other", live.Metric),
				s.seen(s.boundAt(live.Index), "tcp via "+s.linkName(live.Index), "evidence.route.bound_works", "Link", s.linkName(live.Index)),
			}
		},
	},
}

// refusedRoute is a rule for a route that says no by itself (ip-route(8)
// types prohibit, blackhole, unreachable).
func refusedRoute(id, errno string) Rule {
	return Rule{
		ID: id, Severity: diag.Fail, Final: true,
		Gate:     []Clue{linksRead, hasAddress, pathsEndIn(errno)},
		For:      []Weighed{{proof, always}},
		Explains: beyondRoute, Over: []string{"fw.*", "gw.*", "wan.*", "dns.server_silent", "dns.server_closed", "dns.first_server_dead"},
		Evidence: pathEvidence,
	}
}

// pathsEndIn: the kernel refuses every way to the anchors, the first with
// this error.
func pathsEndIn(errno string) Clue {
	return func(s *scene) diag.Tri {
		first := ""
		for _, p := range s.anchorPaths() {
			if p.Reachable == diag.Yes {
				return diag.No
			}
			if p.Reachable == diag.No && (first == "" || p.Family == 4 && first == "ENETUNREACH") {
				first = p.Errno
			}
		}
		if first == "" {
			return diag.Maybe
		}
		return diag.TriOf(first == errno)
	}
}

func pathEvidence(s *scene) []diag.Evidence {
	for _, p := range s.anchorPaths() {
		if p.Reachable == diag.No {
			return []diag.Evidence{s.seen(s.link.AtMS, "netlink route get", "evidence.route.refused", "Address", p.Dest, "Errno", p.Errno)}
		}
	}
	return nil
}

// severalDefaults: two links compete for the way out.
func severalDefaults(s *scene) diag.Tri {
	for _, family := range []int{4, 6} {
		d := s.link.Defaults(family)
		if len(d) > 1 && d[0].Index != d[1].Index {
			return diag.Yes
		}
	}
	return diag.No
}

// otherWayWorks: bound to a link that is not preferred, an anchor answers.
func otherWayWorks(s *scene) diag.Tri {
	_, live := s.fight()
	if live.Index != 0 {
		return diag.Yes
	}
	if s.run.Ended("internet.bound") {
		return diag.No
	}
	return diag.Maybe
}

// fight returns the preferred default route, which is dead, and one that
// works when it is used on purpose.
func (s *scene) fight() (dead, live link.Route) {
	for _, family := range []int{4, 6} {
		defaults := s.link.Defaults(family)
		for _, r := range defaults {
			for _, b := range s.net.Bound {
				if b.Index == r.Index && b.Index != defaults[0].Index && b.Family == family && answered(b.Outcome) {
					return defaults[0], r
				}
			}
		}
	}
	return dead, live
}

func (s *scene) boundAt(index int) float64 {
	for _, b := range s.net.Bound {
		if b.Index == index && answered(b.Outcome) {
			return b.AtMS
		}
	}
	return 0
}

// answered: somebody is at the other end, even if that port is closed.
func answered(o internet.Outcome) bool { return o == internet.Connected || o == internet.Refused }
