package lab

import (
	"net"
	"os"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// cable lays a veth pair between two nodes and switches both ends on.
func cable(a *Node, aName string, b *Node, bName string) {
	attrs := netlink.NewLinkAttrs()
	attrs.Name, attrs.Namespace = aName, netlink.NsFd(int(a.ns))
	err := a.nl.LinkAdd(&netlink.Veth{LinkAttrs: attrs, PeerName: bName, PeerNamespace: netlink.NsFd(int(b.ns))})
	must(err, "cable %s.%s to %s.%s", a.Name, aName, b.Name, bName)
	a.Up(aName)
	b.Up(bName)
}

// Bridge makes a switch of the named links.
func (n *Node) Bridge(name string, ports ...string) {
	attrs := netlink.NewLinkAttrs()
	attrs.Name = name
	br := &netlink.Bridge{LinkAttrs: attrs}
	must(n.nl.LinkAdd(br), "%s: bridge %s", n.Name, name)
	for _, port := range ports {
		must(n.nl.LinkSetMaster(n.link(port), br), "%s: port %s", n.Name, port)
	}
	n.Up(name)
}

func (n *Node) link(name string) netlink.Link {
	l, err := n.nl.LinkByName(name)
	must(err, "%s: link %s", n.Name, name)
	return l
}

// Up switches a link on.
func (n *Node) Up(link string) { must(n.nl.LinkSetUp(n.link(link)), "%s: %s up", n.Name, link) }

// Down switches a link off: the other end loses its carrier.
func (n *Node) Down(link string) { must(n.nl.LinkSetDown(n.link(link)), "%s: %s down", n.Name, link) }

// Remove takes a link away altogether.
func (n *Node) Remove(link string) { must(n.nl.LinkDel(n.link(link)), "%s: remove %s", n.Name, link) }

// Address gives a link an address with its prefix length.
func (n *Node) Address(link, cidr string) {
	a := n.parse(cidr)
	must(n.nl.AddrAdd(n.link(link), a), "%s: %s on %s", n.Name, cidr, link)
}

// NoAddress takes it away again; routes through it go too, as they would.
func (n *Node) NoAddress(link, cidr string) {
	a := n.parse(cidr)
	must(n.nl.AddrDel(n.link(link), a), "%s: %s off %s", n.Name, cidr, link)
}

func (n *Node) parse(cidr string) *netlink.Addr {
	a, err := netlink.ParseAddr(cidr)
	must(err, "%s: address %s", n.Name, cidr)
	if a.IP.To4() == nil {
		a.Flags = unix.IFA_F_NODAD
	} else if a.IP.IsLinkLocalUnicast() {
		a.Scope = unix.RT_SCOPE_LINK
	}
	return a
}

// Default sets a default route with a metric; 0 leaves the metric out.
func (n *Node) Default(via, link string, metric int) { n.Route("", via, link, metric) }

// Route adds a route; an empty dst is the default route.
func (n *Node) Route(dst, via, link string, metric int) {
	r := n.route(dst, via, metric)
	if link != "" {
		r.LinkIndex = n.link(link).Attrs().Index
	}
	must(n.nl.RouteAdd(r), "%s: route %s via %s", n.Name, dst, via)
}

// NoDefault removes the IPv4 default route via a gateway.
func (n *Node) NoDefault(via string) {
	must(n.nl.RouteDel(n.route("", via, 0)), "%s: no default via %s", n.Name, via)
}

// Remembers puts another node's link into the neighbour table, as it is some
// minutes after the two last spoke: known, and to be asked again before use.
func (n *Node) Remembers(ip, link string, owner *Node, ownersLink string) {
	must(n.nl.NeighSet(&netlink.Neigh{
		LinkIndex: n.link(link).Attrs().Index, State: netlink.NUD_STALE, IP: net.ParseIP(ip), HardwareAddr: owner.link(ownersLink).Attrs().HardwareAddr,
	}), "%s: neighbour %s", n.Name, ip)
}

func (n *Node) route(dst, via string, metric int) *netlink.Route {
	gw := net.ParseIP(via)
	r := &netlink.Route{Gw: gw, Priority: metric, Family: unix.AF_INET}
	if gw != nil && gw.To4() == nil {
		r.Family = unix.AF_INET6
	}
	if dst == "" {
		dst = map[int]string{unix.AF_INET: "0.0.0.0/0", unix.AF_INET6: "::/0"}[r.Family]
	}
	_, prefix, err := net.ParseCIDR(dst)
	must(err, "%s: route %s", n.Name, dst)
	r.Dst = prefix
	return r
}

// Rate limits what leaves through a link to bits per second, with a queue of
// so many bytes (a token bucket, tc-tbf(8)).
func (n *Node) Rate(link string, bits uint64, queue uint32) {
	const burst = 16 << 10
	err := n.nl.QdiscAdd(&netlink.Tbf{
		QdiscAttrs: netlink.QdiscAttrs{LinkIndex: n.link(link).Attrs().Index, Handle: netlink.MakeHandle(1, 0), Parent: netlink.HANDLE_ROOT},
		Rate:       bits / 8, Buffer: netlink.Xmittime(bits/8, burst), Limit: queue, // the kernel takes the burst as time
	})
	must(err, "%s: rate of %s", n.Name, link)
}

// Backlogged waits until so many bytes stand in the queue of a link.
func (n *Node) Backlogged(link string, bytes uint32) {
	tick := time.NewTicker(10 * time.Millisecond) // the kernel tells nobody how long a queue is
	defer tick.Stop()
	for range 1000 {
		all, err := n.nl.QdiscList(n.link(link))
		must(err, "%s: queues of %s", n.Name, link)
		for _, q := range all {
			if s := q.Attrs().Statistics; s != nil && s.Queue != nil && s.Queue.Backlog >= bytes {
				return
			}
		}
		<-tick.C
	}
	must(os.ErrDeadlineExceeded, "%s: queue of %s", n.Name, link)
}
