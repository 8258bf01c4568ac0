package lab

import (
	"strings"
	"time"
)

// healthy are PCs with nothing wrong. A program that finds a fault here cries wolf.
func healthy() []World {
	return []World{
		{Name: "healthy", Story: "Everything works."},
		{Name: "healthy-v6", Story: "Everything works, over IPv6 too.", Site: Site{IPv6: true}},
		{Name: "healthy-no-root", Story: "Everything works, and the program has no rights.", User: "nobody"},
		{Name: "healthy-no-ping", Story: "No rights, and the kernel lets no one send echo requests.", User: "nobody", Site: Site{NoPing: true}},
		{Name: "healthy-slow", Story: "A satellite link: 600 ms there and back.", Site: Site{RTT: 600 * time.Millisecond}},
		{Name: "healthy-router-dns", Story: "The router answers names, as at home.", Build: func(n *Net) { n.nameservers(Router) }},
		{Name: "healthy-provider-dns", Story: "The provider's name server; public ones are blocked on the way.", Build: func(n *Net) {
			n.nameservers(ProviderDNS)
			for _, ip := range []string{Quad9, OneOne} {
				n.ISP.Drop(Forward, To(ip), UDP(53))
				n.ISP.Drop(Forward, To(ip), TCP(53))
			}
		}},
		{Name: "healthy-icmp-filtered", Story: "The router ignores echo requests.", Notes: []string{"gw.icmp_filtered"},
			Build: func(n *Net) { n.GW.Drop(Input, Echo) }},
		{Name: "healthy-mute-hops", Story: "Neither the router nor the provider ever sends an ICMP message.", Build: func(n *Net) {
			n.GW.Drop(Output, ICMP)
			n.ISP.Drop(Output, ICMP)
		}},
		{Name: "healthy-no-dns-tcp", Story: "Name servers refuse TCP.", Build: func(n *Net) {
			for _, r := range n.byIP {
				r.StopTCP()
			}
		}},
		{Name: "healthy-anchor-dead", Story: "One of the two public addresses is away.", Build: func(n *Net) {
			n.ISP.Drop(Forward, To(OneOne), TCP(443))
		}},
		{Name: "healthy-anchors-shut", Story: "A network lets nobody reach the two public addresses, and everything else.", Build: func(n *Net) {
			n.nameservers(ProviderDNS)
			for _, ip := range []string{Quad9, OneOne} {
				n.GW.Drop(Forward, To(ip))
			}
		}},
		{Name: "healthy-adblock", Story: "A hosts file sends two thousand advertisers nowhere.", Build: func(n *Net) {
			n.PC.File("/etc/hosts", plainFiles["/etc/hosts"]+strings.Repeat("0.0.0.0 ads.example.net tracker.example.net\n", 2000))
		}},
		{Name: "healthy-proxy", Story: "A company proxy is set, and works.", Build: func(n *Net) {
			n.LAN.Address("br0", LANProxy+"/24")
			n.Proxy(n.LAN, LANProxy+":3128")
			n.Env = proxies("http://" + LANProxy + ":3128")
		}},
		{Name: "healthy-proxy-only", Story: "A company network lets nothing out but through its proxy.", Build: func(n *Net) {
			n.companyProxy()
			n.GW.Drop(Forward)
		}},
		{Name: "healthy-proxy-no-443", Story: "A company network lets names out, and the web through its proxy only.", Build: func(n *Net) {
			n.companyProxy()
			n.ISP.Drop(Forward, TCP(443))
			n.ISP.Drop(Forward, TCP(80))
		}},
	}
}

// companyProxy sets a proxy on the LAN that works, and the company's own name
// server beside it.
func (n *Net) companyProxy() {
	n.LAN.Address("br0", LANProxy+"/24")
	n.Proxy(n.LAN, LANProxy+":3128")
	n.Env = proxies("http://" + LANProxy + ":3128")
	n.nameservers(Router)
}

func proxies(url string) []string {
	return []string{"http_proxy=" + url, "https_proxy=" + url, "no_proxy=localhost,127.0.0.1,192.168.1.0/24"}
}

