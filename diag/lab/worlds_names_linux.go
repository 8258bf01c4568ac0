package lab

import (
	"net/http"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// nameFaults are in the finer grain of name resolution: the server is there,
// but some questions or answers get lost, come late, or are not true.
func nameFaults() []World {
	aaaa := func(q *dns.Msg) bool { return asks(q, dns.TypeAAAA) }
	quad9 := func(manner func(*Net) Answer) func(*Net) {
		return func(n *Net) { n.Resolver(Quad9).Answers(manner(n)) }
	}
	large := func(manner func(Answer) Answer) func(*Net) {
		return func(n *Net) {
			n.Resolver(Quad9).Answers(manner(n.zone()))
			n.ISP.Drop(Forward, FromUDP(53), Longer(600))
		}
	}
	const leftover = "10.66.0.53"
	return []World{
		{Name: "dns-udp53", Story: "Someone on the way stops questions over UDP.", Expect: []string{"dns.udp53_blocked"}, Fix: "dns-use-vc",
			Build: func(n *Net) { n.ISP.Drop(Forward, UDP(53)) }},
		{Name: "dns-tcp53", Story: "Answers are too long for UDP, and TCP is stopped on the way.", Expect: []string{"dns.tcp53_blocked"}, Build: func(n *Net) {
			n.Resolver(Quad9).Answers(Cutting(n.zone()))
			n.ISP.Drop(Forward, TCP(53))
		}},
		{Name: "dns-bogus", Story: "The name server's signature check fails for everything.", Expect: []string{"dns.dnssec_bogus"}, Fix: "dns-set-servers",
			Build: quad9(func(n *Net) Answer { return Bogus(n.zone()) })},
		{Name: "dns-slow", Story: "The name server thinks for 600 ms.", Expect: []string{"dns.slow"},
			Build: quad9(func(n *Net) Answer { return n.Late(n.zone(), 600*time.Millisecond) })},
		{Name: "dns-slow-1500", Story: "The name server waits 1.5 s for those that it asks.", Expect: []string{"dns.slow"},
			Build: quad9(func(n *Net) Answer {
				own := func(q *dns.Msg) bool { return asksFor(q, "localhost.") }
				return When(own, n.zone(), n.Late(n.zone(), 1500*time.Millisecond))
			})},
		{Name: "dns-aaaa", Story: "The name server never answers questions about IPv6.", Expect: []string{"dns.aaaa_timeout"}, Fix: "dns-no-aaaa", Site: Site{IPv6: true},
			Build: quad9(func(n *Net) Answer { return When(aaaa, Mute, n.zone()) })},
		{Name: "dns-aaaa-v4", Story: "The same on a network without IPv6.", Expect: []string{"dns.aaaa_timeout"}, Fix: "dns-no-aaaa",
			Build: quad9(func(n *Net) Answer { return When(aaaa, Mute, n.zone()) })},
		{Name: "dns-nss", Story: "Programs on the PC are told to look into files only.", Expect: []string{"dns.nss_broken"}, Fix: "nsswitch-hosts-dns",
			Build: func(n *Net) { n.PC.File("/etc/nsswitch.conf", "passwd: files\nhosts: files\n") }},
		{Name: "dns-nss-return", Story: "The hosts file is told to have the last word on every name.", Expect: []string{"dns.nss_broken"}, Fix: "nsswitch-hosts-dns",
			Build: func(n *Net) {
				n.PC.File("/etc/nsswitch.conf", "passwd: files\nhosts: files [NOTFOUND=return] dns\n")
			}},
		{Name: "dns-blocked", Story: "A filter leads a name that this PC needs nowhere.", Expect: []string{"dns.blocked"},
			Build: quad9(func(n *Net) Answer { return Giving("0.0.0.0", n.zone(), "www.example.com.") })},
		{Name: "dns-blocked-said", Story: "A filter refuses a name, and says that it does so on purpose.", Expect: []string{"dns.blocked"}, Build: quad9(func(n *Net) Answer {
			return When(func(q *dns.Msg) bool { return asksFor(q, "www.example.com.") }, Reasoned(dns.RcodeNameError, dns.ExtendedErrorCodeBlocked), n.zone())
		})},
		{Name: "dns-forged", Story: "The name server sends every name that exists to an address inside.", Expect: []string{"dns.answer_forged"}, Fix: "dns-set-servers", Build: quad9(func(n *Net) Answer {
			return Giving("10.66.66.66", n.zone(), "www.example.com.", "example.com.", "example.org.", "probe.example.net.", "check.example.org.", "ipv4only.arpa.")
		})},
		{Name: "dns-forged-known", Story: "The name server changes addresses that it should not.", Expect: []string{"dns.answer_forged"}, Fix: "dns-set-servers",
			Build: quad9(func(n *Net) Answer { return Giving("203.0.113.99", n.zone(), "ipv4only.arpa.") })},
		{Name: "dns-injected", Story: "Someone on the way answers before the name server does.", Expect: []string{"dns.injected"}, Build: func(n *Net) {
			n.Resolver(Quad9).Forestalled(Giving("203.0.113.99", n.zone(), "www.example.com."))
			n.Resolver(Quad9).Answers(n.Late(n.zone(), 30*time.Millisecond))
		}},
		{Name: "dns-large", Story: "Long answers get lost on the way.", Expect: []string{"dns.large_dropped"}, Fix: "dns-use-vc", Build: large(ManyRecords)},
		{Name: "dns-large-keys", Story: "Long answers get lost on the way; those for everyday names are short.", Expect: []string{"dns.large_dropped"}, Fix: "dns-use-vc", Build: large(WithKeys)},
		{Name: "dns-edns", Story: "The PC is set to ask in the new way, and the name server ignores it.", Expect: []string{"dns.edns_dropped"}, Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "nameserver "+Quad9+"\noptions edns0\n")
			n.Resolver(Quad9).Answers(When(func(q *dns.Msg) bool { return q.IsEdns0() != nil }, Mute, n.zone()))
		}},
		{Name: "dns-search", Story: "Names are first looked for in a zone that died.", Expect: []string{"dns.search_stall"}, Fix: "dns-search-drop", Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "search dead.example\nnameserver "+Quad9+"\noptions ndots:4\n")
			n.Resolver(Quad9).Answers(When(func(q *dns.Msg) bool {
				return strings.HasSuffix(dns.CanonicalName(q.Question[0].Name), ".dead.example.")
			}, Mute, n.zone()))
		}},
		{Name: "dns-dot", Story: "Names may be looked up over TLS only, which is stopped on the way.", Expect: []string{"dns.dot_blocked"}, Build: func(n *Net) {
			n.tlsOnly()
			n.resolver(n.PC, "127.0.0.53", Refusing(dns.RcodeServerFailure))
			n.GW.Drop(Input, TCP(853))
		}},
		{Name: "dns-injected-everywhere", Story: "Someone on the way answers before every name server does, with two tenths of a second to spare.", Expect: []string{"dns.injected"}, Build: func(n *Net) {
			for _, ip := range []string{Quad9, OneOne} {
				n.Resolver(ip).Forestalled(Giving("203.0.113.99", n.zone(), "www.example.com."))
				n.Resolver(ip).Answers(When(func(q *dns.Msg) bool { return q.IsEdns0() != nil }, n.Late(n.zone(), 200*time.Millisecond), n.zone()))
			}
		}},
		{Name: "dns-slow-router", Story: "The router's name service thinks for 600 ms.", Expect: []string{"dns.slow"}, User: "nobody", Build: func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Answers(n.Late(n.zone(), 600*time.Millisecond))
		}},
		{Name: "dns-udp53-one", Story: "One name server is stopped over UDP, the other is gone.", Expect: []string{"dns.udp53_blocked"}, User: "nobody", Build: func(n *Net) {
			n.nameservers(Quad9, ProviderDNS)
			n.ISP.Drop(Forward, To(Quad9), UDP(53))
			n.Resolver(ProviderDNS).Stop()
		}},
		{Name: "dns-vpn-leftover", Story: "The VPN is gone, its name server is still set.", Expect: []string{"dns.vpn_leftover"}, Fix: "dns-set-servers",
			Build: func(n *Net) { n.nameservers(leftover) }},
		{Name: "dns-vpn-leftover-first", Story: "The same, with a good one behind it.", Expect: []string{"dns.vpn_leftover"},
			Build: func(n *Net) { n.nameservers(leftover, Quad9) }},
		{Name: "portal-forged", Story: "A hotel network sends names to its own page until sign-in.", Expect: []string{"portal.captive"}, Build: func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Answers(Lying(n.zone(), Router, false))
			n.hotel()
		}},
	}
}

