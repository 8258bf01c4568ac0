package lab

import (
	"os"
	"strings"

	"github.com/miekg/dns"
)

// resolvConfs: who is asked for names, and by whose word. Files that a person
// reads otherwise than the system does, and name services on the PC itself.
func resolvConfs() []World {
	const set = "dns-set-servers"
	conf := func(content string) func(*Net) {
		return func(n *Net) { n.PC.File("/etc/resolv.conf", content) }
	}
	none := []string{"dns.none_configured"}
	silent := []string{"dns.server_silent"}
	unreadable := []string{"dns.resolvconf_unreadable"}
	private := func(n *Net) {
		n.PC.inside("/etc/resolv.conf", func() error { return os.Chmod("/etc/resolv.conf", 0o600) })
	}
	return []World{
		{Name: "healthy-five-servers", Story: "Five name servers are listed; nobody ever asks the last two, which are dead.", Build: func(n *Net) {
			n.nameservers(Quad9, OneOne, ProviderDNS, "192.168.1.66", "192.168.1.67")
		}},
		{Name: "healthy-conf-odd", Story: "resolv.conf holds words that nobody knows, and a line that is no address.",
			Build: conf("lookup file bind\noptions insecure1 inet7 ndots:x timeout:2\nnameserver dns.example.net\nnameserver " + Quad9 + "\nfamily inet4\n")},
		{Name: "healthy-conf-large", Story: "resolv.conf has grown for years, and still names a server.", Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "nameserver "+Quad9+"\n"+strings.Repeat("# kept for reference: see ticket 4711\n", 100_000))
		}},
		{Name: "healthy-resolved-uplink", Story: "systemd-resolved runs, and programs ask its servers themselves.", Build: func(n *Net) {
			n.PC.File("/run/systemd/resolve/resolv.conf", "# This is /run/systemd/resolve/resolv.conf managed by man:systemd-resolved(8).\nnameserver "+Quad9+"\nsearch .\n")
			n.PC.Link("/etc/resolv.conf", "../run/systemd/resolve/resolv.conf")
		}},
		{Name: "healthy-resolved-foreign", Story: "systemd-resolved runs, and resolv.conf is somebody else's.", Build: func(n *Net) {
			n.PC.File("/run/systemd/resolve/resolv.conf", "nameserver 192.168.1.66\n")
			n.PC.File("/run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.53\n")
			n.nameservers(Quad9)
		}},
		{Name: "healthy-dnsmasq", Story: "dnsmasq on the PC works; one of the servers it knows does not.", Build: func(n *Net) {
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", n.forwarder(n.PC, Quad9))
			n.dnsmasq("192.168.1.66", Quad9)
		}},
		{Name: "healthy-unbound", Story: "unbound on the PC finds its own way from the root.", Build: func(n *Net) {
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", n.zone())
			n.PC.File("/run/unbound.pid", "1\n")
			n.PC.File("/etc/unbound/unbound.conf", "server:\n  interface: 127.0.0.1\nforward-zone:\n  name: \"corp.example.\"\n  forward-addr: 192.168.1.66\n")
		}},
		{Name: "dns-fourth-works", Story: "Three dead name servers, and one that works behind them, where nobody asks.", Expect: silent, Fix: set, Build: func(n *Net) {
			n.nameservers(OneOne, ProviderDNS, "198.51.100.66", Quad9)
			n.ISP.Drop(Forward, To(OneOne))
			n.ISP.Drop(Forward, To("198.51.100.66"))
			n.Resolver(ProviderDNS).Answers(Mute)
		}},
		{Name: "dns-conf-crlf", Story: "resolv.conf was written on Windows: every line ends in a character too many.", Expect: none, Fix: set, Build: conf("# from the office\r\nnameserver " + Quad9 + "\r\n")},
		{Name: "dns-conf-bom", Story: "resolv.conf begins with a mark that no one sees.", Expect: none, Fix: set, Build: conf("\xef\xbb\xbfnameserver " + Quad9 + "\n")},
		{Name: "dns-conf-port", Story: "resolv.conf names the server with its port.", Expect: none, Fix: set, Build: conf("nameserver " + Quad9 + ":53\n")},
		{Name: "dns-conf-names", Story: "resolv.conf gives a name in place of an address.", Expect: none, Fix: set, Build: conf("nameserver dns.example.net\n")},
		{Name: "dns-conf-names-no-root", Story: "The same, and the program has no rights.", Expect: none, User: "nobody", Build: conf("nameserver dns.example.net\n")},
		{Name: "dns-conf-private", Story: "Only the administrator may read resolv.conf; the program is his.", Expect: unreadable, Fix: "resolvconf-readable", Build: private},
		{Name: "dns-conf-private-no-root", Story: "The same, and the program is somebody else's.", Expect: unreadable, User: "nobody", Build: private},
		{Name: "dns-conf-directory", Story: "Somebody made a folder where resolv.conf should be.", Expect: unreadable, Build: func(n *Net) {
			n.PC.Gone("/etc/resolv.conf")
			n.PC.File("/etc/resolv.conf/base", "nameserver "+Quad9+"\n")
		}},
		{Name: "dns-dnsmasq-upstream", Story: "dnsmasq on the PC runs; the provider's name server that it asks hangs.", Expect: silent, Fix: set, Build: func(n *Net) {
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", n.forwarder(n.PC, ProviderDNS))
			n.Resolver(ProviderDNS).Answers(Mute)
			n.dnsmasq(ProviderDNS)
		}},
		{Name: "dns-dnsmasq-memory", Story: "dnsmasq answers what it remembers; the name server behind it hangs.", Expect: silent, Fix: set, Build: func(n *Net) {
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", Remembering(n.zone(), n.forwarder(n.PC, ProviderDNS)))
			n.Resolver(ProviderDNS).Answers(Mute)
			n.dnsmasq(ProviderDNS)
		}},
		{Name: "dns-stub-memory", Story: "systemd-resolved answers what it remembers; the router's name service hangs.", Expect: silent, Build: func(n *Net) {
			n.stubConf()
			n.resolver(n.PC, "127.0.0.53", Remembering(n.zone(), n.forwarder(n.PC, Router)))
			n.Resolver(Router).Answers(Mute)
		}},
		{Name: "healthy-stub-own-way", Story: "The stub asks in a way of its own; the servers that its files name do not answer others.", Build: func(n *Net) {
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", n.forwarder(n.PC, Quad9))
			n.Resolver(ProviderDNS).Answers(Mute)
			n.dnsmasq(ProviderDNS)
		}},
		{Name: "dns-dnsmasq-unknown-upstream", Story: "A name service on the PC runs, and falls silent with the server it asks, whom nobody knows.", Expect: silent, Fix: set, Build: func(n *Net) {
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", n.forwarder(n.PC, ProviderDNS))
			n.Resolver(ProviderDNS).Answers(Mute)
		}},
		{Name: "dns-nm-dnsmasq-upstream", Story: "NetworkManager's dnsmasq says that it failed, since the router it asks is mute.", Expect: silent, Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "# Generated by NetworkManager\nnameserver 127.0.0.1\n")
			n.PC.File("/run/NetworkManager/dnsmasq.pid", "1\n")
			n.PC.File("/run/NetworkManager/no-stub-resolv.conf", "# Generated by NetworkManager\nnameserver "+Router+"\n")
			n.resolver(n.PC, "127.0.0.1", Refusing(dns.RcodeServerFailure))
			n.Resolver(Router).Answers(Mute)
		}},
		{Name: "dns-unbound-upstream", Story: "unbound on the PC says that it failed, since nobody serves names where it asks.", Expect: []string{"dns.server_closed"}, Fix: set, Build: func(n *Net) {
			n.nameservers("127.0.0.1")
			n.PC.File("/run/unbound.pid", "1\n")
			n.PC.File("/etc/unbound/unbound.conf.d/forward.conf", "forward-zone:\n  name: \".\"\n  forward-addr: "+ProviderDNS+"@53\n")
			n.resolver(n.PC, "127.0.0.1", Refusing(dns.RcodeServerFailure))
			n.Resolver(ProviderDNS).Stop()
		}},
		{Name: "dns-dnsmasq-down", Story: "dnsmasq on the PC is set up, and does not run.", Expect: []string{"dns.stub_down"}, Fix: set, Build: func(n *Net) {
			n.nameservers("127.0.0.1")
			n.PC.File("/etc/dnsmasq.conf", "no-resolv\nserver="+Quad9+"\n")
		}},
	}
}

// dnsmasq leaves on the PC what Debian's dnsmasq does when it runs.
func (n *Net) dnsmasq(servers ...string) {
	n.PC.File("/run/dnsmasq/dnsmasq.pid", "1\n")
	content := "# Generated by resolvconf\n"
	for _, s := range servers {
		content += "nameserver " + s + "\n"
	}
	n.PC.File("/run/dnsmasq/resolv.conf", content)
}
