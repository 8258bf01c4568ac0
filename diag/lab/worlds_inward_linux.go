package lab

import (
	"strings"

	"github.com/miekg/dns"
)

// inwardNames: a name leads to another place here than elsewhere, or to none.
// A company's own address, a filter's work and a lie look alike to a name
// server; who is met at the address, and what is asked for, tells them apart.
func inwardNames() []World {
	const inside = "192.168.1.30"
	quad9 := func(manner func(*Net) Answer) func(*Net) {
		return func(n *Net) { n.Resolver(Quad9).Answers(manner(n)) }
	}
	named := func(list string) func(*Net) string {
		return func(n *Net) string {
			return strings.Replace(DefaultConfig(n), `names       = ["www.example.com", "example.org"]`, `names       = [`+list+`]`, 1)
		}
	}
	split := func(names ...string) func(*Net) {
		return func(n *Net) { // the company's own name server, and its own copy of the site
			n.nameservers("192.168.1.20")
			n.LAN.Address("br0", "192.168.1.20/24")
			n.LAN.Address("br0", inside+"/24")
			n.resolver(n.LAN, "192.168.1.20", Giving(inside, n.zone(), names...))
			n.Web.listen(n.LAN, inside)
		}
	}
	missing := func(names ...string) func(n *Net) Answer {
		return func(n *Net) Answer {
			return When(func(q *dns.Msg) bool { return asksFor(q, names...) }, Refusing(dns.RcodeNameError), n.zone())
		}
	}
	return []World{
		{Name: "healthy-split-horizon", Story: "Inside a company its site has an address of its own, and is there.", Notes: []string{"dns.split_horizon"}, Build: split("www.example.com.")},
		{Name: "healthy-split-horizon-unvisited", Story: "The same, for a name that nobody goes to.", Config: named(`"www.example.org", "www.example.com"`), Notes: []string{"dns.split_horizon"}, Build: split("www.example.org.")},
		{Name: "healthy-split-horizon-second", Story: "The same, for a name that is asked for later.", User: "nobody", Notes: []string{"dns.split_horizon"}, Build: split("example.org.")},
		{Name: "healthy-allowlist-dns", Story: "The name server leads everything it does not know nowhere.",
			Build: quad9(func(n *Net) Answer {
				return When(func(q *dns.Msg) bool { return n.zone()(q).Rcode == dns.RcodeNameError }, Lying(n.zone(), "0.0.0.0", false), n.zone())
			})},
		{Name: "healthy-adblock-missing", Story: "The name server says of a name that nothing here needs that there is none.", Notes: []string{"dns.blocked"}, Build: quad9(missing("example.org."))},
		{Name: "dns-blocked-missing", Story: "A filter says that a name this PC needs does not exist.", Expect: []string{"dns.blocked"}, Build: quad9(missing("www.example.com."))},
		{Name: "dns-blocked-all", Story: "The name server says of every name that there is none.", Expect: []string{"dns.blocked"}, Status: "fail",
			Build: quad9(func(*Net) Answer { return Refusing(dns.RcodeNameError) })},
		{Name: "dns-blocked-all-empty", Story: "The name server knows every name and has no address for any.", Expect: []string{"dns.blocked"}, Status: "fail", User: "nobody",
			Build: quad9(func(*Net) Answer { return Refusing(dns.RcodeSuccess) })},
		{Name: "dns-blocked-rebind", Story: "The router lets no name lead inside, and a household's own name does.", Expect: []string{"dns.blocked"}, User: "nobody", Config: named(`"nas.example.net", "www.example.com"`), Build: func(n *Net) {
			for _, ip := range []string{Quad9, OneOne} {
				n.Resolver(ip).Answers(Giving(inside, n.zone(), "nas.example.net."))
			}
			n.nameservers(Router)
			n.Resolver(Router).Answers(WithoutInside(Giving(inside, n.zone(), "nas.example.net.")))
		}},
		{Name: "dns-forged-one", Story: "The name server sends one site to an address inside where nobody is.", Expect: []string{"dns.answer_forged"}, Fix: "dns-set-servers",
			Build: quad9(func(n *Net) Answer { return Giving("10.66.66.66", n.zone(), "www.example.com.") })},
		{Name: "dns-forged-impostor", Story: "The router sends one site to a machine that pretends to be it.", Expect: []string{"dns.answer_forged"}, Fix: "dns-set-servers", Build: func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Answers(Giving(inside, n.zone(), "www.example.com."))
			n.LAN.Address("br0", inside+"/24")
			n.ServeTLS(n.LAN, inside+":443", NewAuthority("Definitely The Real One"), n.Web)
		}},
		{Name: "dns-forged-no-root", Story: "The same, and the program has no rights.", Expect: []string{"dns.answer_forged"}, User: "nobody", Build: func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Answers(Giving(inside, n.zone(), "www.example.com."))
			n.LAN.Address("br0", inside+"/24")
			n.ServeTLS(n.LAN, inside+":443", NewAuthority("Definitely The Real One"), n.Web)
		}},
	}
}

// WithoutInside takes addresses inside out of answers, as routers do against
// DNS rebinding (dnsmasq's stop-dns-rebind, unbound's private-address).
func WithoutInside(truth Answer) Answer {
	return func(q *dns.Msg) *dns.Msg {
		r := truth(q)
		var outside []dns.RR
		for _, rr := range r.Answer {
			if a, ok := rr.(*dns.A); !ok || !a.A.IsPrivate() {
				outside = append(outside, rr)
			}
		}
		r.Answer = outside
		return r
	}
}
