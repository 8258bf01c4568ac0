package lab

import (
	"sync"
	"time"
)

// Addresses that worlds speak of.
const (
	PCAddress   = "192.168.1.50"
	Router      = "192.168.1.1"
	Provider    = "100.64.0.1"
	ProviderDNS = "198.51.100.53"
	Quad9       = "9.9.9.9"
	OneOne      = "1.1.1.1"
	WebOne      = "203.0.113.80"
	WebTwo      = "203.0.113.81"
	Nobody      = "192.168.1.9" // an address on the LAN that no one has
	LANProxy    = "192.168.1.10"

	PCAddress6 = "2001:db8:1::50"
	Router6    = "2001:db8:1::1"
	Quad9v6    = "2620:fe::fe"
	OneOnev6   = "2606:4700:4700::1111"
	WebOne6    = "2001:db8:80::80"
	WebTwo6    = "2001:db8:80::81"
)

// Site is how a world's healthy half is built.
type Site struct {
	IPv6   bool          // global IPv6 all the way
	RTT    time.Duration // extra round-trip time between the router and the provider
	NoPing bool          // ping_group_range as the kernel has it: nobody may open ICMP sockets
	Empty  bool          // the PC has no network adapter at all
}

// Net is the little internet of one world.
type Net struct {
	PC, LAN, GW, ISP, Far *Node

	Site Site
	Web  *Web // what answers on ports 80 and 443
	Env  []string
	// alsoTrusted are authorities that the PC was given beside the one of all
	// worlds.
	alsoTrusted []*Authority
	byIP        map[string]*Resolver
	over        chan struct{} // closed when the world ends
	wg          sync.WaitGroup
	closes      []func()
}

// onClose registers what ends with the world; last in, first out.
func (n *Net) onClose(f func()) { n.closes = append(n.closes, f) }

// run starts a goroutine that Close waits for.
func (n *Net) run(f func()) {
	n.wg.Add(1)
	go func() {
		defer n.wg.Done()
		f()
	}()
}

// Close ends every server and lets the namespaces go.
func (n *Net) close() {
	close(n.over)
	for i := len(n.closes) - 1; i >= 0; i-- {
		n.closes[i]()
	}
	n.wg.Wait()
	for _, node := range []*Node{n.PC, n.LAN, n.GW, n.ISP, n.Far} {
		node.close()
	}
}

// Resolver returns the name server at an address; it must exist.
func (n *Net) Resolver(ip string) *Resolver { return n.byIP[ip] }

// wire builds the healthy topology. scratch is an empty directory outside.
func (n *Net) wire(scratch string) {
	n.PC, n.LAN, n.GW, n.ISP, n.Far = newNode("pc"), newNode("lan"), newNode("gw"), newNode("isp"), newNode("far")
	n.PC.ownMounts(scratch)
	for _, router := range []*Node{n.GW, n.ISP, n.Far} {
		router.Sysctl("net/ipv4/ip_forward", "1")
		router.Sysctl("net/ipv6/conf/all/forwarding", "1")
		router.Sysctl("net/ipv4/icmp_ratelimit", "0")
		router.Sysctl("net/ipv6/icmp/ratelimit", "0")
	}
	if !n.Site.NoPing {
		n.PC.Sysctl("net/ipv4/ping_group_range", "0 2147483647")
	}
	cable(n.GW, "lan0", n.LAN, "p_gw")
	ports := []string{"p_gw"}
	if !n.Site.Empty {
		cable(n.PC, "eth0", n.LAN, "p_pc")
		ports = append(ports, "p_pc")
	}
	n.LAN.Bridge("br0", ports...)
	if n.Site.RTT > 0 {
		n.longWire(n.GW, "wan0", n.ISP, "cust0", n.Site.RTT/2)
	} else {
		cable(n.GW, "wan0", n.ISP, "cust0")
	}
	cable(n.ISP, "up0", n.Far, "dn0")
	n.address4()
	if n.Site.IPv6 {
		n.address6()
	}
	n.GW.Masquerade("wan0")
}

func (n *Net) address4() {
	n.GW.Address("lan0", Router+"/24")
	n.GW.Address("wan0", "100.64.0.2/24")
	n.GW.Default(Provider, "", 0)
	n.ISP.Address("cust0", Provider+"/24")
	n.ISP.Address("lo", ProviderDNS+"/32")
	n.ISP.Address("up0", "198.51.100.1/24")
	n.ISP.Default("198.51.100.2", "", 0)
	n.Far.Address("dn0", "198.51.100.2/24")
	n.Far.Default("198.51.100.1", "", 0)
	for _, ip := range []string{Quad9, OneOne, WebOne, WebTwo} {
		n.Far.Address("lo", ip+"/32")
	}
	if !n.Site.Empty {
		n.PC.Address("eth0", PCAddress+"/24")
		n.PC.Default(Router, "", 0)
	}
}

func (n *Net) address6() {
	n.GW.Address("lan0", Router6+"/64")
	n.GW.Address("wan0", "2001:db8:64::2/64")
	n.GW.Default("2001:db8:64::1", "", 0)
	n.ISP.Address("cust0", "2001:db8:64::1/64")
	n.ISP.Address("up0", "2001:db8:99::1/64")
	n.ISP.Route("2001:db8:1::/64", "2001:db8:64::2", "", 0)
	n.ISP.Default("2001:db8:99::2", "", 0)
	n.Far.Address("dn0", "2001:db8:99::2/64")
	n.Far.Default("2001:db8:99::1", "", 0)
	for _, ip := range []string{Quad9v6, OneOnev6, WebOne6, WebTwo6} {
		n.Far.Address("lo", ip+"/128")
	}
	n.PC.Address("eth0", PCAddress6+"/64")
	n.PC.Default(Router6, "", 0)
}

// serve opens everything that answers in a healthy world.
func (n *Net) serve() {
	n.byIP = map[string]*Resolver{}
	honest := n.zone()
	for _, ip := range []string{Quad9, OneOne} {
		n.resolver(n.Far, ip, honest)
	}
	n.resolver(n.ISP, ProviderDNS, honest)
	n.resolver(n.GW, Router, n.forwarder(n.GW, Quad9))
	n.Web = newWeb(n)
	addresses := []string{Quad9, OneOne, WebOne, WebTwo}
	if n.Site.IPv6 {
		n.resolver(n.Far, Quad9v6, honest)
		n.resolver(n.Far, OneOnev6, honest)
		addresses = append(addresses, Quad9v6, OneOnev6, WebOne6, WebTwo6)
	}
	for _, ip := range addresses {
		n.Web.listen(n.Far, ip)
	}
}
