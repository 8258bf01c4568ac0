package cause

import (
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
	routerKeeps("gw.no_forward", strong, either(routerFindsNames, told("other_device", diag.Yes))),
	routerKeeps("gw.no_nat", strong-weak, routerFindsNames),
}

// routerKeeps is the rule for a router that is online and keeps this PC off.
// Where it is no name server, that it is online can only be told by a person
// whose other device gets out through it; then a dead line is as possible.
func routerKeeps(id string, weight float64, online Clue) Rule {
	return Rule{
		ID: id, Severity: diag.Fail, Rivals: beyondRouter,
		Gate: []Clue{
			routerThere, anchorsAll(internet.Timeout), nothingFarther, online,
			not(webWorks), not(webAnswersWrong), unless(controlAnswers), unless(farServersAnswer), unless(sendingDenied), unless(droppedSilently), unless(tunnelInUse),
		},
		For:      []Weighed{{weight, routerFindsNames}, {weak, not(routerFindsNames)}},
		Against:  []Weighed{{strong, sessionFromAfar}},
		Explains: beyondWAN, Over: []string{"dns.server_silent", "dns.first_server_dead", "fw.upstream_port_block", "proxy.dead"},
		Also: func(s *scene) []string {
			if routerFindsNames(s) == diag.Yes {
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
				case h.Outcome == gateway.Silent:
					out = append(out, s.seen(h.AtMS, "udp ttl", "evidence.gw.beyond_silent", "Hop", h.TTL))
				}
			}
			return out
		},
	}
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
