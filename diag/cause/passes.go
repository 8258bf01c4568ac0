package cause

import (
	"slices"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/internet"
)

// beyondRouter is what stops packets just behind what is there as the router;
// that it may be another device than the router is one of the ways.
const beyondRouter = "beyond the router"

// passRules are a pair that no probe on this PC can split: the router is
// there and reaches the world itself, but passes nothing on, or passes it on
// under an address that nobody can answer to. Both are named, the likelier
// one first; a person with another device can tell.
var passRules = []Rule{
	routerKeeps("gw.no_forward", strong, either(routerFindsNames, routerForbids, told("other_device", diag.Yes))),
	routerKeeps("gw.no_nat", strong-weak, func(s *scene) diag.Tri { // a packet that is forbidden was never passed on
		if routerForbids(s) == diag.Yes {
			return diag.No
		}
		return routerFindsNames(s)
	}),
}

// routerKeeps is the rule for a router that is online and keeps this PC off.
// Where it is no name server, that it is online can only be told by a person
// whose other device gets out through it; then a dead line is as possible.
func routerKeeps(id string, weight float64, online Clue) Rule {
	return Rule{
		ID: id, Severity: diag.Fail, Rivals: beyondRouter,
		Gate: []Clue{
			routerThere, keptOff, nothingFarther, online,
			not(webWorks), not(webAnswersWrong), unless(controlAnswers), unless(farServersAnswer), unless(sendingDenied), unless(droppedSilently), unless(tunnelInUse),
		},
		For:      []Weighed{{weight, routerFindsNames}, {weak, not(routerFindsNames)}, {proof, routerForbids}},
		Against:  []Weighed{{strong, sessionFromAfar}},
		Explains: beyondWAN, Over: []string{"dns.server_silent", "dns.first_server_dead", "fw.upstream_port_block", "proxy.dead"},
		Also: func(s *scene) []string {
			if either(routerFindsNames, routerForbids)(s) == diag.Yes {
				return []string{"wan.*"}
			}
			return nil
		},
		Args: routerArgs,
		Evidence: func(s *scene) []diag.Evidence {
			r := s.router()
			var out []diag.Evidence
			if routerFindsNames(s) == diag.Yes {
				out = append(out, s.seen(s.namedByRouter().AtMS, "dns", "evidence.gw.names", "Router", r.Address))
			}
			for _, h := range s.gw.Hops {
				switch {
				case h.TTL == 1 && h.Outcome == gateway.Expired:
					out = append(out, s.seen(h.AtMS, "icmp error queue", "evidence.gw.first_hop", "Router", h.From))
				case forbids(h):
					out = append(out, s.seen(h.AtMS, "icmp error", "evidence.wan.no_route", "From", h.From, "Type", h.Type, "Code", h.Code, "Target", h.Target))
				case h.Outcome == gateway.Silent:
					out = append(out, s.seen(h.AtMS, "udp ttl", "evidence.gw.beyond_silent", "Hop", h.TTL))
				}
			}
			return out
		},
	}
}

// keptOff: no anchor answers; where the router says that it forbids them, that
// may be what their connects are told.
func keptOff(s *scene) diag.Tri {
	if routerForbids(s) == diag.Yes {
		return anchorsAll(internet.Timeout, internet.NoNetwork)(s)
	}
	return anchorsAll(internet.Timeout)(s)
}

// routerForbids: the router itself says that its rules do not let packets
// out. Its line may be as good as any. What it forbids to IPv6 says nothing of
// IPv4.
func routerForbids(s *scene) diag.Tri {
	return diag.TriOf(slices.ContainsFunc(s.gw.Hops, func(h gateway.Hop) bool {
		return forbids(h) && (h.Family == 4 || s.net.Asked.Anchors4 == 0)
	}))
}

// forbids: a router of this PC answered "administratively prohibited"
// (RFC 1812, 5.2.7.1: codes 9, 10 and 13; RFC 4443, 3.1: code 1).
func forbids(h gateway.Hop) bool {
	if !h.Router || h.Self || h.Outcome != gateway.Unreachable {
		return false
	}
	if h.Family == 6 {
		return h.Type == 1 && h.Code == 1
	}
	return h.Type == 3 && (h.Code == 9 || h.Code == 10 || h.Code == 13)
}

func routerThere(s *scene) diag.Tri {
	if s.farthest().TTL == 1 {
		return diag.Yes
	}
	return routerAnswersWire(s)
}

func nothingFarther(s *scene) diag.Tri { return diag.TriOf(s.farthest().TTL <= 1) }

// routerFindsNames: the router's own name service answers a name that nobody
// can have asked before, so the router reaches the world.
func routerFindsNames(s *scene) diag.Tri { return diag.TriOf(s.namedByRouter().Outcome != "") }

func (s *scene) namedByRouter() dns.Query {
	for _, srv := range s.dns.Servers {
		if srv.Address != s.router().Address {
			continue
		}
		for _, q := range srv.Queries {
			if q.Kind == dns.KindRandom && q.Outcome == dns.Answered && (q.Rcode == "NXDOMAIN" || q.Rcode == "NOERROR") {
				return q
			}
		}
	}
	return dns.Query{}
}
