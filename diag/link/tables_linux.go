package link

import (
	"errors"
	"net"
	"net/netip"
	"syscall"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag/host"
)

// maxRoutes keeps a report of a PC that is also a router readable.
const maxRoutes = 256

// tables reads one picture of the kernel's tables.
func tables(h *netlink.Handle, machine host.Host) (Facts, error) {
	var f Facts
	links, err := whole(h.LinkList)
	if err != nil {
		return f, err
	}
	addrs, err := whole(func() ([]netlink.Addr, error) { return h.AddrList(nil, netlink.FAMILY_ALL) })
	if err != nil {
		return f, err
	}
	rules, _ := whole(func() ([]netlink.Rule, error) { return h.RuleList(netlink.FAMILY_ALL) })
	used := usedTables(rules)
	routes, err := whole(func() ([]netlink.Route, error) { return telling(h, used) })
	if err != nil {
		return f, err
	}
	for _, l := range links {
		f.Links = append(f.Links, linkOf(l, machine))
	}
	for _, a := range addrs {
		f.Addresses = append(f.Addresses, addressOf(a))
	}
	for _, r := range routes {
		f.Routes = append(f.Routes, routesOf(r)...)
	}
	if len(f.Routes) > maxRoutes {
		f.Routes = f.Routes[:maxRoutes]
	}
	f.Rules = addedRules(rules)
	markPlain(f.Links, f.Routes)
	return f, nil
}

// whole repeats a dump that a change of the tables has interrupted; the third
// time what came is better than nothing.
func whole[T any](dump func() ([]T, error)) (out []T, err error) {
	for range 3 {
		if out, err = dump(); !errors.Is(err, netlink.ErrDumpInterrupted) {
			return out, err
		}
	}
	return out, nil
}

// usedTables are the routing tables that a rule leads to. Without the right
// to read rules the main table is all there is to see.
func usedTables(rules []netlink.Rule) map[int]bool {
	used := map[int]bool{unix.RT_TABLE_MAIN: true, unix.RT_TABLE_DEFAULT: true}
	for _, r := range rules {
		if r.Table != unix.RT_TABLE_UNSPEC && r.Table != unix.RT_TABLE_LOCAL {
			used[r.Table] = true
		}
	}
	return used
}

// telling dumps all tables once and keeps the routes that tell something: the
// default ones and their halves (VPNs use two /1), what refuses a whole
// family, and on-link networks. Default routes come first, so that the limit
// never costs one.
func telling(h *netlink.Handle, used map[int]bool) ([]netlink.Route, error) {
	var defaults, others []netlink.Route
	all := &netlink.Route{Table: unix.RT_TABLE_UNSPEC}
	err := h.RouteListFilteredIter(netlink.FAMILY_ALL, all, netlink.RT_FILTER_TABLE, func(r netlink.Route) bool {
		switch {
		case !used[r.Table] || typeNames[r.Type] == "":
		case bits(r.Dst) <= 1:
			defaults = append(defaults, r)
		case r.Gw == nil && r.Via == nil && len(r.MultiPath) == 0 && len(others) < maxRoutes:
			others = append(others, r)
		}
		return true
	})
	return append(defaults, others...), err
}

func bits(n *net.IPNet) int {
	if n == nil {
		return 0
	}
	ones, _ := n.Mask.Size()
	return ones
}

func addressOf(a netlink.Addr) Address {
	out := Address{Index: a.LinkIndex, IP: ipString(a.IP), Family: 6, Bits: bits(a.IPNet), Leased: a.Flags&unix.IFA_F_PERMANENT == 0}
	if a.IP.To4() != nil {
		out.Family = 4
	}
	switch {
	case a.Flags&unix.IFA_F_DADFAILED != 0:
		out.State = "duplicate"
	case a.Flags&unix.IFA_F_TENTATIVE != 0 && a.Flags&unix.IFA_F_OPTIMISTIC == 0:
		out.State = "tentative"
	}
	out.Scope = ScopeOf(out.IP)
	out.Wide = a.Peer == nil && wide(out.IP, out.Bits)
	return out
}

// typeNames are the route types that decide about a packet of ours.
var typeNames = map[int]string{
	unix.RTN_UNICAST: "unicast", unix.RTN_BLACKHOLE: "blackhole", unix.RTN_UNREACHABLE: "unreachable",
	unix.RTN_PROHIBIT: "prohibit", unix.RTN_THROW: "throw",
}

// routesOf is one route, or one per next hop of a multipath route.
func routesOf(r netlink.Route) []Route {
	out := Route{Family: 4, Default: bits(r.Dst) == 0, Index: r.LinkIndex, Metric: r.Priority, Table: r.Table, Type: typeNames[r.Type], Advertised: int(r.Protocol) == unix.RTPROT_RA}
	if r.Family == unix.AF_INET6 {
		out.Family = 6
	}
	if !out.Default {
		out.Dst = r.Dst.String()
	}
	if len(r.MultiPath) == 0 {
		out.Gateway, out.Dead = nextHop(r.Gw, r.Via), dead(r.Flags)
		return []Route{out}
	}
	var each []Route
	for _, n := range r.MultiPath {
		hop := out
		hop.Index, hop.Gateway, hop.Dead = n.LinkIndex, nextHop(n.Gw, n.Via), dead(n.Flags)
		each = append(each, hop)
	}
	return each
}

func dead(flags int) bool { return flags&(unix.RTNH_F_DEAD|unix.RTNH_F_LINKDOWN) != 0 }

// nextHop is the gateway's address, which for IPv4 may be an IPv6 one
// (RFC 5549, RTA_VIA).
func nextHop(gw net.IP, via netlink.Destination) string {
	if v, ok := via.(*netlink.Via); ok && v != nil {
		return ipString(v.Addr)
	}
	return ipString(gw)
}

func ipString(ip net.IP) string {
	a, ok := netip.AddrFromSlice(ip)
	if !ok {
		return ""
	}
	return a.Unmap().String()
}

// Errno names a kernel's refusal ("EPERM"); the text of an error could carry
// addresses, a name cannot.
func Errno(err error) string {
	var e syscall.Errno
	if errors.As(err, &e) {
		if name := unix.ErrnoName(e); name != "" {
			return name
		}
	}
	return "error"
}
