package lab

import (
	"context"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag/link/arp"
)

// stranger is one more machine on the LAN, with an address there.
func (n *Net) stranger(name, cidr string) *Node {
	s := newNode(name)
	n.onClose(s.close)
	cable(s, "eth0", n.LAN, "p_"+name)
	must(n.LAN.nl.LinkSetMaster(n.LAN.link("p_"+name), n.LAN.link("br0")), "port of %s", name)
	s.Address("eth0", cidr)
	return s
}

// mirror is a stranger with the PC's own hardware address that speaks all the
// time, so that switches forget where the PC is.
func (n *Net) mirror(name, ip string) {
	mac := n.PC.link("eth0").Attrs().HardwareAddr
	s := n.stranger(name, ip+"/24")
	must(s.nl.LinkSetHardwareAddr(s.link("eth0"), mac), "%s: hardware address", name)
	var wire *arp.Wire
	must(s.Do(func() (err error) {
		wire, err = arp.Open(s.link("eth0").Attrs().Index, mac)
		return err
	}), "%s: packet socket", name)
	own := netip.MustParseAddr(ip)
	n.onClose(wire.Close)
	n.every(2*time.Millisecond, func() { _, _ = wire.Ask(own, own, arp.Broadcast) }) // gratuitous; lost is lost
}

// talk lets a machine on the LAN ask for somebody all the time, as machines do
// now and then.
func (n *Net) talk(s *Node, link, ip, about string) {
	var wire *arp.Wire
	must(s.Do(func() (err error) {
		l := s.link(link).Attrs()
		wire, err = arp.Open(l.Index, l.HardwareAddr)
		return err
	}), "%s: packet socket", s.Name)
	n.onClose(wire.Close)
	own, target := netip.MustParseAddr(ip), netip.MustParseAddr(about)
	n.every(100*time.Millisecond, func() { _, _ = wire.Ask(own, target, arp.Broadcast) }) // lost is lost
}

// every does something again and again until the world ends.
func (n *Net) every(pause time.Duration, do func()) {
	n.run(func() {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				do()
			case <-n.over:
				return
			}
		}
	})
}

// Lease is what a DHCP server of a world offers; an empty Address is an offer
// without one. Portal is where the network says who is signed in (RFC 8910).
type Lease struct{ Server, Address, Router, Portal string }

// DHCP answers every DHCPDISCOVER that a node hears on a link (RFC 2131), by
// broadcast. Nothing else is answered: no program here asks for a lease.
func (n *Net) DHCP(on *Node, link string, l Lease) {
	var sock net.PacketConn
	must(on.Do(func() (err error) {
		bind := func(_, _ string, c syscall.RawConn) error {
			var err error
			if e := c.Control(func(fd uintptr) { err = unix.BindToDevice(int(fd), link) }); e != nil {
				return e
			}
			return err
		}
		sock, err = (&net.ListenConfig{Control: bind}).ListenPacket(context.Background(), "udp4", "0.0.0.0:67")
		return err
	}), "%s: DHCP", on.Name)
	n.onClose(func() { sock.Close() })
	n.run(func() {
		question := make([]byte, 1500)
		for {
			size, _, err := sock.ReadFrom(question)
			if err != nil {
				return
			}
			if size >= 240 && question[0] == 1 {
				_, _ = sock.WriteTo(l.offer(question[:size]), &net.UDPAddr{IP: net.IPv4bcast, Port: 68}) // lost is lost, as on any LAN
			}
		}
	})
}

// offer answers one question: BOOTREPLY with the options server, mask, router.
func (l Lease) offer(question []byte) []byte {
	b := make([]byte, 240, 300)
	b[0], b[1], b[2] = 2, 1, 6
	copy(b[4:8], question[4:8])     // xid
	copy(b[28:44], question[28:44]) // chaddr
	copy(b[236:240], question[236:240])
	copy(b[16:20], net.ParseIP(l.Address).To4())
	b = append(b, 53, 1, 2)
	for code, ip := range map[byte]string{54: l.Server, 1: "255.255.255.0", 3: l.Router} {
		if four := net.ParseIP(ip).To4(); four != nil {
			b = append(append(b, code, 4), four...)
		}
	}
	if l.Portal != "" {
		b = append(append(b, 114, byte(len(l.Portal))), l.Portal...)
	}
	return append(b, 255)
}

// RuleTo sends every packet of the node to a routing table first (ip-rule(8)).
func (n *Node) RuleTo(table, priority int) {
	r := netlink.NewRule()
	r.Family, r.Table, r.Priority = unix.AF_INET, table, priority
	must(n.nl.RuleAdd(r), "%s: rule to table %d", n.Name, table)
}

// TableDefault sets the default route of a routing table; kind is a type of
// ip-route(8), RTN_UNICAST for an ordinary one.
func (n *Node) TableDefault(table, kind int, via, link string) {
	r := n.route("", via, 0)
	r.Table, r.Type = table, kind
	if link != "" {
		r.LinkIndex = n.link(link).Attrs().Index
	}
	must(n.nl.RouteAdd(r), "%s: default of table %d", n.Name, table)
}

// Direct adds a route that needs no router: whatever it leads to is looked
// for on the link itself.
func (n *Node) Direct(dst, link string) {
	r := n.route(dst, "", 0)
	r.LinkIndex, r.Scope = n.link(link).Attrs().Index, netlink.SCOPE_LINK
	must(n.nl.RouteAdd(r), "%s: %s on %s", n.Name, dst, link)
}

// swallow makes a TUN device whose far end reads and throws away: without a
// reader its counters would not even move.
func (n *Net) swallow(node *Node, name string) {
	f := n.tun(node, name)
	n.run(func() {
		buf := make([]byte, 1<<16)
		for {
			if _, err := f.Read(buf); err != nil {
				return
			}
		}
	})
	node.Up(name)
}
