package cause

import (
	"deskside/diag"
	"deskside/diag/gateway"
	"deskside/diag/internet"
	"deskside/diag/text"
)

// A device that poses as the router (it has the router's address, or handed
// out its own as the router's) shows itself to an administrator, who may ask
// the wire. To everybody else it looks like a router that never speaks ICMP
// with a dead line behind it. Both are said then, neither as certain.

// segmentUnasked: the router has not spoken itself, and this user may not ask
// the wire who else answers as the router or gives out addresses. What looks
// like a dead line may then be a stray device next door.
func segmentUnasked(s *scene) diag.Tri {
	return diag.TriOf(s.lan.MayAsk == diag.No && s.farthest().TTL == 0)
}

// poserPossible: the router of this PC is there, passes nothing on, and did not
// even say that a packet's time was up, as routers do (RFC 1812, 4.3.3.4) and
// other devices do not. Nobody could ask who it is.
func poserPossible(s *scene) diag.Tri {
	if segmentUnasked(s) != diag.Yes || routerAnswersWire(s) != diag.Yes || !s.run.Ended("gateway.hops") || len(s.gw.Hops) == 0 {
		return diag.No
	}
	for _, h := range s.gw.Hops {
		if h.Outcome != gateway.Silent {
			return diag.No
		}
	}
	if either(tunnelInUse, webWorks, webAnswersWrong, controlAnswers, farServersAnswer, routerFindsNames, sessionFromAfar, droppedSilently)(s) == diag.Yes {
		return diag.No
	}
	return anchorsAll(internet.Timeout)(s)
}

func poserEvidence(s *scene) []diag.Evidence {
	r := s.router()
	return []diag.Evidence{s.seen(r.AtMS, "udp ttl 1, neighbour table", "evidence.gw.poser", "Router", r.Address)}
}

// gaveRoutersAway: such a device may be the one whose settings this PC took
// over, where it takes settings over from the network at all.
func gaveRoutersAway(s *scene) diag.Tri {
	if s.lan.DHCP.Client == "" && !s.lan.DHCP.Routed {
		return diag.No
	}
	return poserPossible(s)
}

// earlierRouterThere: another server's lease is still on file, and the router
// that it named is there beside the one that leads nowhere.
func earlierRouterThere(s *scene) diag.Tri {
	return diag.TriOf(s.lan.DHCP.Routed && s.earlierRouter() != "" && gaveRoutersAway(s) == diag.Yes)
}

func (s *scene) earlierRouter() string {
	for _, o := range s.lan.Others {
		if o.Known == "lease" && o.Inside && o.Answers == diag.Yes {
			return o.Address
		}
	}
	return ""
}

// rogueArgs names the stray server: by its offer, or as the router that this
// PC was led to.
func rogueArgs(s *scene) text.Args {
	if o := s.odds(); o.Server != "" {
		return text.Args{"Server": o.Server, "MAC": o.MAC}
	}
	r := s.router()
	mac := r.Address
	if len(r.MACs) > 0 {
		mac = r.MACs[0]
	}
	return text.Args{"Server": r.Address, "MAC": mac}
}

func rogueEvidence(s *scene) []diag.Evidence {
	if offersDisagree(s) == diag.Yes {
		return offerEvidence(s)
	}
	out := poserEvidence(s)
	if earlier := s.earlierRouter(); earlier != "" {
		out = append(out, s.seen(s.router().AtMS, "lease file, neighbour table", "evidence.addr.earlier_lease", "Router", earlier))
	}
	return out
}