// unusual are healthy PCs with more on board, or less, than most.
func unusual() []World {
	return []World{
		{Name: "healthy-nic-down", Story: "A second adapter is switched off.", Build: func(n *Net) {
			n.spare()
			n.PC.Down("eth1")
		}},
		{Name: "healthy-nic-unplugged", Story: "A second adapter has no cable.", Build: func(n *Net) {
			n.spare()
			n.LAN.Down("p_eth1")
		}},
		{Name: "healthy-nic-local", Story: "A second adapter leads to a machine on the desk, with no way out.", Build: func(n *Net) {
			n.spare()
			n.PC.Address("eth1", "10.9.9.2/24")
		}},
		{Name: "healthy-nic-apipa", Story: "A second adapter found no one to give it an address.", Build: func(n *Net) {
			n.spare()
			n.PC.Address("eth1", "169.254.7.7/16")
		}},
		{Name: "healthy-two-ways", Story: "Cable and radio lead to the same router.", Build: func(n *Net) {
			cable(n.PC, "eth1", n.LAN, "p_eth1")
			must(n.LAN.nl.LinkSetMaster(n.LAN.link("p_eth1"), n.LAN.link("br0")), "second port")
			n.PC.Address("eth1", "192.168.1.51/24")
			n.PC.Default(Router, "eth1", 600)
		}},
		{Name: "healthy-containers", Story: "A container bridge waits for containers.", Build: func(n *Net) {
			n.PC.Bridge("docker0")
			n.PC.Address("docker0", "172.17.0.1/16")
		}},
		{Name: "healthy-tunnel", Story: "A company tunnel carries the company's addresses only.", Build: func(n *Net) {
			n.pump(n.tun(n.PC, "tun0"), n.tun(n.Far, "peer"), 0)
			n.PC.Up("tun0")
			n.PC.Address("tun0", "10.8.0.2/24")
			n.PC.Route("10.0.0.0/8", "10.8.0.1", "tun0", 0)
		}},
		{Name: "healthy-search", Story: "A company's resolv.conf: search list, options, three servers.", Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "search lan corp.example\nnameserver "+Quad9+"\nnameserver "+OneOne+"\nnameserver "+Router+"\noptions ndots:2 timeout:1\n")
		}},
		{Name: "healthy-v6-dns", Story: "The name server is reached over IPv6 only.", Site: Site{IPv6: true}, Build: func(n *Net) { n.nameservers(Quad9v6) }},
		{Name: "healthy-hosts-own", Story: "The hosts file says what the name server says.", Build: func(n *Net) {
			n.PC.File("/etc/hosts", plainFiles["/etc/hosts"]+WebOne+" www.example.com\n")
		}},
		{Name: "healthy-bare-etc", Story: "A small system without hosts and nsswitch.conf.", Build: func(n *Net) {
			n.PC.Gone("/etc/hosts")
			n.PC.Gone("/etc/nsswitch.conf")
		}},
		{Name: "healthy-stub", Story: "systemd-resolved's address in resolv.conf, and something answers there.", Build: func(n *Net) {
			n.stubConf()
			n.resolver(n.PC, "127.0.0.53", n.zone())
		}},
	}
}

// spare is a second adapter whose cable leads to no one.
func (n *Net) spare() { cable(n.PC, "eth1", n.LAN, "p_eth1") }

// stubConf is /etc as systemd-resolved sets it up: systemd-resolved.service(8).
func (n *Net) stubConf() {
	const head = "# This is /run/systemd/resolve/stub-resolv.conf managed by man:systemd-resolved(8).\n# Do not edit.\n"
	n.PC.File("/run/systemd/resolve/stub-resolv.conf", head+"nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n")
	n.PC.File("/run/systemd/resolve/resolv.conf", "# This is /run/systemd/resolve/resolv.conf managed by man:systemd-resolved(8).\nnameserver "+Router+"\nsearch .\n")
	n.PC.Link("/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf")
}
