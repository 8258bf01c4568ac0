package cause

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/link"
	"deskside/diag/text"
)

// wanRules: the router is there, the world beyond it is not.
var wanRules = []Rule{
	{
		ID: "wan.router_wan_down", Severity: diag.Fail, Final: true,
		Gate:     []Clue{either(routerSaysNoRoute, toldNoRoute), unless(anchorsAnswer), unless(webWorks), unless(controlAnswers)},
		For:      []Weighed{{proof, routerSaysNoRoute}, {strong, toldNoRoute}, {proof, tellsOthers}, {strong, routerAnswersWire}, {strong, namesToldNoRoute}},
		Against:  []Weighed{{proof, sessionFromAfar}},
		Explains: beyondWAN, Over: []string{"wan.silent_beyond_hop", "dns.server_silent", "dns.server_closed", "dns.servfail", "dns.refused", "dns.first_server_dead"},
		Args: routerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			if h := s.refusingHop(); h.From != "" {
				return []diag.Evidence{s.seen(h.AtMS, "icmp error", "evidence.wan.no_route", "From", h.From, "Type", h.Type, "Code", h.Code, "Target", h.Target)}
			}
			if srv, q := s.refusedQuestion(); q.ToldBy != "" {
				return []diag.Evidence{s.seen(q.AtMS, "icmp error", "evidence.wan.no_way_to_server", "From", q.ToldBy, "Server", srv.Address)}
			}
			if o := s.overheard(); o.From != "" {
				return []diag.Evidence{s.seen(o.AtMS, "icmp", "evidence.wan.overheard", "From", o.From)}
			}
			a := s.net.Anchors[0]
			return []diag.Evidence{s.seen(a.AtMS, "tcp connect", "evidence.wan.told_no_route", "Address", a.Address, "Errno", a.Errno)}
		},
	},
	{
		ID: "wan.silent_beyond_hop", Severity: diag.Fail, Final: true, Rivals: beyondRouter,
		Gate: []Clue{
			anchorsAll(internet.Timeout, internet.NoNetwork), unless(routerSaysNoRoute), not(routerSilentOnWireKnown), not(webWorks), unless(toldNoRoute),
			unless(controlAnswers), unless(farServersAnswer), unless(sendingDenied), unless(droppedSilently), not(webAnswersWrong),
		},
		For:      []Weighed{{proof, always}},
		Against:  []Weighed{{strong, sessionFromAfar}, {proof - 2*weak, segmentUnasked}, {weak, poserPossible}},
		Explains: beyondWAN, Over: []string{"dns.server_silent", "dns.servfail", "dns.refused", "dns.first_server_dead", "fw.upstream_port_block"},
		Args: func(s *scene) text.Args { return text.Args{"Hop": s.lastHop(), "Where": s.beyondWhat()} },
		Evidence: func(s *scene) []diag.Evidence {
			out := []diag.Evidence{}
			if h := s.farthest(); h.TTL > 0 {
				out = append(out, s.seen(h.AtMS, "icmp error queue", "evidence.wan.last_hop", "Hop", h.TTL, "From", h.From))
			}
			for _, a := range s.net.Anchors {
				out = append(out, s.seen(a.AtMS, "tcp connect", "evidence.wan.anchor_silent", "Address", a.Address, "Port", a.Port))
			}
			if poserPossible(s) == diag.Yes {
				out = append(out, poserEvidence(s)...)
			}
			return out
		},
	},
	{
		ID: "fw.upstream_port_block", Severity: diag.Fail,
		Gate:     []Clue{anchorsAll(internet.Timeout, internet.NoNetwork), either(controlAnswers, directWeb, farServersAnswer), unless(proxyWorks), retransQuiet, not(webAnswersWrong), unless(portOpenElsewhere)},
		For:      []Weighed{{strong, always}, {strong, directWeb}},
		Against:  []Weighed{{strong, lossy}}, // a line that loses most packets loses the connects too
		Explains: []string{"connectivity.anchors", "connectivity.tls"},
		Args:     func(s *scene) text.Args { return text.Args{"Port": s.net.Anchors[0].Port} },
		Evidence: func(s *scene) []diag.Evidence {
			a := s.net.Anchors[0]
			return []diag.Evidence{s.seen(a.AtMS, "tcp connect", "evidence.wan.anchor_silent", "Address", a.Address, "Port", a.Port)}
		},
	},
}

// routerSaysNoRoute: "net unreachable" or "host unreachable" (RFC 792 type 3
// code 0 or 1; RFC 4443 type 1 code 0 or 3) from the router itself. One of them
// is proof: it says so a few times in a burst and then once a second, so more
// may not be heard. Where the other family is still being tried, that decides.
func routerSaysNoRoute(s *scene) diag.Tri {
	if _, q := s.refusedQuestion(); q.ToldBy == "" && s.refusingHop().From == "" {
		if s.run.Ended("gateway.hops") {
			return diag.No
		}
		return diag.Maybe
	}
	if s.refusedAll() || anchorsAnswer(s) == diag.No {
		return diag.Yes
	}
	return diag.Maybe
}