// unusualNames are healthy ways of resolving names that few PCs have.
func unusualNames() []World {
	const server = "192.168.1.20"
	return []World{
		{Name: "healthy-dot", Story: "Names are looked up over TLS only, and that works.", Build: func(n *Net) {
			n.tlsOnly()
			n.resolver(n.PC, "127.0.0.53", n.zone())
			n.GW.Listen(Router + ":853") // the kernel takes the connections, that is all that is looked at
		}},
		{Name: "healthy-split-dns", Story: "A company's name server knows names that the world does not.", Config: func(n *Net) string {
			return strings.Replace(DefaultConfig(n), `names       = ["www.example.com", "example.org"]`, `names       = ["intranet.corp.example", "www.example.com"]`, 1)
		}, Build: func(n *Net) {
			n.nameservers(server)
			n.LAN.Address("br0", server+"/24")
			n.resolver(n.LAN, server, Giving("192.168.1.30", n.zone(), "intranet.corp.example."))
		}},
		{Name: "healthy-aaaa-refused", Story: "The name server refuses questions about IPv6, at once.", Build: func(n *Net) {
			n.Resolver(Quad9).Answers(When(func(q *dns.Msg) bool { return asks(q, dns.TypeAAAA) }, Refusing(dns.RcodeRefused), n.zone()))
		}},
		{Name: "healthy-no-edns", Story: "The name server ignores EDNS, and works.", Notes: []string{"dns.edns_dropped"}, Build: func(n *Net) {
			n.Resolver(Quad9).Answers(When(func(q *dns.Msg) bool { return q.IsEdns0() != nil }, Mute, n.zone()))
		}},
		{Name: "healthy-old-dns", Story: "The name server says that it does not know EDNS.", Build: func(n *Net) {
			n.Resolver(Quad9).Answers(When(func(q *dns.Msg) bool { return q.IsEdns0() != nil }, Refusing(dns.RcodeFormatError), n.zone()))
		}},
		{Name: "healthy-local-forwarder", Story: "A small name server on the PC itself passes questions on.", Build: func(n *Net) {
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", n.forwarder(n.PC, Quad9))
		}},
		{Name: "healthy-dns64", Story: "The name server makes IPv6 addresses up for a network that translates them.", Site: Site{IPv6: true}, Build: func(n *Net) {
			n.Resolver(Quad9).Answers(SixFour(n.zone()))
			n.Resolver(OneOne).Answers(SixFour(n.zone()))
		}},
		{Name: "healthy-adblock-dns", Story: "The name server leads advertisers nowhere.", Build: func(n *Net) {
			n.Resolver(Quad9).Answers(Giving("0.0.0.0", n.zone(), "ads.example.net.", "tracker.example.net."))
		}},
		{Name: "healthy-adblock-name", Story: "The name server leads a name nowhere that nothing here needs.", Notes: []string{"dns.blocked"}, Build: func(n *Net) {
			n.Resolver(Quad9).Answers(Giving("0.0.0.0", n.zone(), "example.org."))
		}},
		{Name: "healthy-hosts-local", Story: "The hosts file names this PC in many ways.", Build: func(n *Net) {
			n.PC.File("/etc/hosts", plainFiles["/etc/hosts"]+"127.0.1.1 pc.lan pc\nff02::1 ip6-allnodes\n127.0.0.1 dev.local app.test\n192.168.1.40 nas nas.lan\n")
		}},
		{Name: "healthy-conf-options", Story: "resolv.conf takes turns among servers, and is impatient.", Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "nameserver "+Quad9+"\nnameserver "+OneOne+"\noptions rotate timeout:1 attempts:2 edns0 trust-ad\n")
		}},
		{Name: "healthy-turning", Story: "A name has another address at every question.", Build: func(n *Net) {
			for _, ip := range []string{Quad9, OneOne} {
				n.Resolver(ip).Answers(n.Turning(n.zone(), WebOne, WebTwo))
			}
		}},
		{Name: "healthy-turning-slow", Story: "The same over a satellite, where questions are asked twice before the first answer is back.", Site: Site{RTT: 600 * time.Millisecond}, Build: func(n *Net) {
			n.Resolver(Quad9).Answers(n.Turning(n.zone(), WebOne, WebTwo))
		}},
		{Name: "healthy-slow-router-dns", Story: "A satellite link, and the router answers names.", Site: Site{RTT: 600 * time.Millisecond}, Build: func(n *Net) { n.nameservers(Router) }},
		{Name: "healthy-cold-dns", Story: "The name server has not heard of the name yet and takes 700 ms, once.", Build: func(n *Net) {
			n.Resolver(Quad9).Answers(n.Cold(n.zone(), 700*time.Millisecond))
		}},
		{Name: "healthy-ndots", Story: "A container's resolv.conf: every name is tried with three endings first.", Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "search default.svc.cluster.example svc.cluster.example cluster.example\nnameserver "+Quad9+"\noptions ndots:5\n")
		}},
		{Name: "healthy-use-vc", Story: "resolv.conf asks over TCP, because UDP is stopped on the way.", Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "nameserver "+Quad9+"\noptions use-vc\n")
			n.ISP.Drop(Forward, UDP(53))
		}},
		{Name: "healthy-vpn-dns", Story: "The name server stands inside a company tunnel that is up.", Build: func(n *Net) {
			n.pump(n.tun(n.PC, "tun0"), n.tun(n.Far, "peer"), 0)
			n.nameservers(Quad9, "10.8.0.53")
			n.PC.Up("tun0")
			n.PC.Address("tun0", "10.8.0.2/24")
		}},
	}
}

