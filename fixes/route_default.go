package fixes

import (
	"context"
	"net/netip"

	"deskside/diag/host"
	"deskside/diag/text"
	"deskside/fixes/step"
)

// routeRestoreDefault gives the PC its way out again, through a router it is
// known to have used.
var routeRestoreDefault = Fix{
	ID:    "route-restore-default",
	For:   []string{"route.no_default"},
	Check: "connectivity", Undo: R0, Cuts: S2, Root: true,
	Plan: planRestoreDefault,
}

// mainDefault is where "ip route add default" puts its route: AF_INET and
// RT_TABLE_MAIN of linux/rtnetlink.h, metric 0.
var mainDefault = step.RouteSlot{Family: 2, Dst: "default", Table: 254}

func planRestoreDefault(ctx context.Context, h host.Host, c Case) ([]Step, error) {
	before, err := step.ObserveRoutes(mainDefault)
	if err != nil {
		return nil, err
	}
	if len(before.Routes) > 0 {
		return nil, refuse("route_there", "Route", before.Routes[0].Words)
	}
	networks, err := onLinkNetworks()
	if err != nil {
		return nil, err
	}
	found := knownGateways(h, c, networks)
	switch len(found) {
	case 0:
		return nil, refuse("no_gateway").by("ip neigh show", "ip route add default via ROUTER")
	case 1:
	default:
		no := refuse("several_gateways")
		for _, g := range found {
			no.by("ip route add default via " + g.addr.String() + " dev " + g.dev)
		}
		return nil, no
	}
	g := found[0]
	s := step.RouteStep(before, step.DefaultVia(mainDefault, g.addr, g.index))
	s.Target = "default"
	s.Say = text.M("step.default_route."+g.source, "Router", g.addr.String(), "Link", g.dev)
	return []Step{s}, nil
}

// network is one IPv4 network this PC is in, on a link that carries.
type network struct {
	index  int
	dev    string
	prefix netip.Prefix // with our own address in it
}

// gatewayHint is a router that something names, and what named it.
type gatewayHint struct {
	addr   netip.Addr
	dev    string // "" where the source does not say
	index  int
	source string // part of a message key: lease, config, nameserver, neighbour
}

// knownGateways collects who may be the router. What was told to this PC
// (leases, configuration) beats what merely looks like one; within a class
// every different answer stays, for the caller to refuse to choose.
func knownGateways(h host.Host, c Case, networks []network) []gatewayHint {
	told := append(leaseGateways(h, c), configGateways(h, c)...)
	if found := reachable(told, networks); len(found) > 0 {
		return found
	}
	if found := reachable(serverGateways(c), networks); len(found) > 0 {
		return found
	}
	return reachable(neighbourGateways(networks), networks)
}

// reachable keeps the hints that are in a network of this PC and not this PC
// itself, each once.
func reachable(hints []gatewayHint, networks []network) (out []gatewayHint) {
	for _, g := range hints {
		for _, n := range networks {
			if !n.prefix.Contains(g.addr) || n.prefix.Addr() == g.addr || g.dev != "" && g.dev != n.dev {
				continue
			}
			g.dev, g.index = n.dev, n.index
			known := false
			for _, o := range out {
				known = known || o.addr == g.addr && o.index == g.index
			}
			if !known {
				out = append(out, g)
			}
		}
	}
	return out
}
