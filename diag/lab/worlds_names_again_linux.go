package lab

import (
	"net"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// namesAgain are the faults of name resolution where they look otherwise:
// over IPv6, through the router's own name service, without rights, with
// several servers.
func namesAgain() []World {
	const set, nobody = "dns-set-servers", "nobody"
	six := Site{IPv6: true}
	aaaa := func(q *dns.Msg) bool { return asks(q, dns.TypeAAAA) }
	router := func(manner func(*Net) Answer) func(*Net) {
		return func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Answers(manner(n))
		}
	}
	quad9v6 := func(manner func(*Net) Answer) func(*Net) {
		return func(n *Net) {
			n.nameservers(Quad9v6)
			n.Resolver(Quad9v6).Answers(manner(n))
		}
	}
	only := func(a Answer) func(*Net) Answer { return func(*Net) Answer { return a } }
	silent, first := []string{"dns.server_silent"}, []string{"dns.first_server_dead"}
	return []World{
		// healthy
		{Name: "healthy-v6-dns-scoped", Story: "The name server is the router's link-local address, as routers announce it.", Site: six, Build: func(n *Net) { n.scopedDNS() }},
		{Name: "healthy-v6-dns-scoped-no-root", Story: "The same, and the program has no rights.", Site: six, User: nobody, Build: func(n *Net) { n.scopedDNS() }},
		{Name: "healthy-doubled", Story: "A network that carries everything twice.", Build: func(n *Net) { n.Resolver(Quad9).Forestalled(n.zone()) }},
		{Name: "healthy-doubled-turning", Story: "The same, and the name server's answers take turns.", Build: func(n *Net) {
			turning := n.Turning(n.zone(), WebOne, WebTwo)
			for _, ip := range []string{Quad9, OneOne} {
				n.Resolver(ip).Answers(turning)
			}
			n.Resolver(Quad9).Forestalled(turning)
		}},
		{Name: "healthy-second-dead", Story: "The second name server is dead; nobody ever asks it.", Notes: []string{"dns.spare_dead"}, Build: func(n *Net) {
			n.nameservers(Quad9, OneOne)
			n.ISP.Drop(Forward, To(OneOne), UDP(53))
			n.ISP.Drop(Forward, To(OneOne), TCP(53))
		}},

		// no answer
		{Name: "dns-scoped-silent", Story: "The router's link-local address is the name server, and mute.", Site: six, Expect: silent, Fix: set, Build: func(n *Net) { n.scopedDNS().Answers(Mute) }},
		{Name: "dns-v6-silent", Story: "The name server over IPv6 does not answer.", Site: six, User: nobody, Expect: silent, Build: quad9v6(only(Mute))},
		{Name: "dns-v6-closed", Story: "The name server's host is there over IPv6, its service is not.", Site: six, User: nobody, Expect: []string{"dns.server_closed"}, Build: func(n *Net) {
			n.nameservers(Quad9v6)
			n.Resolver(Quad9v6).Stop()
		}},
		{Name: "dns-router-closed", Story: "The router has no name service, and is set as one.", Expect: []string{"dns.server_closed"}, User: nobody, Build: func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Stop()
		}},
		{Name: "dns-all-silent", Story: "Two name servers, both of them mute.", Expect: silent, User: nobody, Build: func(n *Net) {
			n.nameservers(ProviderDNS, OneOne)
			for _, ip := range []string{ProviderDNS, OneOne} {
				n.Resolver(ip).Answers(Mute)
			}
		}},
		{Name: "dns-hung-host", Story: "The name server takes connections and never says a word.", Expect: silent, User: nobody, Build: func(n *Net) { n.Resolver(Quad9).Answers(Mute) }},

		// the first of several
		{Name: "dns-first-two-dead", Story: "Two of three name servers do not answer.", Expect: first, Fix: "dns-reorder", Build: func(n *Net) {
			n.nameservers(ProviderDNS, OneOne, Quad9)
			n.Resolver(ProviderDNS).Answers(Mute)
			n.Resolver(OneOne).Answers(Mute)
		}},
		{Name: "dns-first-dead-v6", Story: "The first name server is one over IPv6, and mute.", Site: six, User: nobody, Expect: first, Build: func(n *Net) {
			n.nameservers(Quad9v6, Quad9)
			n.Resolver(Quad9v6).Answers(Mute)
		}},
		{Name: "dns-first-closed", Story: "The first name server is gone; programs go on to the next at once.", Expect: first, Fix: "dns-reorder", Build: func(n *Net) {
			n.nameservers(ProviderDNS, Quad9)
			n.Resolver(ProviderDNS).Stop()
		}},
		{Name: "dns-first-fails", Story: "The first name server says that it failed, the next one knows.", Expect: first, User: nobody, Build: func(n *Net) {
			n.nameservers(Router, Quad9)
			n.Resolver(Router).Answers(Refusing(dns.RcodeServerFailure))
		}},
		{Name: "dns-turns-dead", Story: "Programs take turns among name servers, and one is dead.", Expect: first, Fix: set, Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "options rotate\nnameserver "+Quad9+"\nnameserver "+OneOne+"\n")
			n.Resolver(OneOne).Answers(Mute)
		}},

		// says no
		{Name: "dns-router-refused", Story: "The router's name service refuses this PC.", Expect: []string{"dns.refused"}, User: nobody, Build: router(only(Refusing(dns.RcodeRefused)))},
		{Name: "dns-v6-servfail", Story: "The name server over IPv6 says that it failed.", Site: six, Expect: []string{"dns.servfail"}, User: nobody, Build: quad9v6(only(Refusing(dns.RcodeServerFailure)))},
		{Name: "dns-router-bogus", Story: "The router's name service distrusts every signature.", Expect: []string{"dns.dnssec_bogus"}, User: nobody, Build: router(func(n *Net) Answer { return Bogus(n.zone()) })},
		{Name: "dns-bogus-udp-lost", Story: "The name server distrusts every signature, and questions over UDP for IPv4 get lost.", Expect: []string{"dns.dnssec_bogus"}, Build: func(n *Net) {
			bogus := Bogus(n.zone())
			n.Resolver(Quad9).Answers(When(func(q *dns.Msg) bool { return asks(q, dns.TypeA) && q.IsEdns0() == nil }, Mute, bogus))
		}},

		// some kinds of question
		{Name: "dns-router-aaaa", Story: "The router's name service ignores questions about IPv6.", Expect: []string{"dns.aaaa_timeout"}, User: nobody, Build: router(func(n *Net) Answer { return When(aaaa, Mute, n.zone()) })},
		{Name: "dns-router-edns", Story: "The PC asks in the new way, and the router's name service ignores that.", Expect: []string{"dns.edns_dropped"}, User: nobody, Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "nameserver "+Router+"\noptions edns0\n")
			n.Resolver(Router).Answers(When(func(q *dns.Msg) bool { return q.IsEdns0() != nil }, Mute, n.zone()))
		}},
		{Name: "dns-udp53-v6", Story: "Someone stops questions over UDP, and the name server is one over IPv6.", Site: six, User: nobody, Expect: []string{"dns.udp53_blocked"}, Build: func(n *Net) {
			n.nameservers(Quad9v6)
			n.ISP.Drop(Forward, UDP(53))
		}},
		{Name: "dns-tcp53-set", Story: "The PC is set to ask over TCP, which is stopped on the way.", Expect: []string{"dns.tcp53_blocked"}, User: nobody, Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "nameserver "+Quad9+"\noptions use-vc\n")
			n.ISP.Drop(Forward, TCP(53))
		}},
		{Name: "dns-search-one-of-two", Story: "One of two endings is dead, and names are tried with both.", Expect: []string{"dns.search_stall"}, Fix: "dns-search-drop", Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "search corp.example dead.example\nnameserver "+Router+"\noptions ndots:4 timeout:2\n")
			n.Resolver(Router).Answers(When(func(q *dns.Msg) bool {
				return strings.HasSuffix(dns.CanonicalName(q.Question[0].Name), ".dead.example.")
			}, Mute, n.zone()))
		}},
		{Name: "dns-large-no-root", Story: "Long answers get lost on the way, and the program has no rights.", Expect: []string{"dns.large_dropped"}, User: nobody, Build: func(n *Net) {
			n.Resolver(Quad9).Answers(ManyRecords(n.zone()))
			n.ISP.Drop(Forward, FromUDP(53), Longer(600))
		}},

		// not the truth
		{Name: "dns-router-hijack", Story: "The router leads names that do not exist to its own page.", Expect: []string{"dns.nxdomain_hijack"}, User: nobody, Build: router(func(n *Net) Answer { return Lying(n.zone(), Router, true) })},
		{Name: "dns-v6-hijack", Story: "The name server over IPv6 leads names that do not exist to an advertiser.", Site: six, Expect: []string{"dns.nxdomain_hijack"}, User: nobody, Build: quad9v6(func(n *Net) Answer { return Lying(n.zone(), "198.51.100.2", true) })},
		{Name: "dns-router-forged-known", Story: "The router's name service changes addresses that it should not.", Expect: []string{"dns.answer_forged"}, User: nobody, Build: router(func(n *Net) Answer { return Giving("203.0.113.99", n.zone(), "ipv4only.arpa.") })},
		{Name: "dns-injected-missing", Story: "Someone on the way says first that a name does not exist.", Expect: []string{"dns.injected"}, User: nobody, Build: func(n *Net) {
			n.Resolver(Quad9).Forestalled(When(func(q *dns.Msg) bool { return asksFor(q, "www.example.com.") }, Refusing(dns.RcodeNameError), Mute))
		}},
		{Name: "dns-vpn-leftover-no-root", Story: "The VPN is gone, its name server is still set, and the program has no rights.", Expect: []string{"dns.vpn_leftover"}, User: nobody, Build: func(n *Net) { n.nameservers("10.66.0.53") }},
		{Name: "dns-vpn-leftover-v6", Story: "The VPN is gone, its name server over IPv6 is still set.", Site: six, Expect: []string{"dns.vpn_leftover"}, Fix: set, Build: func(n *Net) { n.nameservers("fd66::53") }},

		// names are not to blame
		{Name: "wan-names-router", Story: "The router has lost its provider, and says so of every name.", Expect: []string{"wan.router_wan_down"}, User: nobody, Build: func(n *Net) {
			n.nameservers(Router)
			n.GW.Down("wan0")
		}},
	}
}

// scopedDNS sets the router's link-local address as name server, with the
// link it is meant on: that is how a router's own announcement (RFC 8106) ends
// up in resolv.conf.
func (n *Net) scopedDNS() *Resolver {
	const address = "fe80::53"
	n.GW.Address("lan0", address+"/64")
	scope := strconv.Itoa(n.GW.link("lan0").Attrs().Index)
	r := n.resolver(n.GW, (&net.IPAddr{IP: net.ParseIP(address), Zone: scope}).String(), n.forwarder(n.GW, Quad9))
	n.nameservers(address + "%eth0")
	return r
}