// refusedAll: the router refuses in every family that has anchors to try.
func (s *scene) refusedAll() bool {
	refused := map[int]bool{}
	for _, h := range s.gw.Hops {
		refused[h.Family] = refused[h.Family] || refuses(h)
	}
	if _, q := s.refusedQuestion(); q.ToldBy != "" {
		refused[s.routerAt(q.ToldBy).Family] = true
	}
	return (refused[4] || s.net.Asked.Anchors4 == 0) && (refused[6] || s.net.Asked.Anchors6 == 0)
}

// toldNoRoute: a connect to an anchor was answered by "unreachable" from
// somewhere, or a router said so to another program of this PC; none was
// answered otherwise, and no hop beyond the router is
// known to live. A router sends such errors five at a time and then one a
// second (Linux, error_burst and error_cost), so the hop probes and other
// connects may have missed theirs.
func toldNoRoute(s *scene) diag.Tri {
	if len(s.net.Anchors) == 0 || s.farthest().TTL > 1 || routerSilentOnWire(s) == diag.Yes || routerForbids(s) == diag.Yes || pathThere(s) != diag.Yes {
		return diag.No
	}
	if !s.run.Ended("gateway.hops") {
		return diag.Maybe
	}
	if anchorsAll(internet.Timeout)(s) == diag.Yes {
		return tellsOthers(s)
	}
	return anchorsAll(internet.NoNetwork, internet.Timeout)(s)
}

// overheard is the word of the router in use to another program of this PC.
func (s *scene) overheard() gateway.Overheard {
	for _, o := range s.gw.Overheard {
		if o.From == s.router().Address {
			return o
		}
	}
	return gateway.Overheard{}
}

// tellsOthers weighs as much as a word to us: what the gate asks is known then.
func tellsOthers(s *scene) diag.Tri { return diag.TriOf(s.overheard().From != "") }

// namesToldNoRoute: questions to a name server were answered so too.
func namesToldNoRoute(s *scene) diag.Tri {
	for _, srv := range s.dns.Servers {
		if srv.State() == dns.StateNoRoute {
			return diag.Yes
		}
	}
	return diag.No
}

func (s *scene) refusingHop() gateway.Hop {
	for _, h := range s.gw.Hops {
		if refuses(h) {
			return h
		}
	}
	return gateway.Hop{}
}

// refusedQuestion is a question to a name server far away that a router of
// this PC answered by saying that it knows no way.
func (s *scene) refusedQuestion() (dns.Server, dns.Query) {
	for _, srv := range s.dns.Servers {
		for _, q := range srv.Queries {
			if srv.Scope == link.Public && q.Outcome == dns.Silent && q.ToldBy != "" && s.routerAt(q.ToldBy).Address != "" {
				return srv, q
			}
		}
	}
	return dns.Server{}, dns.Query{}
}

// routerAt finds a router by its address; one without an address for nobody.
func (s *scene) routerAt(address string) gateway.Router {
	for _, r := range s.gw.Routers {
		if r.Address == address {
			return r
		}
	}
	return gateway.Router{}
}

// refuses: a router of this PC says that it knows no way.
func refuses(h gateway.Hop) bool { return h.Router && !h.Self && h.NoWay() }

// routerSilentOnWireKnown is No as long as the router is not known to be
// silent: a tunnel has none, and a phone's may not show itself.
func routerSilentOnWireKnown(s *scene) diag.Tri {
	return diag.TriOf(routerSilentOnWire(s) == diag.Yes)
}

// farServersAnswer: a configured name server with a public address answers
// fresh questions, so something beyond the provider is reached.
func farServersAnswer(s *scene) diag.Tri {
	for _, srv := range s.dns.Servers {
		if srv.Scope == "public" && srv.State() == "works" {
			return diag.Yes
		}
	}
	return diag.No
}

// webAnswersWrong: somebody answers web requests, only not who was asked.
func webAnswersWrong(s *scene) diag.Tri {
	for _, w := range s.net.Web {
		if w.Outcome == internet.Connected && w.Match == diag.No {
			return diag.Yes
		}
	}
	return diag.No
}

// retransQuiet: the kernel's own failed retransmissions did not grow, so the
// drop is not on this PC. Where they could not be read, nothing speaks
// against the path.
func retransQuiet(s *scene) diag.Tri { return diag.TriOf(droppedSilently(s) != diag.Yes) }

// portOpenElsewhere: a site takes connections on the port that the anchors are
// mute on: then these addresses are shut, and no port.
func portOpenElsewhere(s *scene) diag.Tri {
	for _, t := range s.net.TLS {
		u, err := url.Parse(t.URL)
		if err != nil || !t.Dialed && t.Outcome != internet.Connected {
			continue
		}
		if port := cmp.Or(u.Port(), "443"); slices.ContainsFunc(s.net.Anchors, func(a internet.Connect) bool { return strconv.Itoa(a.Port) == port }) {
			return diag.Yes
		}
	}
	return diag.No
}

func (s *scene) farthest() (best gateway.Hop) {
	for _, h := range s.gw.Hops {
		if h.Outcome == gateway.Expired && h.TTL > best.TTL {
			best = h
		}
	}
	return best
}

// lastHop is the last hop that answered: 1 is the router, since something
// answered for it on the wire even when it does not speak ICMP.
func (s *scene) lastHop() int { return max(1, s.farthest().TTL) }

func (s *scene) beyondWhat() text.Message {
	if s.lastHop() == 1 {
		return text.M("cause.wan.where.line")
	}
	return text.M("cause.wan.where.provider")
}
