package lab

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// announce sends one router advertisement (RFC 4861, section 4.2; preference of
// RFC 4191) with a prefix to make addresses from, and waits until the PC has
// made it its way out and taken an address.
func (n *Net) announce(r *Node, link, prefix string, preferred bool) {
	const head, high = 16, 0x08
	b := make([]byte, head, head+40)
	b[0], b[4] = 134, 64 // router advertisement; hop limit for the PC
	if preferred {
		b[5] = high
	}
	b[6], b[7] = 0x07, 0x08 // a router for 1800 s
	b = append(append(b, 1, 1), r.link(link).Attrs().HardwareAddr...)
	p := netip.MustParsePrefix(prefix)
	b = append(b, 3, 4, byte(p.Bits()), 0xc0, 0, 0, 0x0e, 0x10, 0, 0, 0x07, 0x08, 0, 0, 0, 0) // on link, make addresses; valid 3600 s, preferred 1800 s
	network := p.Addr().As16()
	b = append(b, network[:]...)

	own := r.awaitLinkLocal(link)
	addresses, routes, done := make(chan netlink.AddrUpdate, 16), make(chan netlink.RouteUpdate, 16), make(chan struct{})
	defer close(done)
	must(netlink.AddrSubscribeWithOptions(addresses, done, netlink.AddrSubscribeOptions{Namespace: &n.PC.ns}), "pc: addresses")
	must(netlink.RouteSubscribeWithOptions(routes, done, netlink.RouteSubscribeOptions{Namespace: &n.PC.ns}), "pc: routes")
	must(r.Do(func() error {
		fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_ICMPV6)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		if err := unix.SetsockoptInt(fd, unix.SOL_IPV6, unix.IPV6_MULTICAST_HOPS, 255); err != nil {
			return err
		}
		all := netip.MustParseAddr("ff02::1").As16()
		return unix.Sendto(fd, b, 0, &unix.SockaddrInet6{Addr: all, ZoneId: uint32(r.link(link).Attrs().Index)})
	}), "%s: router advertisement", r.Name)
	late := time.After(kernelPatience)
	for {
		select {
		case a := <-addresses: // a new prefix
			if ip, ok := netip.AddrFromSlice(a.LinkAddress.IP); ok && a.NewAddr && p.Contains(ip) {
				return
			}
		case u := <-routes: // a new router
			if u.Type == unix.RTM_NEWROUTE && u.Gw.Equal(own) {
				return
			}
		case <-late:
			must(errors.New("the PC took no notice"), "%s: router advertisement", r.Name)
		}
	}
}

// kernelPatience is how long the kernel may take to set up what it was told to.
const kernelPatience = 5 * time.Second

// awaitLinkLocal waits for the address that the kernel gives a link by itself a
// moment after its carrier came.
func (n *Node) awaitLinkLocal(link string) net.IP {
	news, done := make(chan netlink.AddrUpdate, 16), make(chan struct{})
	defer close(done)
	must(netlink.AddrSubscribeWithOptions(news, done, netlink.AddrSubscribeOptions{Namespace: &n.ns, ListExisting: true}), "%s: addresses", n.Name)
	index, late := n.link(link).Attrs().Index, time.After(kernelPatience)
	for {
		select {
		case a := <-news:
			if ip := a.LinkAddress.IP; a.LinkIndex == index && a.NewAddr && a.Flags&unix.IFA_F_TENTATIVE == 0 && ip.To4() == nil && ip.IsLinkLocalUnicast() {
				return ip
			}
		case <-late:
			must(errors.New("none"), "%s: link-local address of %s", n.Name, link)
		}
	}
}

// second6 makes a machine on the LAN a second IPv6 router, which leads out by
// way of the first.
func (n *Net) second6(r *Node) {
	r.Address("eth0", "2001:db8:1::2/64")
	r.Default(Router6, "eth0", 0)
	n.announce(r, "eth0", "2001:db8:1::/64", false)
}
