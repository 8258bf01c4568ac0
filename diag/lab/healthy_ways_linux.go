package lab

import (
	"net"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// unusualWays are healthy PCs whose way out is not the textbook's.
func unusualWays() []World {
	return []World{
		{Name: "healthy-vpn-full", Story: "A VPN takes all traffic, and works.", Notes: []string{"route.vpn"}, Build: func(n *Net) {
			near, far := n.tun(n.PC, "tun0"), n.tun(n.Far, "peer")
			n.pump(near, far, 0)
			n.pump(far, near, 0)
			n.PC.Up("tun0")
			n.Far.Up("peer")
			n.PC.Address("tun0", "10.8.0.2/24")
			n.Far.Address("peer", "10.8.0.1/24")
			n.PC.Route("0.0.0.0/1", "10.8.0.1", "tun0", 0)
			n.PC.Route("128.0.0.0/1", "10.8.0.1", "tun0", 0)
		}},
		{Name: "healthy-many-veths", Story: "Twenty containers hang off a bridge.", Build: func(n *Net) {
			n.PC.Bridge("docker0")
			n.PC.Address("docker0", "172.17.0.1/16")
			box := newNode("box")
			n.onClose(box.close)
			for _, id := range "abcdefghijklmnopqrst" {
				cable(n.PC, "veth"+string(id), box, "c"+string(id))
				must(n.PC.nl.LinkSetMaster(n.PC.link("veth"+string(id)), n.PC.link("docker0")), "container port")
			}
		}},
		{Name: "healthy-bridge-main", Story: "The adapter is a port of a bridge, which has the address.", Build: func(n *Net) { n.master(&netlink.Bridge{}) }},
		{Name: "healthy-bond", Story: "The adapter is a leg of a bond.", Build: func(n *Net) {
			bond := netlink.NewLinkBond(netlink.NewLinkAttrs())
			bond.Mode = netlink.BOND_MODE_ACTIVE_BACKUP
			n.master(bond)
		}},
		{Name: "healthy-slash-32", Story: "A rented server: an address for itself, the router on the link beside it.", Build: func(n *Net) {
			n.PC.NoAddress("eth0", PCAddress+"/24")
			n.PC.Address("eth0", PCAddress+"/32")
			n.PC.Direct(Router+"/32", "eth0")
			n.PC.Default(Router, "eth0", 0)
		}},
		{Name: "healthy-point-to-point", Story: "A dial-up line: the default route names no router.", Build: func(n *Net) {
			n.PC.Remove("eth0")
			near, far := n.tun(n.PC, "ppp0"), n.tun(n.Far, "peer")
			n.pump(near, far, 0)
			n.pump(far, near, 0)
			n.PC.Up("ppp0")
			n.Far.Up("peer")
			n.PC.Address("ppp0", "10.64.0.2/32")
			n.Far.Address("peer", "10.64.0.1/32")
			n.Far.Direct("10.64.0.2/32", "peer")
			n.PC.Direct("0.0.0.0/0", "ppp0")
		}},
		{Name: "healthy-two-addresses", Story: "One adapter has two addresses.", Build: func(n *Net) {
			n.PC.Address("eth0", "192.168.1.51/24")
			n.PC.Address("eth0", "10.20.30.40/24")
		}},
		{Name: "healthy-policy", Story: "Rules choose the way by sender, and all ways work.", Build: func(n *Net) {
			n.PC.TableDefault(100, unix.RTN_UNICAST, Router, "eth0")
			n.PC.RuleTo(100, 1000)
		}},
		{Name: "healthy-empty-rule", Story: "A rule leads to an empty table and does no harm.", Build: func(n *Net) { n.PC.RuleTo(100, 1000) }},
		{Name: "healthy-proxy-arp", Story: "The router answers for everybody; the PC has no router set.", Build: func(n *Net) {
			n.GW.Sysctl("net/ipv4/conf/lan0/proxy_arp", "1")
			n.GW.Sysctl("net/ipv4/neigh/lan0/proxy_delay", "0")
			n.PC.NoDefault(Router)
			n.PC.Direct("0.0.0.0/0", "eth0")
		}},
		{Name: "healthy-v6-link-local", Story: "The IPv6 router is known by its link-local address, as everywhere.", Site: Site{IPv6: true}, Build: func(n *Net) {
			must(n.PC.nl.RouteDel(n.PC.route("", Router6, 0)), "no IPv6 default")
			n.PC.Default(n.GW.linkLocal("lan0"), "eth0", 0)
		}},
		{Name: "healthy-spare-dead", Story: "A second way out is dead, and nobody uses it.", Build: func(n *Net) {
			n.spare()
			n.PC.Address("eth1", "10.9.9.2/24")
			n.PC.Default("10.9.9.1", "eth1", 600)
		}},
		{Name: "healthy-two-dhcp", Story: "Two servers hand out the same settings.", Build: func(n *Net) {
			n.DHCP(n.GW, "lan0", Lease{Server: Router, Address: "192.168.1.60", Router: Router})
		}},
	}
}

// master puts the PC's adapter under another link, which takes its address
// and way over.
func (n *Net) master(m netlink.Link) {
	n.PC.NoAddress("eth0", PCAddress+"/24")
	attrs := m.Attrs()
	attrs.Name = "lan0"
	must(n.PC.nl.LinkAdd(m), "pc: %s lan0", m.Type())
	n.PC.Down("eth0") // a bond takes no leg that is up
	must(n.PC.nl.LinkSetMaster(n.PC.link("eth0"), m), "pc: eth0 under lan0")
	n.PC.Up("eth0")
	n.PC.Up("lan0")
	n.PC.Address("lan0", PCAddress+"/24")
	n.PC.Default(Router, "lan0", 0)
}

// linkLocal is the fe80:: address that the kernel gave a link.
func (n *Node) linkLocal(link string) string {
	addrs, err := n.nl.AddrList(n.link(link), unix.AF_INET6)
	must(err, "%s: addresses of %s", n.Name, link)
	for _, a := range addrs {
		if a.IP.IsLinkLocalUnicast() {
			return a.IP.String()
		}
	}
	must(net.InvalidAddrError("none"), "%s: link-local address of %s", n.Name, link)
	return ""
}
