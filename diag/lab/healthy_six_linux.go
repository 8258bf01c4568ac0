package lab

import (
	"net"
	"time"

	"github.com/miekg/dns"
)

// unusualFamilies are healthy PCs that speak other protocols, or through more
// boxes, than most.
func unusualFamilies() []World {
	six := Site{IPv6: true}
	return []World{
		{Name: "healthy-v6-only", Story: "A network of IPv6 and nothing else.", Site: six, Build: (*Net).onlySix},
		{Name: "healthy-nat64", Story: "A mobile network: IPv6 only, and a translator for sites that have none.", Site: six, Build: func(n *Net) {
			n.onlySix()
			n.translator(WebOne, WebTwo)
		}},
		{Name: "healthy-cgnat-twice", Story: "The PC has a shared address itself, behind a provider that shares again.", Build: func(n *Net) {
			n.PC.NoAddress("eth0", PCAddress+"/24")
			n.GW.NoAddress("lan0", Router+"/24")
			n.GW.Address("lan0", "100.72.0.1/24")
			n.PC.Address("eth0", "100.72.0.50/24")
			n.PC.Default("100.72.0.1", "", 0)
			n.ISP.Masquerade("up0")
		}},
		{Name: "healthy-double-router", Story: "A second router at home hands on what a first one hands on.", Build: func(n *Net) { n.ISP.Masquerade("up0") }},
		{Name: "healthy-public-address", Story: "A PC with an address of the internet, and nothing between that translates.", Build: func(n *Net) {
			n.GW.NoFilters()
			n.PC.NoAddress("eth0", PCAddress+"/24")
			n.GW.Address("lan0", "203.0.113.1/28")
			n.PC.Address("eth0", "203.0.113.5/28")
			n.PC.Default("203.0.113.1", "", 0)
			n.ISP.Route("203.0.113.0/28", "100.64.0.2", "", 0)
		}},
		{Name: "healthy-privacy-address", Story: "IPv6 with a second address that changes every day.", Site: six, Build: func(n *Net) {
			n.PC.Address("eth0", "2001:db8:1::7c3a:91ff:fe02:1d4e/64")
		}},
		{Name: "healthy-ula", Story: "The network's own IPv6 addresses beside IPv4; the world is reached over IPv4 only.", Build: func(n *Net) {
			n.GW.Address("lan0", "fd12:3456:789a::1/64")
			n.PC.Address("eth0", "fd12:3456:789a::50/64")
		}},
		{Name: "healthy-hotel-signed-in", Story: "Hotel Wi-Fi after sign-in: far away, names through the hotel, no stranger's name server let through.", Site: Site{RTT: 80 * time.Millisecond}, Build: func(n *Net) {
			n.nameservers(Router)
			n.GW.Drop(Forward, UDP(53))
			n.GW.Drop(Forward, TCP(53))
			n.GW.Drop(Input, Echo)
		}},
		{Name: "healthy-satellite-all", Story: "Satellite and IPv6, and the router answers names.", Site: Site{IPv6: true, RTT: 600 * time.Millisecond}, Build: func(n *Net) { n.nameservers(Router) }},
	}
}

// onlySix leaves the PC nothing of IPv4.
func (n *Net) onlySix() {
	n.PC.NoAddress("eth0", PCAddress+"/24") // its routes go with it
	n.nameservers(Quad9v6)
}

// translator is NAT64 (RFC 6146) and DNS64 (RFC 6147) as the PC sees them:
// the web that has IPv4 addresses only is found under the well-known prefix of
// RFC 6052, and answers there.
func (n *Net) translator(sites ...string) {
	four := func(q *dns.Msg) *dns.Msg {
		if asks(q, dns.TypeAAAA) {
			r := new(dns.Msg).SetReply(q) // a web of the old days
			if _, exists := zone4[dns.CanonicalName(q.Question[0].Name)]; !exists {
				r.Rcode = dns.RcodeNameError
			}
			return r
		}
		return n.zone()(q)
	}
	for _, ip := range []string{Quad9v6, OneOnev6} {
		n.Resolver(ip).Answers(SixFour(four))
	}
	for _, site := range sites {
		mapped := translated(site)
		n.Far.Address("lo", mapped+"/128")
		n.Web.listen(n.Far, mapped)
	}
}

// translated is an IPv4 address under 64:ff9b::/96.
func translated(ip string) string {
	return net.IP(append(net.ParseIP("64:ff9b::")[:12], net.ParseIP(ip).To4()...)).String()
}
