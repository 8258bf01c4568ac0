package fixes

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/vishvananda/netlink"
)

// onLinkNetworks lists the IPv4 networks of links that are up with a carrier.
func onLinkNetworks() ([]network, error) {
	links, err := netlink.LinkList()
	if err != nil {
		return nil, fmt.Errorf("links: %w", err)
	}
	var out []network
	for _, l := range links {
		a := l.Attrs()
		if a.Flags&net.FlagUp == 0 || a.Flags&net.FlagRunning == 0 || a.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, err := netlink.AddrList(l, netlink.FAMILY_V4)
		if err != nil {
			return nil, fmt.Errorf("addresses of %s: %w", a.Name, err)
		}
		for _, addr := range addrs {
			ip, ok := netip.AddrFromSlice(addr.IP.To4())
			bits, _ := addr.Mask.Size()
			if ok && !ip.IsLinkLocalUnicast() {
				out = append(out, network{index: a.Index, dev: a.Name, prefix: netip.PrefixFrom(ip, bits)})
			}
		}
	}
	return out, nil
}

// neighbourGateways looks for a router among those we spoke with: a neighbour
// that said so itself over IPv6 (NTF_ROUTER), known by its MAC, or one at the
// first or last address of the network, where routers are put by custom.
func neighbourGateways(networks []network) (out []gatewayHint) {
	const alive = netlink.NUD_REACHABLE | netlink.NUD_STALE | netlink.NUD_DELAY | netlink.NUD_PROBE | netlink.NUD_PERMANENT
	for _, n := range networks {
		routers := map[string]bool{}
		six, err := netlink.NeighList(n.index, netlink.FAMILY_V6)
		if err != nil {
			continue
		}
		for _, e := range six {
			routers[e.HardwareAddr.String()] = routers[e.HardwareAddr.String()] || e.Flags&netlink.NTF_ROUTER != 0
		}
		four, err := netlink.NeighList(n.index, netlink.FAMILY_V4)
		if err != nil {
			continue
		}
		for _, e := range four {
			ip, ok := netip.AddrFromSlice(e.IP.To4())
			if ok && e.State&alive != 0 && len(e.HardwareAddr) > 0 && (routers[e.HardwareAddr.String()] || atEdge(n.prefix, ip)) {
				out = append(out, gatewayHint{addr: ip, dev: n.dev, source: "neighbour"})
			}
		}
	}
	return out
}

// atEdge reports the first or the last host address of a network.
func atEdge(p netip.Prefix, ip netip.Addr) bool {
	return ip.Prev() == p.Masked().Addr() || !p.Contains(ip.Next().Next()) && p.Contains(ip.Next())
}
