package lab

import (
	"slices"

	"github.com/miekg/dns"
)

// dnsFaults are in name resolution; the network itself works in most of them.
func dnsFaults() []World {
	return slices.Concat(unusualNames(), serverFaults(), nameFaults(), namesAgain(), resolvConfs(), inwardNames(), nameDoubles())
}

// serverFaults: nobody is asked, or he who is asked does not answer well.
func serverFaults() []World {
	const set = "dns-set-servers"
	stub := []string{"dns.stub_down"}
	silent := []string{"dns.server_silent"}
	servfail := []string{"dns.servfail"}
	hijack := []string{"dns.nxdomain_hijack"}
	return []World{
		{Name: "dns-none", Story: "No name server is set.", Expect: []string{"dns.none_configured"}, Fix: set,
			Build: func(n *Net) { n.nameservers() }},
		{Name: "dns-dangling", Story: "resolv.conf leads to a file that is not there.", Expect: []string{"dns.resolvconf_dangling"}, Fix: set,
			Build: func(n *Net) { n.PC.Link("/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf") }},
		{Name: "dns-stub-down", Story: "The PC's own name service is set and does not run.", Expect: stub, Fix: set,
			Build: func(n *Net) { n.nameservers("127.0.0.53") }},
		{Name: "dns-stub-down-resolved", Story: "The same, as systemd-resolved leaves it.", Expect: stub, Build: (*Net).stubConf},
		{Name: "dns-server-closed", Story: "The name server's host is there, its service is not.", Expect: []string{"dns.server_closed"}, Fix: set,
			Build: func(n *Net) { n.Resolver(Quad9).Stop() }},
		{Name: "dns-server-silent", Story: "The name server does not answer.", Expect: silent, Fix: set,
			Build: func(n *Net) { n.ISP.Drop(Forward, To(Quad9)) }},
		{Name: "dns-server-silent-provider", Story: "The provider's name server hangs.", Expect: silent, Fix: set, Build: func(n *Net) {
			n.nameservers(ProviderDNS)
			n.Resolver(ProviderDNS).Answers(Mute)
		}},
		{Name: "dns-server-silent-router", Story: "The router's name service hangs.", Expect: silent, Fix: set, Build: func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Answers(Mute)
		}},
		{Name: "dns-server-silent-no-root", Story: "The name server does not answer, and the program has no rights.", Expect: silent, User: "nobody",
			Build: func(n *Net) { n.ISP.Drop(Forward, To(Quad9)) }},
		{Name: "dns-first-dead", Story: "The first of two name servers does not answer: every page waits.", Expect: []string{"dns.first_server_dead"}, Fix: "dns-reorder",
			Build: func(n *Net) {
				n.nameservers(OneOne, Quad9)
				n.ISP.Drop(Forward, To(OneOne))
			}},
		{Name: "dns-servfail", Story: "The name server answers that it failed.", Expect: servfail, Fix: set,
			Build: func(n *Net) { n.Resolver(Quad9).Answers(Refusing(dns.RcodeServerFailure)) }},
		{Name: "dns-servfail-router", Story: "The router's name service answers that it failed.", Expect: servfail, Fix: set, Build: func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Answers(Refusing(dns.RcodeServerFailure))
		}},
		{Name: "dns-answers-others", Story: "The name server's answers fit no question that was put.", Expect: servfail, Fix: set, Build: func(n *Net) {
			honest := n.zone()
			n.Resolver(Quad9).Answers(func(q *dns.Msg) *dns.Msg {
				r := honest(q)
				r.Id++
				return r
			})
		}},
		{Name: "dns-knows-nothing", Story: "The name server says of every question that it does not do such things.", Expect: servfail, User: "nobody",
			Build: func(n *Net) { n.Resolver(Quad9).Answers(Refusing(dns.RcodeNotImplemented)) }},
		{Name: "dns-refused", Story: "The name server does not serve this PC.", Expect: []string{"dns.refused"}, Fix: set,
			Build: func(n *Net) { n.Resolver(Quad9).Answers(Refusing(dns.RcodeRefused)) }},
		{Name: "dns-nxdomain-hijack", Story: "Names that do not exist lead to an advertiser.", Expect: hijack, Fix: set,
			Build: func(n *Net) { n.Resolver(Quad9).Answers(Lying(n.zone(), "198.51.100.2", true)) }},
		{Name: "dns-hijack-all", Story: "Every name leads to one address.", Expect: hijack, Fix: set,
			Build: func(n *Net) { n.Resolver(Quad9).Answers(Lying(n.zone(), "198.51.100.2", false)) }},
		{Name: "dns-hosts-override", Story: "A forgotten line in the hosts file leads a name astray.", Expect: []string{"dns.hosts_override"}, Fix: "hosts-comment-line",
			Build: func(n *Net) {
				n.PC.File("/etc/hosts", plainFiles["/etc/hosts"]+"10.66.66.66 www.example.com\n")
			}},
	}
}