// nameDoubles are two faults at once, one of them in name resolution.
func nameDoubles() []World {
	return []World{
		{Name: "double-dns-dns", Story: "The first name server is silent, the second says that it failed.", Expect: []string{"dns.servfail"}, Build: func(n *Net) {
			n.nameservers(OneOne, Quad9)
			n.ISP.Drop(Forward, To(OneOne), UDP(53))
			n.ISP.Drop(Forward, To(OneOne), TCP(53))
			n.Resolver(Quad9).Answers(Refusing(dns.RcodeServerFailure))
		}},
		{Name: "double-hosts-dns", Story: "A line in the hosts file leads a name astray, and the name server is silent.", Expect: []string{"dns.server_silent", "dns.hosts_override"}, Build: func(n *Net) {
			n.PC.File("/etc/hosts", plainFiles["/etc/hosts"]+"10.66.66.66 www.example.com\n")
			n.ISP.Drop(Forward, To(Quad9))
		}},
		{Name: "double-nss-proxy", Story: "Programs look into files only, and a proxy is set that no one runs.", Expect: []string{"dns.nss_broken", "proxy.dead"}, Build: func(n *Net) {
			n.PC.File("/etc/nsswitch.conf", "hosts: files\n")
			n.Env = proxies("http://" + Router + ":3128")
		}},
		{Name: "double-slow-disk", Story: "The name server is slow, and a disk is full.", Expect: []string{"disk.full", "dns.slow"}, Build: func(n *Net) {
			n.Resolver(Quad9).Answers(n.Late(n.zone(), 600*time.Millisecond))
			n.fullDisk()
		}},
		{Name: "double-gw-search", Story: "The router is off, and names are first looked for in a zone that died.", Expect: []string{"gw.arp_failed"}, Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "search dead.example\nnameserver "+Quad9+"\noptions ndots:4\n")
			n.GW.Down("lan0")
		}},
		{Name: "double-hijack-hosts", Story: "Names that do not exist lead to an advertiser, and a line in the hosts file leads one astray.", Expect: []string{"dns.nxdomain_hijack", "dns.hosts_override"}, Build: func(n *Net) {
			n.Resolver(Quad9).Answers(Lying(n.zone(), "198.51.100.2", true))
			n.PC.File("/etc/hosts", plainFiles["/etc/hosts"]+"10.66.66.66 www.example.com\n")
		}},
	}
}

// hotel answers every web page with its own.
func (n *Net) hotel() {
	n.ServeHTTP(n.GW, Router+":80", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html><body>Welcome! Please sign in to use the network.</body></html>"))
	}))
	n.GW.Drop(Forward)
}

// tlsOnly is systemd-resolved as a careful person sets it up.
func (n *Net) tlsOnly() {
	n.stubConf()
	n.PC.File("/etc/systemd/resolved.conf", "[Resolve]\n#DNSOverTLS=no\nDNSOverTLS=opportunistic\n")
	n.PC.File("/etc/systemd/resolved.conf.d/50-strict.conf", "[Resolve]\nDNSOverTLS=yes\n")
}
